// Train one LeNet-5 with oversampling on imbalanced digits, and evaluate it on balanced ones.
import { digits, imbalance, split } from 'evenkeel/data'
import { resolveMethod } from 'evenkeel/methods'
import { evaluate } from 'evenkeel/metrics'
import { initialise, lenet5, parametersOf } from 'evenkeel/nn'
import { createEvaluator, trainPhase } from 'evenkeel/train'

const dataset = await digits()
const roles = split(dataset, { test: { fraction: 0.3 } }, ['example', 1])
const { examples } = imbalance(roles.train, { kind: 'step', rho: 10, mu: 0.5 }, { minority: 'random', seed: [1] })

const network = lenet5({ input: dataset.shape, classes: 10, pixelDivisor: dataset.maxPixel + 1 })
const { recipe } = resolveMethod('oversampling')
const trained = await trainPhase({
  network,
  phase: recipe.phases[0],
  training: {
    iterations: 200,
    batch: 64,
    schedule: { kind: 'inv', base: 0.01, gamma: 1e-4, power: 0.75 },
    optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4, nesterov: false, convention: 'caffe' },
  },
  examples,
  start: initialise(parametersOf(network), { kind: 'xavier' }, ['example', 1]),
  seed: ['example', 1],
})
console.log(`loss ${trained.curve[0].loss.toFixed(3)} -> ${trained.curve.at(-1).loss.toFixed(3)} nats`)

const evaluator = createEvaluator(network)
const features = await evaluator.features(trained.tensors, roles.test)
const values = await evaluator.probabilities(trained.tensors, features)
const labels = Array.from(roles.test.indices, (i) => dataset.labels[i])
const { metrics, perClass } = evaluate(labels, { values, classes: 10 })
console.log(`ROC AUC ${metrics.rocAuc.toFixed(4)}, accuracy ${metrics.accuracy.toFixed(4)}`)
console.log(`recall by class: ${perClass.recall.map((recall) => recall.toFixed(2)).join(' ')}`)
