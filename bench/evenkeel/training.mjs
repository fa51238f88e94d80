/**
 * A process of its own that trains LeNet-5 from an image directory by one phase, as bench/pytorch/training.py does with PyTorch:
 *
 * node bench/evenkeel/training.mjs SPEC prints a line of JSON: the `seconds` of the phase. With `trainable: 'head'` the phase
 * trains on features, which are computed before, in `featureSeconds`. `examples` is how many images there are, by default all.
 */
import { openDataset } from '../../dist/data/index.js'
import { headTuning, phase } from '../../dist/methods/index.js'
import { modelById, parametersOf } from '../../dist/nn/index.js'
import { createEvaluator, trainPhase } from '../../dist/train/index.js'
import { startValues } from '../problem.mjs'

const spec = JSON.parse(process.argv[2])
const { iterations, batch, momentum, weightDecay, trainable = 'all' } = spec
const dataset = await openDataset(`mnist:${spec.directory}`)
const indices = Uint32Array.from({ length: spec.examples ?? dataset.officialTestStart }, (_, i) => i)
const examples = { role: 'train', dataset, indices }
const network = modelById(spec.model).build({ input: spec.input, classes: spec.classes, maxPixel: dataset.maxPixel })
const start = startValues(parametersOf(network))

const [features, featureSeconds] =
  trainable === 'head' ? await timed(() => createEvaluator(network).features(start, examples, { keep: true })) : []
const [, seconds] = await timed(() =>
  trainPhase({
    network,
    phase: trainable === 'head' ? headTuning() : phase(),
    training: {
      iterations,
      batch,
      schedule: { kind: 'inv', base: spec.learningRate, gamma: 1e-4, power: 0.75 },
      optimiser: { kind: 'sgd', momentum, weightDecay, nesterov: false, convention: 'caffe' },
    },
    examples,
    start,
    ...(features && { features }),
    seed: [2018],
  }),
)
console.log(JSON.stringify({ featureSeconds, trainings: [{ name: 'baseline', seconds }] }))

async function timed(work) {
  const since = performance.now()
  const result = await work()
  return [result, (performance.now() - since) / 1000]
}
