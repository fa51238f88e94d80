/** What is measured of evenkeel alone. */
import { median, outOf, pick, takeTurns } from '../measure.mjs'
import { problems } from '../problem.mjs'
import { evenkeel } from '../sides.mjs'

/** @typedef {import('../sides.mjs').Context} Context */
/** @typedef {import('../measure.mjs').Row} Row */

/**
 * A phase that trains the head alone, on cached features, against one of the same length that trains the whole network.
 * Compilation is in both; computing the features, once for all phases on the same body, is shown beside.
 *
 * @param {Context} context
 * @returns {Promise<Row>}
 */
export async function headOnly({ images, quick }) {
  const { rounds, iterations } = quick ? { rounds: 1, iterations: 100 } : { rounds: 5, iterations: 400 }
  const spec = { ...problems.lenet5, directory: images, iterations, examples: 5000 }
  const phase = (trainable) => () => evenkeel('training', { ...spec, trainable })
  const [head, full] = await takeTurns(rounds, { evenkeel: phase('head'), 'full phase': phase('all') })
  const features = median(head.reports.map(({ featureSeconds }) => featureSeconds))
  return {
    work: `head-only phase, LeNet-5 (${outOf(iterations, 400)} steps)`,
    unit: 's',
    target: { of: 'ratio', rule: '<=', bound: 0.04 },
    sides: pick([head, full], ({ trainings: [{ seconds }] }) => [seconds]),
    notes: [`the features of the head-only phase's ${spec.examples} images take ${features.toFixed(2)} s`],
  }
}

/**
 * Time outside the runtime, of a whole training process.
 *
 * @param {Context} context
 * @returns {Promise<Row>}
 */
export async function overhead({ images, quick }) {
  const { rounds, iterations } = quick ? { rounds: 1, iterations: 200 } : { rounds: 3, iterations: 1000 }
  const sides = await takeTurns(rounds, {
    evenkeel: () => evenkeel('overhead', '--mnist', images, '--iterations', String(iterations)),
  })
  return {
    work: `time outside session.run, LeNet-5 training, process start to result (${outOf(iterations, 1000)} steps)`,
    unit: '%',
    target: { of: 'value', rule: '<=', bound: 8 },
    sides: pick(sides, ({ outsideShare }) => [100 * outsideShare]),
    notes: [],
  }
}

/**
 * Peak resident memory of a worker in a study of MNIST's size.
 *
 * @param {Context} context
 * @returns {Promise<Row | undefined>} nothing where the system does not tell
 */
export async function memory({ images, quick }) {
  const iterations = quick ? 10 : 100
  const sides = await takeTurns(1, {
    evenkeel: () => evenkeel('memory', '--mnist', images, '--iterations', String(iterations)),
  })
  const [{ skipped, twoPhases }] = sides[0].reports
  if (skipped) {
    console.error(`memory is skipped: ${skipped}`)
    return undefined
  }
  return {
    work: `resident memory of one LeNet-5 worker on 50,000 images (peak of a training and its evaluation, ${outOf(iterations, 100)} steps)`,
    unit: 'MB',
    target: { of: 'value', rule: '<=', bound: 250 },
    sides: pick(sides, ({ oneTraining }) => [oneTraining]),
    notes: [
      `a worker that goes on to a head-only phase holds the features of its training images as well, 100 MB: ${twoPhases} MB at its peak`,
    ],
  }
}
