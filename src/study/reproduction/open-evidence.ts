import { basename, resolve } from 'node:path'
import { EvenkeelError } from '../../base/errors.ts'
import { readStored } from '../open-study.ts'
import { type OpenedStudy, openStored } from '../opened.ts'
import { runsOf } from '../plan.ts'
import { scaleOf } from '../presets/scale-of.ts'
import { evidenceOf } from './gather.ts'
import type { Reproduction } from './page.ts'
import { reproduce } from './reproduce.ts'

/** A study as a report over several ones names it. */
export interface StudySummary {
  readonly name: string
  /** The last part of its folder's path. */
  readonly folder: string
  /** Which part of a named experiment it is; undefined for a study of its own. */
  readonly scale: string | undefined
  readonly testSelected: boolean
  readonly trials: { readonly planned: number; readonly done: number }
}

/** What several studies, each in its folder, say of the paper's questions together. */
export async function openReproduction(
  directories: readonly string[],
): Promise<{ studies: readonly StudySummary[]; reproduction: Reproduction }> {
  const opened = await openAll(directories)
  return {
    studies: opened.map(({ name, directory, study: { plan, ledger, done } }) => ({
      name,
      folder: basename(resolve(directory)),
      scale: scaleOf(plan.config, plan.datasets)?.sentence,
      testSelected: ledger.testSelected,
      trials: { planned: plan.trials.length, done },
    })),
    reproduction: reproduce(evidenceOf(opened.map(({ study }) => study))),
  }
}

async function openAll(directories: readonly string[]) {
  const opened: { name: string; directory: string; study: OpenedStudy }[] = []
  for (const directory of directories) {
    const stored = await readStored(directory)
    opened.push({ name: stored.study.name, directory, study: openStored(stored) })
  }
  requireOneChoice(opened)
  return opened
}

/** Runs that were picked by the test images and runs that were picked honestly do not stand in one table. */
function requireOneChoice(opened: readonly { directory: string; study: OpenedStudy }[]): void {
  const selected = opened.find(({ study }) => study.ledger.testSelected)
  const honest = opened.find(({ study: { plan, ledger } }) => !ledger.testSelected && runsOf(plan.config).length > 1)
  if (!selected || !honest) return
  throw new EvenkeelError(
    'study.mixed',
    `the runs of ${selected.directory} were chosen by the test images, those of ${honest.directory} by the selection images`,
    'report them apart',
  )
}
