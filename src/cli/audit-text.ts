/** An audit as text for a terminal: classes, what they can say, files, duplicates, advice; findings and what to type last. */
import type { AuditReport, DuplicateAudit, Severity, StudyOutlook } from '../audit/audit-report.ts'
import { tierMeanings } from '../audit/classes.ts'
import { shownClasses, sortedDuplicates } from '../audit/pictures.ts'
import { points } from '../audit/precision.ts'
import { headline, outlookTitle } from '../audit/sentences.ts'
import { printable } from '../base/printable.ts'
import { plural } from '../report/format.ts'
import { paint, table, widthOf, wrap } from './terminal.ts'

const BAR_WIDTH = 32

/** So many classes are listed, the largest and the smallest; so many files and groups are named. */
const CLASSES = 30
const NAMED = 5

const marks: Readonly<Record<Severity, string>> = { error: '✕', warning: '▲', note: '○' }
const colours = { error: 'red', warning: 'yellow', note: 'dim' } as const

/** Everything that a person reads of an audit. */
export function auditText(report: AuditReport): string {
  const width = Math.min(widthOf(process.stdout), 100)
  const parts = [
    `${paint('bold', printable(report.name))}: ${printable(report.description)}\n${numbers(report)}`,
    section(
      'classes',
      classes(report),
      `tiers: ${Object.entries(tierMeanings)
        .map((pair) => pair.join(' '))
        .join(', ')}`,
      width,
    ),
    section('what can be said of each class', precision(report), report.precision.formula, width),
    ...(report.files ? [section('files', files(report), undefined, width)] : []),
    ...(report.unreadable.length > 0 ? [section('unreadable files', unreadable(report), undefined, width)] : []),
    ...(report.duplicates.length > 0 ? [section('duplicates', duplicates(report), undefined, width)] : []),
    ...(report.advice.length > 0
      ? [section('what the paper recommends', advice(report, width), undefined, width)]
      : []),
    ...(report.literature.length > 0
      ? [section('what later work did for the tail', literature(report, width), undefined, width)]
      : []),
    ...(report.study
      ? [section(outlookTitle(report.study).toLowerCase(), choices(report.study, width), undefined, width)]
      : []),
    section('findings', findings(report, width), undefined, width),
    section(
      'next',
      report.next.map(({ command, effect }) => `${printable(command)}\n    ${effect}`).join('\n'),
      undefined,
      width,
    ),
  ]
  return parts.join('\n\n')
}

function section(title: string, text: string, note: string | undefined, width: number): string {
  return [paint('bold', title), text, ...(note === undefined ? [] : [paint('dim', wrap(note, width))])].join('\n')
}

function numbers({ images, classes: { length }, groups, imbalance }: AuditReport): string {
  const inGroups = groups === undefined ? '' : ` in ${plural(groups, 'group')}`
  return (
    `${plural(images, 'image')}${inGroups}, ${length} classes; imbalance ratio rho ${imbalance.rho.toFixed(1)} (largest over smallest ` +
    `class), mu ${imbalance.mu.toFixed(2)} (fraction of classes below the mean of ${imbalance.meanClass.toFixed(1)})`
  )
}

/** The classes from the largest to the smallest; of many the middle ones are left out. */
function tabledClasses({ classes }: AuditReport) {
  const shown = shownClasses(classes, CLASSES)
  const rest = classes.length - shown.length
  return { shown, omitted: rest > 0 ? `\n  ${rest} classes between them are in the JSON report` : '' }
}

function classes(report: AuditReport): string {
  const { shown, omitted } = tabledClasses(report)
  const most = Math.max(...report.classes.map(({ images }) => images))
  const rows = shown.map(({ name, images, tier, official }) => [
    `  ${name}`,
    images,
    tier,
    ...(report.hasOfficialTest ? [official.train, official.selection, official.test] : []),
    '█'.repeat(Math.max(images > 0 ? 1 : 0, Math.round((images / most) * BAR_WIDTH))),
  ])
  const heading = ['  class', 'images', 'tier', ...(report.hasOfficialTest ? ['train', 'selection', 'test'] : []), '']
  return table([heading, ...rows]) + omitted
}

