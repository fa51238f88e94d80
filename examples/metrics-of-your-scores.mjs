// Metrics of scores that come from anywhere: no network, no dataset, any framework.
import { evaluate, metricRegistry } from 'evenkeel/metrics'
import { pairedTest } from 'evenkeel/stats'

const labels = [0, 0, 0, 0, 0, 0, 1, 1, 2]
const scores = [
  [0.8, 0.1, 0.1],
  [0.7, 0.2, 0.1],
  [0.9, 0.1, 0.0],
  [0.4, 0.5, 0.1],
  [0.6, 0.2, 0.2],
  [0.7, 0.1, 0.2],
  [0.5, 0.4, 0.1],
  [0.2, 0.7, 0.1],
  [0.5, 0.1, 0.4],
]
const { metrics, perClass } = evaluate(labels, { values: scores.flat(), classes: 3 })
for (const { id, label } of metricRegistry) {
  if (metrics[id] !== undefined) console.log(`${label.padEnd(28)} ${metrics[id].toFixed(4)}`)
}
console.log(`recall by class              ${perClass.recall.map((recall) => recall.toFixed(2)).join(' ')}`)

const ours = [0.912, 0.905, 0.921, 0.917, 0.909]
const theirs = [0.901, 0.899, 0.915, 0.902, 0.907]
const { difference, interval, p } = pairedTest(ours, theirs)
console.log(
  `difference ${difference.toFixed(4)} (${interval.lower.toFixed(4)} to ${interval.upper.toFixed(4)}), p ${p.toFixed(4)}`,
)
