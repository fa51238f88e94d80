import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { EvenkeelError } from '../base/errors.ts'
import { type Profile, profileCounts, profileKey, profileLabel } from '../data/index.ts'
import type { Device } from '../engine/index.ts'
import { type Phase, resolveMethod } from '../methods/index.ts'
import { featuresFit } from '../train/index.ts'
import type { DatasetInfo, PhaseSaving } from './comparison.ts'
import type { StudyConfig } from './config.ts'
import { networkFor } from './network-for.ts'

/**
 * What a study will do, worked out before anything runs. A trial is a cell (dataset and profile), a replicate and a method.
 * Trials whose methods begin with equal phases share them: the phases of one cell and replicate form a forest, and each tree
 * of it, a branch, is one job.
 */
export interface Plan {
  readonly config: StudyConfig
  readonly datasets: readonly DatasetInfo[]
  readonly cells: readonly Cell[]
  readonly trials: readonly Trial[]
  readonly branches: readonly Branch[]
}

export interface Cell {
  readonly key: string
  /** As the config names the dataset, and as it names itself. */
  readonly reference: string
  readonly dataset: string
  readonly profile: Profile
}

export interface Trial {
  readonly key: string
  readonly cell: string
  readonly dataset: string
  readonly profile: Profile
  readonly replicate: number
  readonly method: string
  /** Key of its last phase. */
  readonly phase: string
}

/** A phase with all that grows from it; its key is a hash of everything that determines its result. */
export interface PhaseNode {
  readonly key: string
  readonly parent: string | undefined
  /** 0 for the first phase of a method. */
  readonly depth: number
  readonly phase: Phase
  readonly iterations: number
  /** Trials that end with this phase. */
  readonly trials: Trial[]
  readonly children: PhaseNode[]
}

export interface Branch {
  readonly key: string
  readonly cell: Cell
  readonly replicate: number
  readonly root: PhaseNode
}

/** Plans a study; `datasets` are those of the config, in its order. */
export function planStudy(config: StudyConfig, datasets: readonly DatasetInfo[]): Plan {
  requireDistinct(datasets.map(({ name }) => name))
  // Equal images would share phases, but not the streams that are named after the dataset.
  requireDistinct(datasets.map(({ contentHash }) => contentHash))
  const cells: Cell[] = []
  const trials: Trial[] = []
  const branches: Branch[] = []
  for (const dataset of datasets) {
    for (const profile of config.profiles) {
      const key = `${dataset.name}/${profileLabel(profile)}`
      const cell = { key, reference: dataset.reference, dataset: dataset.name, profile }
      cells.push(cell)
      for (let replicate = 0; replicate < config.replicates; replicate++) {
        const grown = planReplicate(config, dataset, cell, replicate)
        branches.push(...grown)
        trials.push(...inMethodOrder(config, grown.flatMap(trialsOf)))
      }
    }
  }
  requireDistinct(cells.map(({ key }) => key))
  // Whole replicates one after another: a study that is cut short has seen every cell.
  branches.sort((a, b) => a.replicate - b.replicate)
  return { config, datasets, cells, trials, branches }
}

/** The branches of one cell and replicate; a worker plans its own again from the same config and data. */
export function planReplicate(config: StudyConfig, dataset: DatasetInfo, cell: Cell, replicate: number): Branch[] {
  const roots: PhaseNode[] = []
  const common = {
    data: dataset.contentHash,
    split: dataset.split,
    profile: profileKey(cell.profile),
    minority: config.minority,
    replicate,
    seed: config.seed,
    model: config.model,
    initialiser: config.initialiser,
    device: config.device,
    training: config.training,
  }
  for (const method of config.methods.map((key) => resolveMethod(key))) {
    let level = roots
    let node: PhaseNode | undefined
    for (const [depth, phase] of method.recipe.phases.entries()) {
      const parent: string | undefined = node?.key
      const key = hash({ given: common, parent, phase: describePhase(phase) })
      node = level.find((candidate) => candidate.key === key)
      if (!node) {
        node = { key, parent, depth, phase, iterations: config.training.iterations, trials: [], children: [] }
        level.push(node)
      }
      level = node.children
    }
    const { key: cellKey, dataset: name, profile } = cell
    const key = `${cellKey}/replicate ${replicate + 1}/${method.key}`
    node!.trials.push({ key, cell: cellKey, dataset: name, profile, replicate, method: method.key, phase: node!.key })
  }
  return roots.map((root) => ({ key: root.key, cell, replicate, root }))
}

