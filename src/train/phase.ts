import { EvenkeelError } from '../base/errors.ts'
import { classCounts, classIndex, type Examples } from '../data/index.ts'
import { compile, floats, size, type Value } from '../engine/index.ts'
import type { Phase } from '../methods/index.ts'
import {
  learningRateAt,
  type Named,
  type Network,
  parametersOf,
  type Schedule,
  type SgdOptions,
  sgd,
} from '../nn/index.ts'
import type { Checkpoint, CurvePoint } from './checkpoint.ts'
import { type Feed, featureFeed, oneHot, pixelFeed } from './feed.ts'
import { stateName, stepGraph, trainedParameters } from './step.ts'

/** How long and how a phase trains; the same for every method of a study. */
export interface Training {
  /** Steps of one phase. */
  readonly iterations: number
  /** Examples a step. */
  readonly batch: number
  readonly schedule: Schedule
  readonly optimiser: SgdOptions
}

export interface PhaseSetup {
  readonly network: Network
  readonly phase: Phase
  readonly training: Training
  readonly examples: Examples<'train'>
  /** Parameters at the start; the frozen ones come back as they are. */
  readonly start: Named<Float32Array>
  /** Features of `examples` [N, featureCount] by `start`; needed where only the head trains. */
  readonly features?: Float32Array
  /** Labels of the index stream. */
  readonly seed: readonly (string | number)[]
}

/** What happens between two steps. Nothing here can change a number. */
export interface PhaseHooks {
  /** Goes on from a checkpoint of the same setup. */
  readonly resume?: Checkpoint | undefined
  /** Called after each logging interval. */
  progress?(iteration: number): Promise<void> | void
  /** Asked after each step; true ends the phase with a checkpoint. */
  stopRequested?(): boolean
}

/** The checkpoint at the phase's end, or where it was stopped: `iteration` tells. */
export type PhaseResult = Checkpoint

/** Points of the loss curve that a phase keeps. */
const CURVE_POINTS = 50

/**
 * The only training loop. It runs one phase: draws indices, feeds the compiled step, keeps the loss curve. The optimiser's
 * state starts at zero in each phase, and the schedule anew.
 *
 * @throws EvenkeelError `train.diverged` when a loss is not finite
 */
export async function trainPhase(setup: PhaseSetup, hooks: PhaseHooks = {}): Promise<PhaseResult> {
  const { network, phase, training, examples, start } = setup
  const { iterations, batch, schedule } = training
  const { program, initial } = await compileSetup(setup)
  const stream = phase.sampler.open(classIndex(examples), setup.seed)
  const feed = feedOf(setup)
  const indices = new Uint32Array(batch)
  const interval = Math.max(1, Math.ceil(iterations / CURVE_POINTS))

  let { iteration, pendingLoss } = hooks.resume ?? { iteration: 0, pendingLoss: 0 }
  const curve: CurvePoint[] = [...(hooks.resume?.curve ?? [])]
  let state = hooks.resume ? withNumbers(initial, hooks.resume.tensors) : initial
  try {
    while (iteration < iterations) {
      stream.fill(indices, iteration * batch)
      const rate = learningRateAt(schedule, iteration, iterations) * phase.learningRateFactor
      const { loss, ...next } = await program.run({
        ...state,
        [feed.name]: feed.batch(indices),
        targets: oneHot(examples.dataset, indices),
        learningRate: floats([], rate),
      })
      state = next
      iteration++
      pendingLoss += finiteLoss(Number(loss!.data[0]), iteration, iterations, rate)
      if (iteration % interval === 0 || iteration === iterations) {
        curve.push({ iteration, loss: pendingLoss / (iteration - (curve.at(-1)?.iteration ?? 0)) })
        pendingLoss = 0
        await hooks.progress?.(iteration)
      }
      if (hooks.stopRequested?.()) break
    }
  } finally {
    await program.dispose()
  }
  const untrained = Object.fromEntries(parametersOf(network).map(({ name }) => [name, start[name]!]))
  return { iteration, curve, pendingLoss, tensors: { ...untrained, ...numbersOf(state) } }
}

/** The phase's program, and what it starts from by the names that it takes: trained parameters, and state at zero. */
async function compileSetup({ network, phase, training, examples, start }: PhaseSetup) {
  const optimiser = sgd(training.optimiser)
  const counts = classCounts(examples)
  const program = await compile(
    stepGraph({
      network,
      trainable: phase.trainable,
      batch: training.batch,
      loss: (logits, targets) => phase.loss.graph(logits, targets, counts),
      optimiser,
    }),
  )
  const initial: Record<string, Value> = {}
  for (const parameter of trainedParameters(network, phase.trainable)) {
    const { name, shape } = parameter
    initial[name] = floats(shape, start[name]!)
    for (let slot = 0; slot < optimiser.slots; slot++) {
      initial[stateName(parameter, slot)] = floats(shape, new Float32Array(size(shape)))
    }
  }
  return { program, initial }
}

/** The same names and shapes with the numbers of `tensors`. */
function withNumbers(state: Record<string, Value>, tensors: Named<Float32Array>): Record<string, Value> {
  return Object.fromEntries(Object.entries(state).map(([name, { shape }]) => [name, floats(shape, tensors[name]!)]))
}

function numbersOf(state: Readonly<Record<string, Value>>): Named<Float32Array> {
  return Object.fromEntries(Object.entries(state).map(([name, { data }]) => [name, data as Float32Array]))
}

function feedOf({ phase, examples, features, network }: PhaseSetup): Feed {
  if (phase.trainable === 'all') return pixelFeed(examples)
  if (!features) throw new EvenkeelError('train.features', 'a phase that trains the head alone needs cached features')
  return featureFeed(examples, features, network.featureCount)
}

function finiteLoss(loss: number, iteration: number, iterations: number, rate: number): number {
  if (Number.isFinite(loss)) return loss
  throw new EvenkeelError(
    'train.diverged',
    `the loss became ${loss} at iteration ${iteration} of ${iterations} (learning rate ${Number(rate.toPrecision(4))})`,
    'lower the learning rate',
  )
}
