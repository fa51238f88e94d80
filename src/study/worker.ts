import { join } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import { type Dataset, openDataset } from '../data/index.ts'
import { serveJobs } from '../queue/worker.ts'
import { runBranch } from './branch.ts'
import type { DatasetInfo } from './comparison.ts'
import type { StudyConfig } from './config.ts'
import { type Cell, planReplicate } from './plan.ts'
import { describeDataset } from './setup.ts'

/** What a worker is told: plain JSON. It plans the branch again from the same config and data, and must find its key. */
export interface BranchJob {
  readonly config: StudyConfig
  readonly cell: Cell
  readonly replicate: number
  readonly branch: string
  /** Keys of trials that are stored already. */
  readonly done: readonly string[]
  readonly checkpoints: string
  readonly checkpointEvery: number
}

/** Datasets stay open between jobs; one that could not be opened is tried again. */
const opened = new Map<string, Promise<{ dataset: Dataset; info: DatasetInfo }>>()

function open(config: StudyConfig, reference: string) {
  const opening =
    opened.get(reference) ??
    openDataset(reference).then((dataset) => ({ dataset, info: describeDataset(config, reference, dataset) }))
  opened.set(reference, opening)
  opening.catch(() => opened.delete(reference))
  return opening
}

serveJobs(async (payload, { emit, stopRequested }) => {
  const { config, cell, replicate, branch: key, done, checkpoints, checkpointEvery } = payload as BranchJob
  const { dataset, info } = await open(config, cell.reference)
  const branch = planReplicate(config, info, cell, replicate).find((candidate) => candidate.key === key)
  if (!branch) {
    throw new EvenkeelError(
      'study.data-changed',
      `the files of '${cell.reference}' changed while the study ran`,
      'start the study again in a new folder',
    )
  }
  const checkpointPath = (phase: string) => join(checkpoints, `${phase}.checkpoint`)
  return runBranch(config, dataset, branch, new Set(done), { emit, stopRequested, checkpointPath, checkpointEvery })
})