/** Training examples that a profile leaves of a pool, most frequent class first. */
export function classSizesByRank(profile: Profile, { pool }: DatasetInfo): number[] {
  return profileCounts(profile, pool, [...pool.keys()]).sort((a, b) => b - a)
}

/** Every phase of a tree, parents first. */
export function phasesOf(root: PhaseNode): PhaseNode[] {
  return [root, ...root.children.flatMap(phasesOf)]
}

/** Every trial of a branch. */
export function trialsOf({ root }: Branch): Trial[] {
  return phasesOf(root).flatMap(({ trials }) => trials)
}

function inMethodOrder({ methods }: StudyConfig, trials: readonly Trial[]): Trial[] {
  return [...trials].sort((a, b) => methods.indexOf(a.method) - methods.indexOf(b.method))
}

/** What sharing saves against training every method by itself. */
export function savingOf(plan: Plan): PhaseSaving {
  const phases = plan.branches.flatMap(({ root }) => phasesOf(root))
  const alone = plan.trials.flatMap(({ method }) => resolveMethod(method).recipe.phases)
  const { iterations } = plan.config.training
  return {
    trials: plan.trials.length,
    phases: phases.length,
    phasesWithoutSharing: alone.length,
    fullPhases: phases.filter(({ phase }) => phase.trainable === 'all').length,
    fullPhasesWithoutSharing: alone.filter(({ trainable }) => trainable === 'all').length,
    iterations: phases.length * iterations,
    iterationsWithoutSharing: alone.length * iterations,
  }
}

/**
 * Rough cost of each phase by key, in full training steps, for progress and estimates. A step of the head alone costs a fiftieth on
 * features that are kept, and a third where the body runs for each batch: backward costs two forwards (0.27 was measured with
 * All-CNN-C, 64 images a step).
 */
export function costsOf({ config, datasets, cells, branches }: Plan): Map<string, number> {
  const headCosts = new Map(
    cells.map(({ key, reference, profile }) => {
      const dataset = datasets.find((candidate) => candidate.reference === reference)!
      const examples = classSizesByRank(profile, dataset).reduce((sum, size) => sum + size, 0)
      return [key, featuresFit(networkFor(config, dataset), examples) ? 1 / 50 : 1 / 3]
    }),
  )
  return new Map(
    branches.flatMap(({ cell, root }) =>
      phasesOf(root).map(({ key, phase, iterations }) => [
        key,
        phase.trainable === 'head' ? iterations * headCosts.get(cell.key)! : iterations,
      ]),
    ),
  )
}

/** Workers where nobody says how many: the machine's cores, but one for a card, which all would share. */
export function usualWorkers(device: Device): number {
  return device === 'cpu' ? availableParallelism() : 1
}

/** What of a phase decides its result, as JSON. */
function describePhase({ sampler, loss, trainable, learningRateFactor }: Phase) {
  return {
    sampler: [sampler.id, sampler.options],
    loss: [loss.id, loss.options],
    trainable,
    learningRateFactor,
  }
}

/** 64 bits of SHA-256 over JSON with sorted keys: enough for billions of phases. */
export function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16)
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

function requireDistinct(names: readonly string[]): void {
  const repeated = names.find((name, i) => names.indexOf(name) !== i)
  if (repeated !== undefined) throw new EvenkeelError('study.config', `'${repeated}' is studied twice`, 'leave one out')
}
