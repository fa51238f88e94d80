import fc from 'fast-check'
import { InferenceSession, Tensor as Numbers } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  add,
  broadcastTo,
  constant,
  divide,
  dump,
  type FloatTensor,
  gradients,
  input,
  multiply,
  negate,
  relu,
  reshape,
  scalar,
  size,
  softmaxCrossEntropy,
  subtract,
  sum,
  toOnnx,
  transpose,
} from '../index.ts'
import { optimise } from './optimise.ts'
import type { Graph } from './rewrite.ts'

/** What random graphs start from: inputs whose shapes broadcast to one another, and constants. */
const inputs = [[2, 3], [3], [2, 1], []].map((shape, i) => input(`x${i}`, 'float32', shape))
const leaves = [...inputs, constant([2, 1], Float32Array.of(1, 1)), ...[0, -0, 1, 3, 0.1].map(scalar)]

/** Each takes two tensors; where it does not take their shapes, the step is left out. */
const operations: readonly ((a: FloatTensor, b: FloatTensor) => FloatTensor)[] = [
  add,
  subtract,
  multiply,
  divide,
  negate,
  relu,
  (a) => sum(a),
  (a) => sum(a, [0]),
  (a) => reshape(a, [size(a.shape), 1]),
  (a) => reshape(a, [2, 3]),
  (a) => transpose(a, [1, 0]),
  (a) => transpose(a, [1, 2, 0]),
  (a) => broadcastTo(a, [2, 2, 3]),
]

const index = fc.nat({ max: 1e6 })
const steps = fc.array(fc.record({ operation: index, a: index, b: index }), { minLength: 1, maxLength: 16 })

/** A graph of these steps, each on tensors before it; their results are the outputs, and one leaf, so that there is one. */
function build(chosen: readonly { operation: number; a: number; b: number }[]): Graph {
  const tensors: FloatTensor[] = [...leaves]
  const at = (i: number) => tensors[tensors.length - 1 - (i % tensors.length)]!
  for (const { operation, a, b } of chosen) {
    try {
      tensors.push(operations[operation % operations.length]!(at(a), at(b)))
    } catch {
      // Shapes that do not fit.
    }
  }
  return Object.fromEntries(tensors.slice(leaves.length - 1).map((tensor, i) => [`result${i}`, tensor]))
}

/** The outputs of each graph, from one session of a runtime that optimises nothing itself. */
async function run(graphs: readonly Graph[], data: readonly number[]): Promise<Record<string, number[]>[]> {
  const outputs = graphs.flatMap((graph, i) =>
    Object.entries(graph).map(([name, node]) => [`${i}/${name}`, node] as const),
  )
  const session = await InferenceSession.create(toOnnx(Object.fromEntries(outputs)), {
    graphOptimizationLevel: 'disabled',
  })
  const feeds: Record<string, Numbers> = {}
  for (const [i, { shape }] of inputs.entries()) {
    if (!session.inputNames.includes(`x${i}`)) continue
    feeds[`x${i}`] = new Numbers('float32', Float32Array.from(data.slice(i, i + size(shape))), shape)
  }
  const results = await session.run(feeds)
  await session.release()
  return graphs.map((graph, i) =>
    Object.fromEntries(Object.keys(graph).map((name) => [name, [...(results[`${i}/${name}`]!.data as Float32Array)]])),
  )
}

describe('optimise', () => {
  it('leaves of the gradient of softmax cross-entropy what depends on the batch', () => {
    const [logits, targets] = [input('logits', 'float32', [8, 3]), input('targets', 'float32', [8, 3])]
    const [gradient] = gradients(softmaxCrossEntropy(logits, targets), [logits])
    expect(dump(optimise({ gradient: gradient! }))).toMatchInlineSnapshot(`
      "%0 = constant() {data: [-0.125]} : float32[]
      %1 = input() {name: targets} : float32[8, 3]
      %2 = multiply(%0, %1) : float32[8, 3]
      %3 = input() {name: logits} : float32[8, 3]
      %4 = logSoftmax(%3) : float32[8, 3]
      %5 = softmax(%4) : float32[8, 3]
      %6 = sum(%2) {axes: [1]} : float32[8, 1]
      %7 = multiply(%5, %6) : float32[8, 3]
      %8 = subtract(%2, %7) : float32[8, 3]
      return gradient = %8
      "
    `)
  })

  it('keeps every bit of every result, and finds nothing more to do afterwards', async () => {
    const number = fc.oneof(fc.constantFrom(0, -0), fc.float({ min: -4, max: 4, noNaN: true }))
    const numbers = fc.array(number, { minLength: 9, maxLength: 9 })
    await fc.assert(
      fc.asyncProperty(steps, numbers, async (chosen, data) => {
        const graph = build(chosen)
        const optimised = optimise(graph)
        const [before, after] = await run([graph, optimised], data)
        expect(after).toEqual(before)
        for (const [name, tensor] of Object.entries(optimise(optimised))) expect(tensor).toBe(optimised[name])
      }),
      { numRuns: 200, seed: 2018 },
    )
  })
})
