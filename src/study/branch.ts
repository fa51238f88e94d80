import { EvenkeelError } from '../base/errors.ts'
import {
  type Dataset,
  type Examples,
  type ImbalancedExamples,
  imbalance,
  type Role,
  type Split,
  split,
} from '../data/index.ts'
import { resolveMethod } from '../methods/index.ts'
import { type Evaluation, evaluate } from '../metrics/index.ts'
import { initialise, type Named, type Network, parametersOf } from '../nn/index.ts'
import type { PhaseRecord, TrialRecord } from '../store/index.ts'
import {
  continuePhase,
  createEvaluator,
  type Evaluator,
  type Features,
  featuresFit,
  type PhaseResult,
  removeCheckpoint,
} from '../train/index.ts'
import { backboneFeed } from './backbone.ts'
import type { StudyConfig } from './config.ts'
import { isDeterministic } from './failure.ts'
import { networkFor } from './network-for.ts'
import { type Branch, type PhaseNode, phasesOf, type Trial } from './plan.ts'
import { fixedParameters } from './preprocess.ts'
import type { TrialResult } from './result.ts'
import { snapshotMeasure } from './snapshots.ts'
import { splitFor } from './split-for.ts'

/** What a branch tells as it goes; `emit` returns once the coordinator has stored it. */
export type BranchEvent =
  | { readonly type: 'progress'; readonly phase: string; readonly iteration: number }
  | { readonly type: 'phase'; readonly record: PhaseRecord; readonly seconds: number | undefined }
  | { readonly type: 'trial'; readonly record: TrialRecord; readonly seconds: number }
  | { readonly type: 'failure'; readonly trials: readonly string[]; readonly code: string; readonly reason: string }

export interface BranchHooks {
  emit(event: BranchEvent): Promise<void>
  stopRequested(): boolean
  /** Iterations between two checkpoints of a phase. */
  readonly checkpointEvery: number
  /** Where the checkpoint of a phase lies. */
  checkpointPath(phase: string): string
}

interface Context {
  readonly config: StudyConfig
  readonly branch: Branch
  readonly isDone: (trial: Trial) => boolean
  readonly hooks: BranchHooks
  readonly network: Network
  readonly evaluator: Evaluator
  readonly roles: Split
  readonly training: ImbalancedExamples
  /** Parameters that were fitted before training and that nothing changes; checkpoints leave them out. */
  readonly fixed: Named<Float32Array>
}

/** Features of some examples under a given body. */
type FeaturesOf = (examples: Examples<Role>) => Promise<Features>

/**
 * Trains and evaluates what of a branch is not done yet: the whole life of its trials between two entries in the store.
 * Returns 'stopped' when it was asked to stop before the end; what was trained by then lies in a checkpoint.
 */
export async function runBranch(
  config: StudyConfig,
  dataset: Dataset,
  branch: Branch,
  done: ReadonlySet<string>,
  hooks: BranchHooks,
): Promise<'done' | 'stopped'> {
  const { replicate, cell } = branch
  const network = networkFor(config, dataset)
  // No stream here knows the profile or the method: within a replicate they meet the same images and the same weights.
  const stream = (purpose: string) => [config.seed, purpose, dataset.name, replicate]
  const repeated = (purpose: string) => [...stream(purpose), ...repeatOf(branch)]
  const options = splitFor(config, dataset)
  const roles = split(dataset, options, stream('split'))
  const { minority } = config
  const training = imbalance(roles.train, cell.profile, {
    minority,
    pool: options.poolPerClass,
    seed: stream('imbalance'),
  })
  const isDone = (trial: Trial) => done.has(trial.key)
  const evaluator = createEvaluator(network, { device: config.device })
  try {
    const fixed = await fixedParameters(config, roles, training.examples, hooks.checkpointPath)
    const context = { config, branch, isDone, hooks, network, evaluator, roles, training, fixed }
    const start = { ...initialise(parametersOf(network), config.initialiser, repeated('weights')), ...fixed }
    const { backbone } = config
    const features: FeaturesOf = backbone
      ? once((examples) => backboneFeed(backbone, examples))
      : featuresUnder(context, start, branch.root)
    const outcome = await grow(context, branch.root, start, features)
    if (outcome === 'done') {
      for (const { key } of phasesOf(branch.root)) await removeCheckpoint(hooks.checkpointPath(key))
    }
    return outcome
  } finally {
    await evaluator.dispose()
  }
}

/** Trains a phase, concludes the trials that end with it, and goes on to the phases that start from it. */
async function grow(
  context: Context,
  node: PhaseNode,
  start: Named<Float32Array>,
  startFeatures: FeaturesOf,
): Promise<'done' | 'stopped'> {
  const waiting = phasesOf(node).flatMap(({ trials }) => trials.filter((trial) => !context.isDone(trial)))
  if (waiting.length === 0) return 'done'
  if (context.hooks.stopRequested()) return 'stopped'
  const trained = await orFailure(context, waiting, () => train(context, node, start, startFeatures))
  if (trained === 'failed') return 'done'
  if (trained.iteration < node.iterations) return 'stopped'

  // A phase that trains the head alone leaves the body, and so the features, as they were.
  const features = node.phase.trainable === 'head' ? startFeatures : featuresUnder(context, trained.tensors, node)
  const probabilities = once(async (examples: Examples<Role>) =>
    context.evaluator.probabilities(trained.tensors, await features(examples)),
  )
  for (const trial of node.trials) {
    if (!context.isDone(trial)) await orFailure(context, [trial], () => conclude(context, trial, probabilities))
  }
  for (const child of node.children) {
    if ((await grow(context, child, trained.tensors, features)) === 'stopped') return 'stopped'
  }
  return 'done'
}

