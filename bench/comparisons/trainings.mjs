/** Whole trainings, start-up included: networks per hour, and the cell that the paper's figures are made of. */
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { compareStudy } from '../../dist/study/index.js'
import { median, outOf, pick, takeTurns } from '../measure.mjs'
import { problems } from '../problem.mjs'
import { evenkeel, inUsualOrder, tool } from '../sides.mjs'

/** @typedef {import('../sides.mjs').Context} Context */
/** @typedef {import('../measure.mjs').Row} Row */

/** Steps of a network, where a rate of networks is told. */
const NETWORK = 1000

/**
 * Two processes that train at the same time, start-up included. A quick run trains a tenth of a network and takes the phase, compilation
 * included, ten times.
 *
 * @param {Context} context
 * @returns {Promise<Row>}
 */
export async function sideBySide({ images, ...context }) {
  const { rounds, iterations } = context.quick ? { rounds: 1, iterations: 100 } : { rounds: 3, iterations: NETWORK }
  const spec = { ...problems.lenet5, directory: images, iterations, rho: 1, procedures: ['baseline'], evaluate: false }
  const pair = (run) => Promise.all([run('training', spec), run('training', spec)])
  const sides = await takeTurns(rounds, { evenkeel: () => pair(evenkeel), ...inUsualOrder(context, pair) })
  const perHour = ({ seconds, trainings: [{ seconds: inLoop }] }) =>
    3600 / (seconds - inLoop + (inLoop * NETWORK) / iterations)
  return {
    work: `two LeNet-5 trainings side by side (${outOf(iterations, NETWORK)} steps)`,
    unit: 'networks/h',
    target: { of: 'ratio', rule: '>=', bound: 1.5 },
    sides: pick(sides, ([one, other]) => [perHour(one) + perHour(other)]),
    notes: [],
  }
}

/**
 * The paper's five trainings for one cell, one by one in two processes, against evenkeel's study of the eight methods that
 * follow from them, report included.
 *
 * @param {Context} context
 * @returns {Promise<Row>}
 */
export async function cell({ images, scratch, ...context }) {
  const { rounds, iterations } = context.quick ? { rounds: 1, iterations: 30 } : { rounds: 2, iterations: NETWORK }
  const spec = { ...problems.lenet5, directory: images, iterations, rho: 10, evaluate: true, evaluationBatch: 250 }
  // Of all ways to share them out, the one whose longer half is shortest.
  const halves = [
    ['baseline', 'oversampling', 'undersampling'],
    ['two-phase-oversampling', 'two-phase-undersampling'],
  ]
  const sides = await takeTurns(rounds, {
    evenkeel: () => study(images, iterations, scratch),
    ...inUsualOrder(context, async (run) => {
      const reports = await Promise.all(halves.map((procedures) => run('training', { ...spec, procedures })))
      return {
        seconds: Math.max(...reports.map(({ seconds }) => seconds)),
        accuracy: Object.fromEntries(
          reports.flatMap(({ trainings }) => trainings).map(({ name, accuracy }) => [name, accuracy]),
        ),
      }
    }),
  })
  return {
    work: `the whole cell, 2 workers (${outOf(iterations, NETWORK)} iterations)`,
    unit: 's',
    target: { of: 'ratio', rule: '<=', bound: 0.4 },
    sides: pick(sides, ({ seconds }) => [seconds]),
    notes: sides.map(accuracies),
  }
}

/** Runs a study as a person does: seconds from the command's start to its end, and accuracy by method. */
async function study(images, iterations, scratch) {
  const folder = await mkdtemp(join(scratch, 'cell-'))
  const profile = ['--rho', '10', '--mu', '0.5']
  const size = ['--replicates', '1', '--iterations', String(iterations), '--workers', '2']
  const seconds = await tool('study', '--data', `mnist:${images}`, ...profile, ...size, '--out', folder, '--quiet')
  const { cells } = await compareStudy(folder)
  return {
    seconds,
    accuracy: Object.fromEntries(cells[0].results.map(({ method, metrics }) => [method, metrics.accuracy.mean])),
  }
}

/** Not the same draws, so not the same numbers; but they tell that both train. */
function accuracies({ name, reports }) {
  const shares = Object.keys(reports[0].accuracy).map((method) => {
    const share = median(reports.map(({ accuracy }) => accuracy[method]))
    return `${method} ${(100 * share).toFixed(1)}`
  })
  return `the cell's accuracy with ${name}, %: ${shares.join(', ')}`
}
