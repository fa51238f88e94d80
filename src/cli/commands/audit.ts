import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { AuditReport, Severity, StudyOutlook } from '../../audit/audit-report.ts'
import type { Examination } from '../../audit/examine.ts'
import { EvenkeelError } from '../../base/errors.ts'
import { createCommand, jsonOption, verboseOption } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { bar, statusLine } from '../status-line.ts'
import { count } from '../study-options.ts'
import { note, print, printJson } from '../terminal.ts'

interface AuditFlags {
  readonly html?: string
  readonly minutes: number
  readonly estimate: boolean
  readonly failOn?: 'warning' | 'error'
  readonly json?: boolean
}

/** evenkeel audit */
export function auditCommand(): Command {
  return createCommand(
    'audit',
    'Look at all images before a study: sizes of classes, duplicates, bad files, what can be said.',
    [
      ['evenkeel audit photos', 'a folder with a sub-folder for each class'],
      ['evenkeel audit photos --html audit.html', 'the same as a page with pictures'],
      ['evenkeel audit photos --fail-on error', 'ends with 4 where something must be mended: for a script'],
      ['evenkeel audit idx:data/mine --json', 'for another program'],
    ],
  )
    .argument('<images>', 'a path or a reference; see evenkeel data list')
    .option('--html <file>', 'write a page with pictures')
    .addOption(new Option('--minutes <number>', 'that a study may take').argParser(count).default(20))
    .option('--no-estimate', 'leave out how long a study takes, for which a second of steps is measured')
    .addOption(
      new Option('--fail-on <severity>', 'end with 4 where there is such a finding or a worse one').choices([
        'warning',
        'error',
      ]),
    )
    .addOption(jsonOption())
    .addOption(verboseOption())
    .action(auditImages)
}

async function auditImages(place: string, flags: AuditFlags): Promise<void> {
  const { audit } = await import('../../audit/audit.ts')
  const { examine } = await import('../../audit/examine.ts')
  const line = statusLine(process.stderr, () => performance.now())
  const progress = (what: string, done: number, of: number) =>
    line.refresh(() => `${what}  ${bar(done / of)}  ${done} of ${of}`)
  const examination = await examine(place, { progress }).finally(line.clear)
  const study = flags.estimate ? await outlookOn(examination, flags.minutes) : undefined
  const report = audit({ ...examination, minutes: flags.minutes, study })
  const html = flags.html === undefined ? undefined : await writePage(report, examination, flags.html)
  if (flags.json) printJson({ ...report, html })
  else {
    const { auditText } = await import('../audit-text.ts')
    print(auditText(report))
    note(html === undefined ? 'add --html audit.html for a page with pictures' : `the page is ${html}`)
  }
  if (flags.failOn && hasFinding(report, flags.failOn)) process.exitCode = exitCodes.failedCheck
}

async function writePage(report: AuditReport, { dataset }: Examination, path: string): Promise<string> {
  const { takePictures } = await import('../../audit/pictures.ts')
  const { renderAuditPage } = await import('../../audit/page/page.tsx')
  const { writeWhole } = await import('../report-file.ts')
  const target = resolve(path)
  await writeWhole(target, renderAuditPage(report, await takePictures(report, dataset)))
  return target
}

function hasFinding({ findings }: AuditReport, least: 'warning' | 'error'): boolean {
  const counted: readonly Severity[] = least === 'error' ? ['error'] : ['error', 'warning']
  return findings.some(({ severity }) => counted.includes(severity))
}

/** What a study of these images would be, or why there is none; undefined where they cannot be split, which the examination says. */
async function outlookOn(
  { place, split }: Examination,
  minutes: number,
): Promise<StudyOutlook | EvenkeelError | undefined> {
  if (split instanceof EvenkeelError) return undefined
  const { resolveReference } = await import('../../data/index.ts')
  const { chosenStudy } = await import('../own-images.ts')
  try {
    const { own } = await chosenStudy(await resolveReference(place), { minutes })
    return { minutes, choices: own!.choices }
  } catch (error) {
    if (error instanceof EvenkeelError) return error
    throw error
  }
}
