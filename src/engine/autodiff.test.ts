import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGradients } from './gradient-check.ts'
import {
  add,
  broadcastTo,
  compile,
  conv2d,
  dense,
  divide,
  exp,
  type FloatTensor,
  flatten,
  floats,
  gradients,
  input,
  log,
  logSoftmax,
  matmul,
  maxPool2d,
  mean,
  multiply,
  negate,
  relu,
  reshape,
  sign,
  softmax,
  softmaxCrossEntropy,
  sqrt,
  subtract,
  sum,
  transpose,
} from './index.ts'
import { conv2dInputGradient, conv2dWeightGradient } from './ops/conv.ts'
import { resultLength } from './ops/windows.ts'

const positive = { draw: (u: number) => 0.5 + u, step: 0.01 }
const seeds = fc.integer({ min: 0, max: 1e6 })
const runs = (numRuns: number) => ({ numRuns, seed: 20181013 })

describe('gradients agree with finite differences', () => {
  const binaries = { add, subtract, multiply, divide }
  it.each(Object.entries(binaries))('%s, with every kind of broadcast', async (_, op) => {
    const pairs = [
      [
        [3, 4],
        [3, 4],
      ],
      [[3, 4], [4]],
      [
        [2, 1, 3],
        [4, 1],
      ],
      [[1], [2, 3]],
      [[], [2, 2]],
    ] as const
    for (const [seed, [a, b]] of pairs.entries()) {
      await checkGradients([a, b], (x, y) => op(x, y), { ...positive, seed })
    }
  })

  const unaries = { negate, exp, log, sqrt, softmax, logSoftmax }
  it.each(Object.entries(unaries))('%s', (_, op) => checkGradients([[5, 4]], (x) => op(x), positive))

  it('relu, away from its corner', () =>
    checkGradients([[6, 7]], (x) => relu(x), { draw: (u) => (u < 0.5 ? -0.2 - u : u), step: 0.01 }))

  it('relu gives no gradient at 0', async () => {
    const x = input('x', 'float32', [3])
    const program = await compile({ dx: gradients(sum(relu(x)), [x])[0]! })
    const { dx } = await program.run({ x: floats([3], Float32Array.of(-1, 0, 2)) })
    expect([...(dx!.data as Float32Array)]).toEqual([0, 0, 1])
  })

  it('sign is flat', () => checkGradients([[3]], (x) => add(sign(x), x), { draw: (u) => (u < 0.5 ? -1 - u : 1 + u) }))

  it('sum and mean over any axes', async () => {
    const axesLists = [undefined, [0], [1], [0, 2], [0, 1, 2]]
    for (const axes of axesLists) {
      await checkGradients([[2, 3, 4]], (x) => sum(x, axes))
      await checkGradients([[2, 3, 4]], (x) => mean(x, axes))
      await checkGradients([[2, 3, 4]], (x) => sum(x, axes, false))
    }
  })

  it('reshape, flatten, transpose and broadcast', async () => {
    await checkGradients([[2, 6]], (x) => reshape(x, [3, 4]))
    await checkGradients([[2, 3, 2, 2]], (x) => flatten(x))
    await checkGradients([[2, 3, 4]], (x) => transpose(x, [2, 0, 1]))
    await checkGradients([[3, 1]], (x) => broadcastTo(x, [2, 3, 4]))
  })

  it('matmul with each operand transposed or not', async () => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const shapes = [transposeA ? [4, 3] : [3, 4], transposeB ? [5, 4] : [4, 5]]
        await checkGradients(shapes, (a, b) => matmul(a, b, { transposeA, transposeB }))
      }
    }
  })

  it('dense', () => checkGradients([[4, 6], [3, 6], [3]], (x, w, b) => dense(x, w, b)))

  const geometry = fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    channels: fc.integer({ min: 1, max: 3 }),
    filters: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 3, max: 9 }),
    width: fc.integer({ min: 3, max: 9 }),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    pad: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
    seed: seeds,
  })

  it('conv2d over random shapes, strides and pads', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ batch, channels, filters, height, width, kernel, stride, pad, seed }) => {
        const shapes = [[batch, channels, height, width], [filters, channels, ...kernel], [filters]]
        await checkGradients(shapes, (x, w, b) => conv2d(x, w, b, { stride, pad }), { seed })
      }),
      runs(40),
    )
  })

  it('the adjoints of conv2d, and so its second derivatives', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ batch, channels, filters, height, width, kernel, stride, pad, seed }) => {
        const out = [
          resultLength(height, kernel[0], stride[0], pad[0]),
          resultLength(width, kernel[1], stride[1], pad[1]),
        ]
        const dy = [batch, filters, ...out]
        const weights = [filters, channels, ...kernel]
        const x = [batch, channels, height, width]
        await checkGradients(
          [dy, weights],
          (g, w) => conv2dInputGradient(g, w, { stride, pad, input: [height, width] }),
          {
            seed,
          },
        )
        await checkGradients([x, dy], (a, g) => conv2dWeightGradient(a, g, { stride, pad, kernel }), { seed })
      }),
      runs(15),
    )
  })

  it('max-pool over random windows, apart and overlapping', async () => {
    await fc.assert(
      fc.asyncProperty(geometry, async ({ batch, channels, height, width, kernel, stride, seed }) => {
        // Distinct values, further apart than the step moves them: no window changes its maximum.
        let next = 0
        const draw = () => ((next++ * 7919) % 10007) * 0.01
        await checkGradients([[batch, channels, height, width]], (x) => maxPool2d(x, { kernel, stride }), {
          seed,
          draw,
          step: 0.004,
          tolerance: 2e-2,
        })
      }),
      runs(25),
    )
  })

  it('softmax cross-entropy with soft targets and weights', () =>
    checkGradients([[4, 3], [4, 3], [4]], (logits, targets, weights) => softmaxCrossEntropy(logits, targets, weights)))
})

