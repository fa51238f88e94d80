/**
 * What a LeNet-5 training costs outside the tensor runtime: node bench/evenkeel/overhead.mjs [--mnist DIR] [--iterations N] loads 50,000
 * training images of MNIST's size, trains, evaluates 10,000, and prints one line of JSON, in seconds: `wall` since the process
 * started, `inside` of `session.run` (its share of the wall is what a faster graph can win), and the parts of the wall.
 */
import { parseArgs } from 'node:util'
import { InferenceSession } from 'onnxruntime-node'
import { imbalance, openDataset, split } from '../../dist/data/index.js'
import { phase } from '../../dist/methods/index.js'
import { initialise, modelById, parametersOf } from '../../dist/nn/index.js'
import { resolveConfig } from '../../dist/study/index.js'
import { createEvaluator, trainPhase } from '../../dist/train/index.js'
import { withImages } from './images.mjs'

const { values: options } = parseArgs({ options: { mnist: { type: 'string' }, iterations: { type: 'string' } } })
const { training, model, initialiser } = resolveConfig({ training: { iterations: Number(options.iterations ?? 1000) } })
let inside = 0
countRuns()
console.log(JSON.stringify(await withImages(options.mnist, measure)))

async function measure(images) {
  const parts = {}
  // Images that had to be made first are no part of a training.
  let since = options.mnist ? 0 : performance.now()
  const began = since
  const part = (name) => {
    parts[name] = (performance.now() - since) / 1000
    since = performance.now()
  }
  part('start')
  const dataset = await openDataset(`mnist:${images}`)
  part('loading')
  const seed = ['overhead']
  const roles = split(dataset, { test: 'official', poolPerClass: 5000 }, seed)
  const { examples } = imbalance(roles.train, { kind: 'natural' }, { minority: 'random', seed })
  const { shape, classNames, maxPixel } = dataset
  const network = modelById(model).build({ input: shape, classes: classNames.length, maxPixel })
  const start = initialise(parametersOf(network), initialiser, seed)
  part('preparation')
  const { tensors } = await trainPhase({ network, phase: phase(), training, examples, start, seed })
  part('training')
  const evaluator = createEvaluator(network)
  await evaluator.probabilities(tensors, await evaluator.features(tensors, roles.test))
  part('evaluation')
  const wall = (performance.now() - began) / 1000
  return { wall, inside, outsideShare: 1 - inside / wall, parts }
}

/** Adds up the time of every `session.run`, which blocks this thread from its call to its promise. */
function countRuns() {
  const { run } = InferenceSession.prototype
  InferenceSession.prototype.run = async function counted(...feeds) {
    const since = performance.now()
    try {
      return await run.apply(this, feeds)
    } finally {
      inside += (performance.now() - since) / 1000
    }
  }
}
