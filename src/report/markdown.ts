import type { Claim, Table } from '../study/reproduction/page.ts'
import { remarksOnStudies, studyLine } from './remarks.ts'
import type { ReproductionInput } from './reproduction-report.tsx'
import { tableCells } from './table-cells.ts'

/** The claims, the pages' findings and tables and the rules as Markdown, to be pasted into a document. */
export function reproductionMarkdown({ studies, reproduction }: ReproductionInput): string {
  const { pages, claims, rules } = reproduction
  const remarks = remarksOnStudies(studies)
  const standing = remarks.map(({ text, isWarning }) => (isWarning ? `**${escaped(text)}**` : escaped(text))).join('; ')
  const parts = [
    '## Studies',
    studies.map((study) => `- ${escaped(studyLine(study))}`).join('\n'),
    '## Claims',
    standing,
    markdownTable(['', 'claim', 'verdict', 'why'], claims.map(claimRow)),
    ...pages.flatMap(({ title, source, paper, finding, tables }) => [
      `## ${escaped(title)}`,
      standing,
      `The paper (${escaped(source)}): ${escaped(paper)}`,
      `Here: ${escaped(finding)}`,
      ...tables.flatMap((table) => [`*${escaped(table.caption)}*`, dataTable(table)]),
    ]),
    '## Advice',
    standing,
    markdownTable(
      ['when', 'advice', 'source', 'these runs'],
      rules.map(({ when, advice, source, ours }) => [
        when,
        advice,
        source,
        ours ? `${ours.verdict}: ${ours.sentence}` : 'no setting in this range',
      ]),
    ),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function claimRow({ number, title, verdict, reason }: Claim): string[] {
  return [String(number), title, verdict, reason]
}

/** A table of texts, counts and estimates. */
export function dataTable(table: Table): string {
  const { rows, isNumeric } = tableCells(table)
  const texts = rows.map((row) => row.map(({ text, limits }) => (limits === undefined ? text : `${text} (${limits})`)))
  return markdownTable(table.columns, texts, isNumeric)
}

function markdownTable(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  isNumeric: readonly boolean[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = columns.map((_, at) => (isNumeric[at] ? '---:' : '---'))
  return [line(columns.map(escaped)), line(rule), ...rows.map((row) => line(row.map(escaped)))].join('\n')
}

/** Text in which no name becomes markup, or breaks a table. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/\s+/g, ' ')
}
