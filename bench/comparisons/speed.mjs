/** The training step of each network, and evaluation: evenkeel against PyTorch, one thread each. */
import { pick, takeTurns } from '../measure.mjs'
import { problems } from '../problem.mjs'
import { evenkeel, pytorch } from '../sides.mjs'
import { agreement } from './agreement.mjs'

/** @typedef {import('../sides.mjs').Context} Context */
/** @typedef {import('../measure.mjs').Row} Row */

/** @param {Context} context */
export function lenet5({ images, ...context }) {
  const size = context.quick ? { rounds: 2, warmUp: 10, steps: 30 } : { rounds: 6, warmUp: 20, steps: 100 }
  const spec = { ...problems.lenet5, directory: images, checked: 10, tolerance: 1e-4 }
  return step('LeNet-5 step, batch 64', 0.8, { ...spec, ...size }, context)
}

/**
 * A quick run has no warm-up of its own: the steps whose losses are compared come first.
 *
 * @param {Context} context
 */
export function allCnn(context) {
  const size = context.quick ? { rounds: 1, warmUp: 0, steps: 2 } : { rounds: 3, warmUp: 2, steps: 6 }
  const spec = { ...problems.allCnn, checked: context.quick ? 2 : 3, tolerance: 1e-3 }
  return step('All-CNN-C step with dropout, batch 64', 1.1, { ...spec, ...size }, context)
}

/** @param {Context} context */
export function resnet10(context) {
  const size = context.quick ? { rounds: 1, warmUp: 0, steps: 3 } : { rounds: 3, warmUp: 2, steps: 8 }
  const spec = { ...problems.resnet10, checked: context.quick ? 2 : 3, tolerance: 1e-3 }
  return step('ResNet-10 step, 3x224x224, batch 8', 1.2, { ...spec, ...size }, context)
}

/** @returns {Promise<Row>} */
async function step(title, bound, { rounds, tolerance, ...spec }, context) {
  // Losses are the same in every round: the first is enough to compare them.
  const ofRound = (round) => ({ ...spec, checked: round === 0 ? spec.checked : 0 })
  const sides = await takeTurns(rounds, {
    evenkeel: (round) => evenkeel('step', ofRound(round)),
    ...pytorch(context, (run, round) => run('step', ofRound(round))),
  })
  return {
    work: `${title} (${spec.steps} a round)`,
    unit: 'ms',
    target: { of: 'ratio', rule: '<=', bound },
    sides: pick(sides, ({ times }) => times),
    notes: agreement(sides, `${spec.model}'s first ${spec.checked} losses`, ({ losses }) => losses, tolerance),
  }
}

/**
 * @param {Context} context
 * @returns {Promise<Row>}
 */
export async function evaluation({ images, ...context }) {
  const { rounds, evaluations } = context.quick ? { rounds: 1, evaluations: 1 } : { rounds: 4, evaluations: 5 }
  // PyTorch's batch is the fastest of 50, 100, 250 and 1,000 in either order of memory.
  const spec = { ...problems.lenet5, directory: images, images: 10_000, evaluations, evaluationBatch: 250 }
  const sides = await takeTurns(rounds, {
    evenkeel: () => evenkeel('evaluation', spec),
    ...pytorch(context, (run) => run('evaluation', spec)),
  })
  return {
    work: `evaluation of 10,000 MNIST images (${evaluations} a round)`,
    unit: 's',
    target: { of: 'ratio', rule: '<=', bound: 0.7 },
    sides: pick(sides, ({ times }) => times.map((ms) => ms / 1000)),
    notes: agreement(sides, 'probabilities', ({ probabilities }) => probabilities, 1e-3),
  }
}
