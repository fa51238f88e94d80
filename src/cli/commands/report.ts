import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { note, print, printJson } from '../terminal.ts'

interface ReportFlags {
  readonly out?: string
  readonly format: 'html' | 'md'
  readonly figures?: string
  readonly json?: boolean
}

/** evenkeel report */
export function reportCommand(): Command {
  return createCommand(
    'report',
    'Write the HTML report of a study, whole or as far as it is, or what several say of the paper.',
    [
      ['evenkeel report', 'for the only study in ./evenkeel-out'],
      ['evenkeel report evenkeel-out/digits --out digits.html', 'into another file'],
      [
        'evenkeel report evenkeel-out/mnist evenkeel-out/cifar --figures figures',
        'what both say of the paper, with its figures as files',
      ],
      ['evenkeel report evenkeel-out/mnist --format md', 'claims and tables to paste into a document'],
    ],
  )
    .argument('[dirs...]', 'folders of the studies (default: the only one in ./evenkeel-out)')
    .option(
      '--out <file>',
      'where to write (default: report.html in the folder; ./reproduction.html or .md for what they say of the paper)',
    )
    .addOption(
      new Option('--format <format>', "html, or md for the paper's claims, tables and advice alone")
        .choices(['html', 'md'])
        .default('html'),
    )
    .option('--figures <folder>', 'write every figure as an SVG file as well')
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(report)
}

interface Written {
  /** Path of the report. */
  readonly report: string
  /** Paths of the figures; undefined where none were asked for. */
  readonly figures: readonly string[] | undefined
  readonly trials: { readonly planned: number; readonly done: number; readonly failed?: number }
}

async function report(given: readonly string[], flags: ReportFlags): Promise<void> {
  const { findStudy } = await import('../study-folder.ts')
  const directories = given.length === 0 ? [findStudy(undefined)] : given.map(findStudy)
  const [only, ...others] = directories
  const isPlain = others.length === 0 && flags.format === 'html'
  const written = isPlain ? await reportStudy(only!, flags) : await reportPaper(directories, flags)
  const { planned, done, failed } = written.trials
  const lost = failed === undefined ? '' : `, ${failed} failed`
  if (done < planned) note(`the report is partial: ${done} of ${planned} trials are done${lost}`)
  if (flags.json)
    printJson({ ...(isPlain ? { directory: only } : { directories }), ...written, complete: done === planned })
  else for (const path of [written.report, ...(written.figures ?? [])]) print(path)
}

/** Everything that one study found. */
async function reportStudy(directory: string, { out, figures }: ReportFlags): Promise<Written> {
  const { compareStudy } = await import('../../study/open-study.ts')
  const { studyFigureFiles } = await import('../../report/figure-files.tsx')
  const { writeFigures, writeReport } = await import('../report-file.ts')
  const comparison = await compareStudy(directory)
  return {
    report: await writeReport(comparison, directory, out),
    figures: figures === undefined ? undefined : await writeFigures(studyFigureFiles(comparison), figures),
    trials: comparison.trials,
  }
}

/** What one or several studies say of the paper. */
async function reportPaper(directories: readonly string[], { out, format, figures }: ReportFlags): Promise<Written> {
  const { openReproduction } = await import('../../study/reproduction/open-evidence.ts')
  const { reproductionFigureFiles, reproductionMarkdown, renderReproduction } = await import('../../report/index.ts')
  const { writeFigures, writeWhole } = await import('../report-file.ts')
  const found = await openReproduction(directories)
  const path = resolve(out ?? `reproduction.${format}`)
  await writeWhole(path, format === 'html' ? renderReproduction(found) : reproductionMarkdown(found))
  const total = (count: 'planned' | 'done') => found.studies.reduce((sum, { trials }) => sum + trials[count], 0)
  return {
    report: path,
    figures: figures === undefined ? undefined : await writeFigures(reproductionFigureFiles(found), figures),
    trials: { planned: total('planned'), done: total('done') },
  }
}
