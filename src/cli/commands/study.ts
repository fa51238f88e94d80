import { type Command, Option } from 'commander'
import type { Comparison } from '../../study/comparison.ts'
import type { StudyConfig } from '../../study/config.ts'
import type { StudyOutcome } from '../../study/run.ts'
import type { AskedStudy } from '../asked-study.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { catchInterrupts } from '../interrupt.ts'
import { showDecoding, showProgress } from '../progress.ts'
import { addStudyOptions, count, type StudyFlags } from '../study-options.ts'
import { hasColours, note, print, printJson, widthOf, wrap } from '../terminal.ts'

interface RunFlags extends StudyFlags {
  readonly out?: string
  readonly workers?: number
  readonly checkpointEvery?: number
  readonly retryFailed?: boolean
  readonly quiet?: boolean
  readonly json?: boolean
}

/** evenkeel study */
export function studyCommand(): Command {
  const command = createCommand('study', 'Train every method on every imbalance, compare them, write the report.', [
    ['evenkeel study photos/ --minutes 20', 'your own images: chooses all that is needed from them, and says so'],
    ['evenkeel study photos/ --replicates 5 --iterations 600', 'the same, as long as it takes'],
    ['evenkeel study', 'eight methods on the digits that come along; takes about a minute'],
    ['evenkeel study --data mnist:data/mnist --rho 10,100 --mu 0.2,0.5', 'four imbalances of MNIST'],
    ['evenkeel study --methods "oversampling,oversampling(level=0.5)" --name levels', 'two strengths of one method'],
    ['evenkeel study buda2018/mnist --scale small --data data/mnist', "the paper's experiment by name, a part of it"],
    ['evenkeel study --config study.json --workers 4', 'a study from a file, on four processes'],
  ])
  return addStudyOptions(command)
    .addOption(runOption('--out <dir>', 'folder of the study (default: evenkeel-out/<name>)'))
    .addOption(
      runOption('--workers <number>', 'processes that train side by side (default: one per core, one on a card)')
        .env('EVENKEEL_WORKERS')
        .argParser(count),
    )
    .addOption(
      runOption(
        '--checkpoint-every <iterations>',
        'a kill costs at most so much of a training (default: 500)',
      ).argParser(count),
    )
    .addOption(runOption('--retry-failed', 'try trials again that failed in an earlier run'))
    .addOption(runOption('--quiet', 'no progress and no table, only where the report lies'))
    .addOption(jsonOption().helpGroup('Run:'))
    .addOption(verboseOption().helpGroup('Run:'))
    .action(runCommand)
}

function runOption(flags: string, meaning: string): Option {
  return new Option(flags, meaning).helpGroup('Run:')
}

async function runCommand(what: string | undefined, flags: RunFlags): Promise<void> {
  const { commandLine } = await import('../study-folder.ts')
  const { config, directory, choices } = await chooseStudy(what, flags)
  if (!flags.quiet) showChoices(choices)
  const outcome = await train(config, directory, flags)
  const { status, planned, done, failed } = outcome
  if (status === 'stopped') {
    const resume = commandLine(process.argv.slice(2))
    if (flags.json) printJson({ ...outcome, directory, resume })
    note(`stopped: ${done} of ${planned} trials are done; to go on run\n  ${resume}`)
    process.exitCode = exitCodes.interrupted
    return
  }
  await showResults(outcome, directory, flags)
  if (status === 'failed-trials') {
    note(`${failed} of ${planned} trials failed; to see why run\n  ${commandLine(['status', directory])}`)
    process.exitCode = exitCodes.failedParts
  }
}

/** What is asked for; a person's own images are looked at first. */
async function chooseStudy(what: string | undefined, flags: RunFlags): Promise<AskedStudy> {
  const { askedStudy } = await import('../asked-study.ts')
  const decoding = showDecoding(process.stderr)
  const { out: directory, workers } = flags
  return askedStudy(what, flags, { directory, workers, progress: decoding.update }).finally(decoding.end)
}

function showChoices(choices: readonly string[]): void {
  for (const choice of choices) note(wrap(`- ${choice}`, widthOf(process.stderr)))
}

async function train(
  config: StudyConfig,
  directory: string,
  { workers, checkpointEvery, retryFailed, quiet }: RunFlags,
): Promise<StudyOutcome> {
  const { runStudy } = await import('../../study/run.ts')
  const progress = showProgress(process.stderr)
  const interrupts = catchInterrupts(
    () => progress.say('stopping: what runs is saved first; press Ctrl-C again to stop at once'),
    exitCodes.interrupted,
  )
  try {
    const { stop, kill } = interrupts
    const onEvent = quiet ? undefined : progress.update
    return await runStudy(config, { directory, workers, checkpointEvery, retryFailed, stop, kill, onEvent })
  } finally {
    interrupts.release()
    progress.end()
  }
}

async function showResults(outcome: StudyOutcome, directory: string, { json, quiet }: RunFlags): Promise<void> {
  const { compareStudy } = await import('../../study/open-study.ts')
  const { writeReport } = await import('../report-file.ts')
  const comparison = await compareStudy(directory)
  const report = await writeReport(comparison, directory)
  if (json) printJson({ ...outcome, directory, report, advice: comparison.advice })
  else if (quiet) print(report)
  else await printTable(comparison, report)
}

async function printTable(comparison: Comparison, report: string): Promise<void> {
  const { renderTable } = await import('../../report/terminal.ts')
  const width = widthOf(process.stdout)
  if (comparison.trials.done > 0) print(renderTable(comparison, { colour: hasColours(process.stdout), width }))
  for (const reason of comparison.advice.reasons) print(wrap(reason, width, '  '))
  print(`\nreport: ${report}`)
}
