import { describe, expect, it } from 'vitest'
import { digits, type Examples } from '../data/index.ts'
import { initialise, lenet5, parametersOf } from '../nn/index.ts'
import { createEvaluator } from './evaluation.ts'

const dataset = await digits()
const network = lenet5({ input: [1, 8, 8], classes: 10 })
const parameters = initialise(parametersOf(network), { kind: 'he' }, ['evaluation test'])
const evaluator = createEvaluator(network)

const examples = (indices: number[]): Examples<'test'> => ({
  role: 'test',
  dataset,
  indices: Uint32Array.from(indices),
})
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe('an evaluator', () => {
  it.each([1, 99, 100, 101, 250])('gives %i examples together what each gets alone', async (count) => {
    const indices = range(40, 40 + count)
    const features = await evaluator.features(parameters, examples(indices))
    const probabilities = await evaluator.probabilities(parameters, features)
    expect([features.length, probabilities.length]).toEqual([count * network.featureCount, count * 10])
    for (const row of new Set([0, count >> 1, count - 1])) {
      const alone = await evaluator.features(parameters, examples([indices[row]!]))
      expect(features.slice(row * network.featureCount, (row + 1) * network.featureCount)).toEqual(alone)
      expect(probabilities.slice(row * 10, row * 10 + 10)).toEqual(await evaluator.probabilities(parameters, alone))
    }
  })

  it('gives no examples no rows', async () => {
    expect(await evaluator.features(parameters, examples([]))).toHaveLength(0)
    expect(await evaluator.probabilities(parameters, new Float32Array(0))).toHaveLength(0)
  })

  it('gives rows that are distributions, and others for other parameters', async () => {
    const some = examples(range(0, 120))
    const of = async (values: typeof parameters) =>
      evaluator.probabilities(values, await evaluator.features(values, some))
    const probabilities = await of(parameters)
    for (let row = 0; row < 120; row++) {
      const total = probabilities.subarray(row * 10, row * 10 + 10).reduce((sum, p) => sum + p, 0)
      expect(total).toBeCloseTo(1, 5)
    }
    expect(await of(initialise(parametersOf(network), { kind: 'he' }, ['another']))).not.toEqual(probabilities)
  })
})
