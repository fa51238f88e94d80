import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compile, constant, floats, gradients, input, labelSmoothing, softmaxCrossEntropy } from '../index.ts'

const reference = new URL('../../../../shared/reference/losses.json', import.meta.url)

interface ReferenceCase {
  readonly loss: string
  readonly labels: readonly number[]
  readonly logits: readonly (readonly number[])[]
  readonly value: number
  readonly gradLogits: readonly (readonly number[])[]
}

/** Softmax cross-entropy of hard labels, and its gradient for the logits. */
async function crossEntropy(rows: readonly (readonly number[])[], labels: readonly number[]) {
  const shape = [rows.length, rows[0]!.length]
  const [logits, targets] = [input('logits', 'float32', shape), input('targets', 'float32', shape)]
  const loss = softmaxCrossEntropy(logits, targets)
  const program = await compile({ loss, gradient: gradients(loss, [logits])[0]! })
  const oneHot = rows.flatMap((row, i) => row.map((_, c) => (c === labels[i] ? 1 : 0)))
  const got = await program.run({
    logits: floats(shape, Float32Array.from(rows.flat())),
    targets: floats(shape, Float32Array.from(oneHot)),
  })
  await program.dispose()
  return { loss: Number(got.loss!.data[0]), gradient: Array.from(got.gradient!.data as Float32Array) }
}

describe('softmax cross-entropy', () => {
  it('of equal logits is ln C, and its gradient (p - t) / N', async () => {
    const { loss, gradient } = await crossEntropy([[3, 3, 3, 3], [0, 0, 0, 0]], [1, 2]) // biome-ignore format: rows
    expect(loss).toBeCloseTo(Math.log(4), 6)
    expect(gradient).toEqual([0.125, -0.375, 0.125, 0.125, 0.125, 0.125, -0.375, 0.125])
  })

  it('stays finite and exact for logits of +-1e4', async () => {
    const { loss, gradient } = await crossEntropy([[1e4, -1e4, 0], [1e4, -1e4, 0], [-1e4, -1e4, -1e4]], [1, 0, 2]) // biome-ignore format: rows
    expect(loss).toBeCloseTo((2e4 + 0 + Math.log(3)) / 3, 2)
    const expected = [1, -1, 0, 0, 0, 0, 1 / 3, 1 / 3, -2 / 3].map((g) => g / 3)
    for (const [i, g] of gradient.entries()) expect(g).toBeCloseTo(expected[i]!, 6)
  })

  it.skipIf(!existsSync(reference))('is that of PyTorch, with its gradient (shared reference data)', async () => {
    const suite = JSON.parse(readFileSync(reference, 'utf8')) as { cases: ReferenceCase[] }
    const cases = suite.cases.filter((entry) => entry.loss === 'crossEntropy')
    expect(cases.length).toBeGreaterThan(0)
    for (const { labels, logits, value, gradLogits } of cases) {
      const { loss, gradient } = await crossEntropy(logits, labels)
      expect(Math.abs(loss - value) / value).toBeLessThan(1e-6)
      const exact = gradLogits.flat()
      // Relative to the largest entry: the logits themselves were rounded to float32, which an entry near 0 feels.
      const largest = Math.max(...exact.map(Math.abs))
      for (const [i, g] of gradient.entries()) expect(Math.abs(g - exact[i]!) / largest).toBeLessThan(1e-6)
    }
  })
})

describe('label smoothing', () => {
  it('spreads a share evenly over the classes', async () => {
    const program = await compile({ smooth: labelSmoothing(constant([1, 4], Float32Array.of(0, 1, 0, 0)), 0.2) })
    const { smooth } = await program.run({})
    await program.dispose()
    expect([...(smooth!.data as Float32Array)]).toEqual([0.05, 0.85, 0.05, 0.05].map((p) => expect.closeTo(p, 6)))
  })

  it('gives the cross-entropy that PyTorch gives for label_smoothing', async () => {
    const logits = constant([2, 3], Float32Array.of(1, 2, 0.5, 0, -1, 3))
    const targets = constant([2, 3], Float32Array.of(0, 1, 0, 0, 0, 1))
    const program = await compile({ loss: softmaxCrossEntropy(logits, labelSmoothing(targets, 0.1)) })
    const { loss } = await program.run({})
    await program.dispose()
    // torch 1.13.1, torch.nn.functional.cross_entropy(logits, [1, 2], label_smoothing=0.1)
    expect(loss!.data[0]).toBeCloseTo(0.42345971, 6)
  })

  it('refuses a share of 1 and more', () => {
    const targets = input('targets', 'float32', [2, 3])
    const message = "labelSmoothing's epsilon must be in [0, 1), got 1"
    expect(() => labelSmoothing(targets, 1)).toThrow(expect.objectContaining({ code: 'engine.option', message }))
  })
})
