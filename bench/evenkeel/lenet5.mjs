/**
 * A process of its own that times evenkeel on the LeNet-5 problem, as bench/pytorch/lenet5.py times PyTorch: the step as
 * `trainPhase` compiles and feeds it, the evaluation as a study runs it.
 *
 * node bench/evenkeel/lenet5.mjs WARM_UP STEPS EVALUATIONS prints one line of JSON: `losses` of the first steps,
 * `probabilities` of the first ten images under the starting weights, and the times `steps` and `evaluations` in ms.
 */
import { arrays } from '../../dist/data/index.js'
import { compile, floats, value } from '../../dist/engine/index.js'
import { crossEntropy } from '../../dist/methods/index.js'
import { lenet5, parametersOf, sgd } from '../../dist/nn/index.js'
import { oneHot } from '../../dist/train/feed.js'
import { createEvaluator } from '../../dist/train/index.js'
import { stateName, stepGraph } from '../../dist/train/step.js'
import * as problem from '../problem.mjs'

const [warmUp, steps, evaluations] = process.argv.slice(2).map(Number)
const classes = 10
const network = lenet5({ input: [1, 28, 28], classes })
const weights = problem.startingWeights(parametersOf(network))

console.log(JSON.stringify({ ...(await train()), ...(await evaluate()) }))

async function train() {
  const program = await compile(
    stepGraph({
      network,
      trainable: 'all',
      batch: problem.BATCH,
      loss: (logits, targets) => crossEntropy().graph(logits, targets, []),
      optimiser: sgd({
        momentum: problem.MOMENTUM,
        weightDecay: problem.WEIGHT_DECAY,
        nesterov: false,
        convention: 'caffe',
      }),
    }),
  )
  let state = {}
  for (const parameter of parametersOf(network)) {
    const { name, shape } = parameter
    state[name] = floats(shape, weights[name])
    state[stateName(parameter, 0)] = floats(shape, new Float32Array(weights[name].length))
  }
  const batches = makeBatches()
  const learningRate = floats([], problem.LEARNING_RATE)
  const losses = []
  const times = []
  for (let step = 0; step < warmUp + steps; step++) {
    const since = performance.now()
    const { loss, ...next } = await program.run({ ...state, ...batches[step % problem.BATCHES], learningRate })
    losses.push(loss.data[0])
    times.push(performance.now() - since)
    state = next
  }
  await program.dispose()
  return { losses: losses.slice(0, problem.CHECKED), steps: times.slice(warmUp) }
}

/** The batches, ready to be fed. */
function makeBatches() {
  const { pixels, labels } = problem.boxes(problem.BATCH * problem.BATCHES)
  const classNames = Array.from({ length: classes }, (_, c) => String(c))
  return Array.from({ length: problem.BATCHES }, (_, b) => {
    const rows = Uint32Array.from({ length: problem.BATCH }, (_, row) => b * problem.BATCH + row)
    const images = pixels.slice(rows[0] * 784, (rows[0] + problem.BATCH) * 784)
    return {
      pixels: value('uint8', [problem.BATCH, 1, 28, 28], images),
      targets: oneHot({ labels, classNames }, rows),
    }
  })
}

async function evaluate() {
  const dataset = arrays({ shape: [1, 28, 28], ...problem.boxes(problem.EVALUATED) })
  const examples = { role: 'test', dataset, indices: Uint32Array.from(dataset.labels, (_, i) => i) }
  const evaluator = createEvaluator(network)
  const run = async () => evaluator.probabilities(weights, await evaluator.features(weights, examples))
  const probabilities = await run()
  const times = []
  for (let i = 0; i < evaluations; i++) {
    const since = performance.now()
    await run()
    times.push(performance.now() - since)
  }
  return { probabilities: [...probabilities.subarray(0, 10 * classes)], evaluations: times }
}
