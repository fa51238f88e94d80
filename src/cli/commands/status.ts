import type { Command } from 'commander'
import type { FailureRecord } from '../../store/index.ts'
import type { StudySetup } from '../../study/setup.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { paint, print, printJson, table } from '../terminal.ts'

interface StatusFlags {
  readonly json?: boolean
}

interface CellStatus {
  readonly cell: string
  readonly planned: number
  readonly done: number
  readonly failed: number
}

interface FailedTrial {
  readonly trial: string
  readonly code: string
  readonly reason: string
}

/** evenkeel status */
export function statusCommand(): Command {
  return createCommand('status', 'Show how far a study is and what failed, also while it runs.', [
    ['evenkeel status', 'of the only study in ./evenkeel-out'],
    ['evenkeel status evenkeel-out/digits --json', 'for a script'],
  ])
    .argument('[dir]', 'folder of the study (default: the only one in ./evenkeel-out)')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(status)
}

async function status(given: string | undefined, flags: StatusFlags): Promise<void> {
  const { findStudy } = await import('../study-folder.ts')
  const { isLocked } = await import('../../store/index.ts')
  const directory = findStudy(given)
  const { name, cells, failures } = await readStatus(directory)
  const running = isLocked(directory)
  if (flags.json) {
    printJson({ name, directory, running, cells, failures })
    return
  }
  const total = (what: 'planned' | 'done' | 'failed') => cells.reduce((sum, cell) => sum + cell[what], 0)
  const state = running ? 'is running' : total('done') === total('planned') ? 'is complete' : 'is not running'
  print(
    `${paint('bold', name)} ${state}: ${total('done')} of ${total('planned')} trials done, ${total('failed')} failed\n`,
  )
  print(
    table([
      ['cell', 'planned', 'done', 'failed'],
      ...cells.map((cell) => [cell.cell, cell.planned, cell.done, cell.failed]),
    ]),
  )
  if (failures.length > 0) print(`\n${paint('bold', 'failures')}`)
  for (const { trial, reason } of failures) print(`  ${trial}\n      ${reason}`)
}

async function readStatus(directory: string) {
  const { openStore } = await import('../../store/index.ts')
  const { isFinal } = await import('../../study/failure.ts')
  const { planStudy } = await import('../../study/plan.ts')
  const { studyFiles } = await import('../../study/study-files.ts')
  const { EvenkeelError } = await import('../../base/errors.ts')
  const store = openStore(studyFiles.results(directory), 'read')
  try {
    const study = await store.study()
    if (!study) throw new EvenkeelError('cli.no-study', `the study in ${directory} has only just begun`, 'try again')
    const { config, datasets } = study.config as StudySetup
    const done = new Set(await store.trialKeys())
    const failed = failedTrials((await store.failures()).filter(isFinal), done)
    const { cells, trials } = planStudy(config, datasets)
    const statuses = cells.map(({ key }): CellStatus => {
      const keys = trials.filter(({ cell }) => cell === key).map((trial) => trial.key)
      return {
        cell: key,
        planned: keys.length,
        done: keys.filter((trial) => done.has(trial)).length,
        failed: keys.filter((trial) => failed.has(trial)).length,
      }
    })
    return { name: study.name, cells: statuses, failures: [...failed.values()] }
  } finally {
    store.close()
  }
}

/** The last failure of each trial that has no result. */
function failedTrials(failures: readonly FailureRecord[], done: ReadonlySet<string>): Map<string, FailedTrial> {
  const failed = failures.flatMap(({ trials, code, reason }) =>
    trials.filter((trial) => !done.has(trial)).map((trial) => [trial, { trial, code, reason }] as const),
  )
  return new Map(failed)
}
