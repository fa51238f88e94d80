import { type Command, Option } from 'commander'
import { fetchableSets, usualDirectory } from '../../data/fetch/sets.ts'
import type { FetchOutcome } from '../../data/index.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { showFetchProgress } from '../fetch-progress.ts'
import { catchInterrupts } from '../interrupt.ts'
import { note, print, printJson } from '../terminal.ts'

interface FetchFlags {
  readonly to?: string
  readonly from?: string
  readonly json?: boolean
}

/** evenkeel data fetch */
export function dataFetchCommand(): Command {
  return createCommand('fetch', 'Download a published set, check it, and go on where a download was cut off.', [
    ['evenkeel data fetch mnist', 'into data/mnist, for --data mnist:data/mnist'],
    ['evenkeel data fetch cifar-10 --to /big/cifar-10', 'into another folder'],
    ['evenkeel data fetch mnist --from https://example.org/mnist/', 'from a mirror of your own'],
  ])
    .argument('<set>', `one of ${fetchableSets.map(({ id }) => id).join(', ')}`)
    .addOption(new Option('--to <dir>', `folder for the files (default: ${usualDirectory('<set>')})`))
    .addOption(new Option('--from <url>', 'a folder on the web with the same files (default: the host of the set)'))
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(fetchData)
}

async function fetchData(id: string, { to = usualDirectory(id), from, json }: FetchFlags): Promise<void> {
  const outcome = await follow(id, to, from)
  const { commandLine } = await import('../study-folder.ts')
  const stopped = outcome.status === 'stopped'
  const next = commandLine(stopped ? process.argv.slice(2) : ['data', 'inspect', `${id}:${to}`])
  if (json) printJson({ set: id, ...outcome, next })
  if (stopped) {
    note(`stopped: what has come is kept; to go on run\n  ${next}`)
    process.exitCode = exitCodes.interrupted
  } else if (!json) {
    print(`${id} is in ${to}; to look at it run\n  ${next}`)
  }
}

async function follow(id: string, directory: string, from: string | undefined): Promise<FetchOutcome> {
  const { fetchableSet, fetchSet } = await import('../../data/index.ts')
  const set = fetchableSet(id)
  const progress = showFetchProgress(process.stderr)
  const interrupts = catchInterrupts(progress.end, exitCodes.interrupted)
  try {
    return await fetchSet(set, { directory, from, stop: interrupts.stop, onEvent: progress.update })
  } finally {
    interrupts.release()
    progress.end()
  }
}
