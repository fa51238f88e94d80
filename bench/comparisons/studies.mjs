/** Whole studies through `runStudy`: what a second worker brings, and what sharing phases saves. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { methods } from '../../dist/methods/index.js'
import { resolveConfig, runStudy, studyTimes } from '../../dist/study/index.js'
import { seconds, takeTurns } from '../measure.mjs'

/**
 * Networks an hour of two worker processes side by side and of one: some baselines of one cell, each
 * long enough that starting the processes does not count for much.
 *
 * @returns {Promise<import('../measure.mjs').Comparison[]>}
 */
export async function workers({ quick, mnist }) {
  const rounds = quick ? 2 : 3
  const networks = quick ? 4 : 10
  const config = studyOf(mnist, quick ? [200, 50] : [1000, 400], { methods: ['baseline'], replicates: networks })
  const rate = (count) => async () => [(networks * 3600) / (await runOnce(config, count)).wall]
  return [
    {
      title: describe('networks an hour', config),
      unit: '/h',
      better: 'higher',
      sides: await takeTurns(rounds, { '2 workers': rate(2), '1 worker': rate(1) }),
    },
  ]
}

/**
 * The eight methods of one cell and replicate in one study, which trains equal phases once, and in eight studies of one
 * method each; one worker.
 *
 * @returns {Promise<import('../measure.mjs').Comparison[]>}
 */
export async function sharing({ quick, mnist }) {
  const rounds = quick ? 1 : 3
  const all = methods.map(({ id }) => id)
  const config = studyOf(mnist, quick ? [200, 50] : [500, 200], { methods: all, replicates: 1 })
  const together = async () => [await runOnce(config, 1)]
  const alone = async () => {
    const total = { wall: 0, training: 0 }
    for (const method of all) {
      const { wall, training } = await runOnce({ ...config, methods: [method] }, 1)
      total.wall += wall
      total.training += training
    }
    return [total]
  }
  const sides = await takeTurns(rounds, { 'one study': together, 'each method alone': alone })
  const pick = (key) => sides.map(({ name, rounds }) => ({ name, rounds: rounds.map(([time]) => [time[key]]) }))
  const title = describe('eight methods', config)
  return [
    { title: `${title}: training alone`, unit: 's', better: 'lower', sides: pick('training') },
    { title: `${title}: all, with start-up`, unit: 's', better: 'lower', sides: pick('wall') },
  ]
}

/** A config on the digits, or on MNIST where its directory is given; the iterations are those for either. */
function studyOf(mnist, [digitsIterations, mnistIterations], rest) {
  return resolveConfig({
    datasets: [mnist ? `mnist:${mnist}` : 'digits'],
    profiles: [{ kind: 'step', rho: 10, mu: 0.5 }],
    training: { iterations: mnist ? mnistIterations : digitsIterations },
    ...rest,
  })
}

function describe(what, { datasets: [reference], training: { iterations } }) {
  return `${what} (${reference.split(':')[0]}, ${iterations} steps)`
}

/** Runs a study in a folder of its own; seconds on the clock, and in training phases. */
async function runOnce(config, count) {
  const directory = await mkdtemp(join(tmpdir(), 'evenkeel-bench-'))
  try {
    const wall = await seconds(async () => {
      const { status } = await runStudy(config, { directory, workers: count })
      if (status !== 'complete') throw new Error(`the study ended as ${status}`)
    })
    const { trainingSeconds: training } = await studyTimes(directory)
    return { wall, training }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
