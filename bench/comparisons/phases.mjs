/** A phase that trains the head alone, on cached features, against one of the same length that trains the whole network. */
import { arrays } from '../../dist/data/index.js'
import { headTuning, phase } from '../../dist/methods/index.js'
import { lenet5, parametersOf } from '../../dist/nn/index.js'
import { createEvaluator, trainPhase } from '../../dist/train/index.js'
import { seconds, takeTurns } from '../measure.mjs'
import { BATCH, boxes, LEARNING_RATE, MOMENTUM, startingWeights, WEIGHT_DECAY } from '../problem.mjs'

/** @returns {Promise<import('../measure.mjs').Comparison[]>} */
export async function phases({ quick }) {
  const [rounds, iterations] = quick ? [3, 100] : [5, 300]
  const images = 10 * iterations
  const network = lenet5({ input: [1, 28, 28], classes: 10 })
  const start = startingWeights(parametersOf(network))
  const dataset = arrays({ shape: [1, 28, 28], ...boxes(images) })
  const examples = { role: 'train', dataset, indices: Uint32Array.from(dataset.labels, (_, i) => i) }
  const training = {
    iterations,
    batch: BATCH,
    schedule: { kind: 'constant', base: LEARNING_RATE },
    optimiser: { momentum: MOMENTUM, weightDecay: WEIGHT_DECAY, nesterov: false, convention: 'caffe' },
  }
  const evaluator = createEvaluator(network)
  let features = await evaluator.features(start, examples)
  const train = (which) => trainPhase({ network, phase: which, training, examples, start, features, seed: [1] })

  const sides = await takeTurns(rounds, {
    'head alone': async () => [await seconds(() => train(headTuning()))],
    'head alone and its features': async () => [
      await seconds(async () => {
        features = await evaluator.features(start, examples)
        await train(headTuning())
      }),
    ],
    'whole network': async () => [await seconds(() => train(phase()))],
  })
  const [alone, withFeatures, whole] = sides
  const title = `phase of ${iterations} steps`
  return [
    { title, unit: 's', better: 'lower', sides: [alone, whole] },
    { title: `${title}, ${images} images`, unit: 's', better: 'lower', sides: [withFeatures, whole] },
  ]
}
