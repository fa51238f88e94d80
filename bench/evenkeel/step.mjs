/**
 * A process of its own that times evenkeel's training step as `trainPhase` compiles and feeds it, as bench/pytorch/step.py times
 * PyTorch's. Batches are made before; masks of dropout are drawn in the step, as PyTorch's are.
 *
 * node bench/evenkeel/step.mjs SPEC, with the JSON of bench/problem.mjs, prints a line of JSON: `losses` of the first `checked`
 * steps with masks that keep everything, and the time in ms of each of the `steps` after `warmUp`.
 */
import { openDataset } from '../../dist/data/index.js'
import { value } from '../../dist/engine/index.js'
import { crossEntropy } from '../../dist/methods/index.js'
import { modelById, parametersOf, sgd } from '../../dist/nn/index.js'
import { oneHot } from '../../dist/train/feed.js'
import { maskFeed } from '../../dist/train/masks.js'
import { compileStep } from '../../dist/train/stepper.js'
import { noise, startValues } from '../problem.mjs'

const spec = JSON.parse(process.argv[2])
const { input, classes, batch, batches, momentum, weightDecay, learningRate } = spec
const network = modelById(spec.model).build({ input, classes, maxPixel: 255 })
const stepper = await compileStep({
  network,
  trainable: 'all',
  batch,
  loss: (logits, targets) => crossEntropy().graph(logits, targets, []),
  optimiser: sgd({ momentum, weightDecay, nesterov: false, convention: 'caffe' }),
})
const fed = await makeBatches()
const keepAll = maskFeed(
  stepper.masks.map((mask) => ({ ...mask, keep: 1 })),
  ['checked'],
)
const checked = await run(spec.checked, keepAll)
const timed = await run(spec.warmUp + spec.steps, maskFeed(stepper.masks, ['timed']))
console.log(JSON.stringify({ losses: checked.losses, times: timed.times.slice(spec.warmUp) }))

/** Loss and milliseconds of each of the first `count` steps. */
async function run(count, masks) {
  const [losses, times] = [[], []]
  let state = stepper.pack(startValues(parametersOf(network)))
  for (let iteration = 0; iteration < count; iteration++) {
    const since = performance.now()
    const feed = () => ({ ...fed[iteration % batches], ...masks(iteration, 0) })
    const step = await stepper.run(state, feed, { learningRate, iteration })
    times.push(performance.now() - since)
    losses.push(step.loss)
    state = step.state
  }
  return { losses, times }
}

/** The batches, ready to be fed. */
async function makeBatches() {
  const { pixels, labels } = spec.directory ? await openDataset(`mnist:${spec.directory}`) : noise(spec)
  const classNames = Array.from({ length: classes }, (_, c) => String(c))
  const length = batch * input.reduce((product, side) => product * side, 1)
  return Array.from({ length: batches }, (_, b) => ({
    pixels: value('uint8', [batch, ...input], pixels.slice(b * length, (b + 1) * length)),
    targets: oneHot(
      { labels, classNames },
      Uint32Array.from({ length: batch }, (_, row) => b * batch + row),
    ),
  }))
}