function precision(report: AuditReport): string {
  const { shown, omitted } = tabledClasses(report)
  const half = (value: number | undefined) => (value === undefined ? '–' : `±${points(value)}`)
  const rows = shown.map(({ name, split, precision: own }) => [
    `  ${name}`,
    split.train,
    split.selection,
    split.test,
    half(own.inOneSplit),
    half(own.atBest),
    statements[own.verdict],
  ])
  const heading = ['  class', 'train', 'selection', 'test', 'one split', 'at best', 'recall']
  return table([heading, ...rows]) + omitted
}

const statements = {
  impossible: 'cannot be studied',
  nothing: 'no statement can be made',
  rough: 'only large differences show',
  sound: 'known within 10 points',
} as const

function files({ files: found, classes: all }: AuditReport): string {
  const { sizes, formats, modes } = found!
  const range = ([least, lower, median, upper, greatest]: readonly number[], decimals = 0) =>
    [least, lower, median, upper, greatest].map((value) => value!.toFixed(decimals)).join('  ')
  const list = (tallies: typeof formats) => tallies.map(({ value, images }) => `${value} ${images}`).join(', ')
  return table([
    ['  width', range(sizes.width)],
    ['  height', range(sizes.height)],
    ['  width over height', range(sizes.aspect, 2)],
    ['  formats', list(formats)],
    ['  colour modes', list(modes)],
    [
      '  ',
      paint(
        'dim',
        `least, quartiles and greatest of ${plural(
          all.reduce((sum, { images }) => sum + images, 0),
          'image',
        )}`,
      ),
    ],
  ])
}

function unreadable({ unreadable: list }: AuditReport): string {
  return firstOf(list, ({ path, reason }) => `${printable(path)}: ${reason}`)
}

const sortNames = {
  acrossLabels: 'with more than one label',
  acrossRoles: 'in two official sets',
  acrossGroups: 'in different groups',
  same: 'the same image again',
  near: 'nearly the same image',
} as const

function duplicates(report: AuditReport): string {
  return Object.entries(sortedDuplicates(report))
    .filter(([, groups]) => groups.length > 0)
    .map(
      ([sort, groups]) =>
        `  ${sortNames[sort as keyof typeof sortNames]}: ${plural(groups.length, 'group')}\n${firstOf(groups, groupText)}`,
    )
    .join('\n')
}

function groupText({ kind, members }: DuplicateAudit): string {
  const names = firstNames(members.map(({ name, label }) => `${printable(name)} (${label})`))
  return `${kind}: ${names}`
}

function firstNames(names: readonly string[]): string {
  const rest = names.length - NAMED
  return names.slice(0, NAMED).join(' = ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** The first of a list, a line each, and how many more the JSON report has. */
function firstOf<Item>(items: readonly Item[], line: (item: Item) => string): string {
  const rest = items.length - NAMED
  const lines = items.slice(0, NAMED).map((item) => `    ${line(item)}`)
  return [...lines, ...(rest > 0 ? [`    and ${rest} more in the JSON report`] : [])].join('\n')
}

function advice({ advice: rules }: AuditReport, width: number): string {
  return rules
    .map(({ advice: text, source, ours }) => {
      const ourText = ours ? `our studies: ${ours.verdict}` : 'our studies: no such case'
      return `${bullet(text, width)}\n    ${paint('dim', `${source}; ${ourText}`)}`
    })
    .join('\n')
}

function literature({ literature: readings }: AuditReport, width: number): string {
  return readings
    .map(({ title, sentence, source }) => `${bullet(`${title}: ${sentence}`, width)}\n    ${paint('dim', source)}`)
    .join('\n')
}

function choices({ choices: sentences }: StudyOutlook, width: number): string {
  return sentences.map((sentence) => bullet(printable(sentence), width)).join('\n')
}

function bullet(text: string, width: number): string {
  return wrap(text, width, '    ').replace(/^ {4}/, '  - ')
}

function findings({ findings: found }: AuditReport, width: number): string {
  const lines = found.map(({ severity, sentence, action }) => {
    const mark = paint(colours[severity], `${marks[severity]} ${severity}`)
    return `${mark}\n${wrap(sentence, width, '    ')}\n${wrap(action, width, '    ')}`
  })
  return [headline(found), ...lines].join('\n')
}
