import type { FigureLine, LineFigure, Page } from '../../../study/reproduction/page.ts'
import type { ChartOptions } from '../../charts/chart.ts'
import { DataTable } from '../../components/data-table.tsx'
import { Section } from '../../components/layout.tsx'
import { Legend } from '../../components/legend.tsx'
import { LinePanels } from '../../components/line-panels.tsx'
import type { Remark } from '../../remarks.ts'
import { type LineStyle, lineStyles } from '../../theme.ts'

interface AnalysisPageProps {
  readonly page: Page
  readonly remarks: readonly Remark[]
  readonly document: ChartOptions['document']
}

/** One analysis of the paper: its finding beside ours, the figures, the tables. */
export function AnalysisPage({ page, remarks, document }: AnalysisPageProps) {
  const { id, title, source, paper, finding, figures, tables } = page
  const styles = pageStyles(page)
  return (
    <Section id={id} kind="page" title={title} remarks={remarks} lead={source}>
      <div class="beside">
        <div>
          <h3>The paper</h3>
          <p>{paper}</p>
        </div>
        <div class="here">
          <h3>Here</h3>
          <p>{finding}</p>
        </div>
      </div>
      {withSharedLegend(figures).map((group) => (
        <div key={group[0]!.caption} class="figures">
          <Legend series={distinctLines(group).map((line) => ({ ...line, style: styles.get(line.id)! }))} />
          <LinePanels figures={group} styles={styles} document={document} remarks={remarks} />
        </div>
      ))}
      {tables.map((table) => (
        <DataTable key={table.caption} table={table} remarks={remarks} />
      ))}
    </Section>
  )
}

/** The looks of every line of a page. */
export function pageStyles({ figures }: Page): ReadonlyMap<string, LineStyle> {
  return lineStyles(distinctLines(figures).map(({ id }) => id))
}

/** The lines of some figures in order of appearance, each once. */
function distinctLines(figures: readonly LineFigure[]): FigureLine[] {
  return [...new Map(figures.flatMap(({ lines }) => lines.map((line) => [line.id, line]))).values()]
}

/** Figures that have a line in common stand under one legend. */
function withSharedLegend(figures: readonly LineFigure[]): LineFigure[][] {
  const groups: LineFigure[][] = []
  for (const figure of figures) {
    const ids = new Set(figure.lines.map(({ id }) => id))
    const group = groups.find((earlier) => distinctLines(earlier).some(({ id }) => ids.has(id)))
    if (group) group.push(figure)
    else groups.push([figure])
  }
  return groups
}