async function train(
  { config, branch, hooks, network, evaluator, roles, training, fixed }: Context,
  node: PhaseNode,
  start: Named<Float32Array>,
  features: FeaturesOf,
): Promise<PhaseResult> {
  const { key, parent, iterations } = node
  const { schedule } = config.training
  const seed = [config.seed, 'stream', branch.cell.dataset, branch.replicate, node.depth, ...repeatOf(branch)]
  let since: number | undefined
  const setup = async () => {
    since = performance.now()
    return {
      network,
      phase: node.phase,
      training: { ...config.training, schedule: { ...schedule, base: branch.run.learningRate } },
      examples: training.examples,
      start,
      ...(node.phase.trainable === 'head' && { features: await features(training.examples) }),
      seed,
      device: config.device,
    }
  }
  // The checkpoint stays until the whole branch is stored: a kill from here on costs no training again.
  const result = await continuePhase(iterations, setup, {
    path: hooks.checkpointPath(key),
    fixed,
    progress: (iteration) => hooks.emit({ type: 'progress', phase: key, iteration }),
    stopRequested: hooks.stopRequested,
    snapshots: node.depth === 0 && !config.backbone ? branch.cell.snapshots : 0,
    measure: snapshotMeasure(evaluator, {
      sampler: node.phase.sampler,
      training: training.examples,
      test: roles.test,
      seed,
    }),
    checkpointEvery: hooks.checkpointEvery,
  })
  if (result.iteration === iterations) {
    const seconds = since === undefined ? undefined : (performance.now() - since) / 1000
    await hooks.emit({ type: 'phase', record: { key, parent, iterations, curve: result.curve }, seconds })
  }
  return result
}

/** What sets the random streams of a repeat apart from those of the first run. */
function repeatOf({ run: { repeat } }: Branch): readonly (string | number)[] {
  return repeat === 0 ? [] : ['repeat', repeat]
}

/** Evaluates a trained network as one method has it, and hands over the trial. */
async function conclude(
  { roles, training, hooks }: Context,
  trial: Trial,
  probabilities: (examples: Examples<Role>) => Promise<Float32Array>,
): Promise<void> {
  const since = performance.now()
  const { posthoc } = resolveMethod(trial.method).recipe
  const { counts, order, minorityClasses } = training
  const judge = async (examples: Examples<'test' | 'selection'>): Promise<Evaluation> => {
    const { labels, classNames } = examples.dataset
    const values = posthoc.apply(await probabilities(examples), counts)
    return evaluate(
      examples.indices.map((i) => labels[i]!),
      { values, classes: classNames.length },
    )
  }
  const result: TrialResult = {
    counts,
    order,
    minorityClasses,
    test: await judge(roles.test),
    ...(roles.selection.indices.length > 0 && { selection: await judge(roles.selection) }),
  }
  const { run: _, ...place } = trial
  await hooks.emit({ type: 'trial', record: { ...place, result }, seconds: (performance.now() - since) / 1000 })
}

/**
 * Features under the body that a phase leaves behind, or starts from where it trains the head alone. Those of the training examples,
 * which each step of a head asks for, are kept; those of the other sets only where several networks with this body are judged by
 * them. All that is kept under one body takes at most 256 MiB together.
 */
function featuresUnder(
  { evaluator, network, roles, training }: Context,
  parameters: Named<Float32Array>,
  node: PhaseNode,
): FeaturesOf {
  const judged = withHeads(node).filter(({ trials }) => trials.length > 0)
  const examples = training.examples.indices.length + roles.test.indices.length + roles.selection.indices.length
  const keepJudged = judged.length > 1 && featuresFit(network, examples)
  return once((set: Examples<Role>) =>
    evaluator.features(parameters, set, { keep: keepJudged || set === training.examples }),
  )
}

/** The phase and those after it that leave its body as it is. */
function withHeads(node: PhaseNode): PhaseNode[] {
  return [node, ...node.children.filter(({ phase }) => phase.trainable === 'head').flatMap(withHeads)]
}

/** The function, called once for each argument. */
function once<Argument, Result>(of: (argument: Argument) => Result): (argument: Argument) => Result {
  const known = new Map<Argument, Result>()
  return (argument) => {
    const result = known.has(argument) ? known.get(argument)! : of(argument)
    known.set(argument, result)
    return result
  }
}

/** A training that diverges, or scores that cannot be judged, cost the trials that need them and no others. */
async function orFailure<T>(
  { hooks }: Context,
  trials: readonly Trial[],
  work: () => Promise<T>,
): Promise<T | 'failed'> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof EvenkeelError && isDeterministic(error.code))) throw error
    const { code, message: reason } = error
    await hooks.emit({ type: 'failure', trials: trials.map(({ key }) => key), code, reason })
    return 'failed'
  }
}