describe('max-pool ties', () => {
  const gradientOf = async (values: number[], stride: [number, number]) => {
    const x = input('x', 'float32', [1, 1, 4, 4])
    const pooled = maxPool2d(x, { kernel: [2, 2], stride })
    const program = await compile({ dx: gradients(sum(pooled), [x])[0]! })
    const { dx } = await program.run({ x: floats([1, 1, 4, 4], Float32Array.from(values)) })
    return [...(dx!.data as Float32Array)]
  }
  const flat = Array.from({ length: 16 }, () => 0)

  it('give the gradient to the first maximum of each window', async () => {
    expect(await gradientOf(flat, [2, 2])).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0])
  })

  it('add up where windows overlap', async () => {
    const one = flat.map((_, i) => (i === 5 ? 1 : 0))
    const gradient = await gradientOf(one, [1, 1])
    expect(gradient[5]).toBe(4)
    expect(gradient.reduce((a, b) => a + b)).toBe(9)
  })

  it('hold in random fields of few distinct values, against a plain loop', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 16, maxLength: 16 }), async (values) => {
        const expected = flat.slice()
        for (const top of [0, 2]) {
          for (const left of [0, 2]) {
            const window = [0, 1, 4, 5].map((offset) => top * 4 + left + offset)
            const largest = Math.max(...window.map((i) => values[i]!))
            expected[window.find((i) => values[i] === largest)!]! += 1
          }
        }
        expect(await gradientOf(values, [2, 2])).toEqual(expected)
      }),
      runs(20),
    )
  })
})

describe('mistakes', () => {
  it('a loss that is no scalar', () => {
    const x = input('x', 'float32', [2])
    expect(() => gradients(x, [x])).toThrow('gradients need a scalar loss, got float32[2]')
  })

  it('a tensor that the loss does not depend on', () => {
    const x = input('x', 'float32', [2])
    const other = input('other', 'float32', [3])
    expect(() => gradients(sum(x), [other])).toThrow('the loss does not depend on input float32[3]')
  })

  it('a derivative that does not exist', () => {
    const x = input('x', 'float32', [1, 1, 4, 4])
    const [dx] = gradients(sum(maxPool2d(x, { kernel: [2, 2] })), [x]) as [FloatTensor]
    expect(() => gradients(sum(dx), [x])).toThrow('maxPool2dGradient has no derivative')
  })
})
