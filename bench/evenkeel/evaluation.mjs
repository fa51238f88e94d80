/**
 * A process of its own that times evaluation as a study runs it, with the gathering of the images, as
 * bench/pytorch/evaluation.py times PyTorch's:
 *
 * node bench/evenkeel/evaluation.mjs SPEC prints a line of JSON: `probabilities` of the first ten images under the start
 * values, and the time in ms of each of `evaluations` runs over the first `images` test images.
 */
import { openDataset } from '../../dist/data/index.js'
import { modelById, parametersOf } from '../../dist/nn/index.js'
import { createEvaluator } from '../../dist/train/index.js'
import { startValues } from '../problem.mjs'

const spec = JSON.parse(process.argv[2])
const dataset = await openDataset(`mnist:${spec.directory}`)
const indices = Uint32Array.from({ length: spec.images }, (_, i) => dataset.officialTestStart + i)
const examples = { role: 'test', dataset, indices }
const network = modelById(spec.model).build({ input: spec.input, classes: spec.classes, maxPixel: dataset.maxPixel })
const start = startValues(parametersOf(network))
const evaluator = createEvaluator(network)

/** Each run meets new parameters, as each trained network has its own. */
async function run() {
  const parameters = { ...start }
  return evaluator.probabilities(parameters, await evaluator.features(parameters, examples))
}

const probabilities = await run()
const times = []
for (let i = 0; i < spec.evaluations; i++) {
  const since = performance.now()
  await run()
  times.push(performance.now() - since)
}
console.log(JSON.stringify({ probabilities: [...probabilities.subarray(0, 10 * spec.classes)], times }))
