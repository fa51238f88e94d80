import { afterEach, describe, expect, it, vi } from 'vitest'
import { arrays, type Dataset, digits, type Examples } from '../data/index.ts'
import { phase } from '../methods/index.ts'
import { initialise, layers, lenet5, type Network, network, parametersOf } from '../nn/index.ts'
import { createEvaluator, featuresFit } from './evaluation.ts'
import { watchSessions } from './fixtures/sessions.ts'
import { trainPhase } from './phase.ts'

const dataset = await digits()
const net = lenet5({ input: [1, 8, 8], classes: 10 })
const drawn = (of: Network, seed: string) => initialise(parametersOf(of), { kind: 'he' }, [seed])
const parameters = drawn(net, 'evaluation test')
const evaluator = createEvaluator(net)
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i)
const examples = (indices: Uint32Array, of: Dataset = dataset): Examples<'train'> => ({
  role: 'train',
  dataset: of,
  indices,
})
const probabilitiesOf = async (values: typeof parameters, some: Examples<'train'>) =>
  evaluator.probabilities(values, await evaluator.features(values, some))

afterEach(() => vi.restoreAllMocks())

describe('an evaluator', () => {
  it.each([1, 63, 64, 65, 150])('gives %i examples together what each gets alone', async (count) => {
    const some = examples(range(40, 40 + count))
    const features = await evaluator.features(parameters, some)
    const { data, shape } = await features.batch(some.indices, 0)
    const probabilities = await evaluator.probabilities(parameters, features)
    expect([shape, probabilities.length]).toEqual([[count, net.featureCount], count * 10])
    for (const row of new Set([0, count >> 1, count - 1])) {
      const one = examples(some.indices.subarray(row, row + 1))
      const alone = await (await evaluator.features(parameters, one)).batch(one.indices, 0)
      // Sums of a run of one are made in another order.
      const together = data.slice(row * net.featureCount, (row + 1) * net.featureCount)
      for (const [k, feature] of together.entries()) expect(feature).toBeCloseTo(Number(alone.data[k]), 5)
      expect(probabilities.slice(row * 10, row * 10 + 10)).toEqual(await probabilitiesOf(parameters, one))
    }
  })

  it.each([false, true])('gives no examples no rows (kept: %s)', async (keep) => {
    const features = await evaluator.features(parameters, examples(range(0, 0)), { keep })
    expect(await evaluator.probabilities(parameters, features)).toHaveLength(0)
  })

  it('gives rows that are distributions, and others for other parameters', async () => {
    const some = examples(range(0, 120))
    const probabilities = await probabilitiesOf(parameters, some)
    for (let row = 0; row < 120; row++) {
      const total = probabilities.subarray(row * 10, row * 10 + 10).reduce((sum, p) => sum + p, 0)
      expect(total).toBeCloseTo(1, 5)
    }
    expect(await probabilitiesOf(drawn(net, 'another'), some)).not.toEqual(probabilities)
    expect(await probabilitiesOf(parameters, some)).toEqual(probabilities)
  })

  it.each([
    [16, [16]],
    [64, [64]],
    [80, [40, 40]],
    [129, [43, 43, 43]],
    [65, [33, 33]],
  ])(
    'runs the body on no more than the %i images of a batch, 64 at a time, and frees each program',
    async (count, runs) => {
      const own = createEvaluator(net)
      const all = range(0, 150)
      const sessions = watchSessions()
      const features = await own.features(parameters, examples(all))
      await own.probabilities(parameters, features)
      const before = sessions.feeds().length
      await features.batch(all.subarray(0, count), 0)
      const batches = sessions.feeds().slice(before)
      expect(batches.map(({ pixels }) => pixels!.dims[0])).toEqual(runs)
      await own.dispose()
      expect(sessions.freed()).toEqual(sessions.made())
    },
  )

  it('takes smaller batches where results are large', async () => {
    const { conv2d, dense, flatten, maxPool, sequential } = layers
    const body = sequential(conv2d('conv', { filters: 64, kernel: 1 }), maxPool(32), flatten)
    const wide = network('wide', body, dense('dense', 2), { input: [1, 64, 64], classes: 2, pixelDivisor: 255 })
    const pixels = Uint8Array.from({ length: 50 * 64 * 64 }, (_, i) => (i * 7919) >> 4)
    const images = arrays({ pixels, labels: Array.from({ length: 50 }, (_, i) => i % 2), shape: [1, 64, 64] })
    const values = drawn(wide, 'wide')
    const of = createEvaluator(wide)
    const probabilities = async (indices: Uint32Array) =>
      of.probabilities(values, await of.features(values, examples(indices, images)))
    // A result takes 1 MiB an image, so 32 are a batch.
    expect((await probabilities(range(0, 50))).slice(62, 68)).toEqual(await probabilities(range(31, 34)))
    await of.dispose()
  })
})

describe('kept features', () => {
  const some = examples(range(10, 200))

  it('give what is computed on demand gives', async () => {
    const [kept, computed] = [true, false].map((keep) => evaluator.features(parameters, some, { keep }))
    expect(await evaluator.probabilities(parameters, await kept!)).toEqual(
      await evaluator.probabilities(parameters, await computed!),
    )
  })

  it('take at most 256 MiB', () => {
    const most = (256 * 2 ** 20) / (4 * net.featureCount)
    expect([featuresFit(net, Math.floor(most)), featuresFit(net, Math.floor(most) + 1)]).toEqual([true, false])
  })

  it('train a head to the same numbers', async () => {
    const train = async (keep: boolean) => {
      const { tensors } = await trainPhase({
        network: net,
        phase: phase({ trainable: 'head' }),
        training: {
          iterations: 6,
          batch: 16,
          schedule: { kind: 'constant', base: 0.05, warmUp: 0 },
          optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4, nesterov: false, convention: 'caffe' },
        },
        examples: some,
        start: parameters,
        features: await evaluator.features(parameters, some, { keep }),
        seed: ['kept features'],
      })
      return tensors
    }
    const [kept, computed] = [await train(true), await train(false)]
    for (const { name } of net.headParameters) {
      for (const [i, weight] of kept[name]!.entries()) expect(weight).toBeCloseTo(computed[name]![i]!, 5)
    }
  })
})
