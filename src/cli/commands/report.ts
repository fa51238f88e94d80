import type { Command } from 'commander'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { note, print, printJson } from '../terminal.ts'

interface ReportFlags {
  readonly out?: string
  readonly json?: boolean
}

/** evenkeel report */
export function reportCommand(): Command {
  return createCommand('report', 'Write the HTML report of a study, whole or as far as it is.', [
    ['evenkeel report', 'for the only study in ./evenkeel-out'],
    ['evenkeel report evenkeel-out/digits --out digits.html', 'into another file'],
  ])
    .argument('[dir]', 'folder of the study (default: the only one in ./evenkeel-out)')
    .option('--out <file>', 'where to write (default: report.html in the folder)')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(report)
}

async function report(given: string | undefined, flags: ReportFlags): Promise<void> {
  const { findStudy } = await import('../study-folder.ts')
  const { compareStudy } = await import('../../study/open-study.ts')
  const { writeReport } = await import('../report-file.ts')
  const directory = findStudy(given)
  const comparison = await compareStudy(directory)
  const path = await writeReport(comparison, directory, flags.out)
  const { planned, done, failed } = comparison.trials
  if (done < planned) note(`the report is partial: ${done} of ${planned} trials are done, ${failed} failed`)
  if (flags.json) printJson({ directory, report: path, complete: done === planned, trials: comparison.trials })
  else print(path)
}
