/** Figures and tables from the same readings, so that every point that a page draws stands in a table of it. */
import { groupBy } from '../../../base/group-by.ts'
import { profileLabel } from '../../../data/index.ts'
import type { MetricId } from '../../../metrics/index.ts'
import { type Estimate, estimate } from '../../estimate.ts'
import { difference } from '../effect.ts'
import type { ByReplicate, EvidenceCell } from '../evidence.ts'
import type { LineFigure, Table } from '../page.ts'

/** A method's metric in a cell; pages extend it by what else places a number. */
export interface Reading<C extends EvidenceCell = EvidenceCell> {
  readonly cell: C
  readonly method: string
  readonly estimate: Estimate
}

/** Of every cell and method that have a value. */
export function readingsOf<C extends EvidenceCell>(
  cells: readonly C[],
  methods: readonly string[],
  metric: MetricId,
): Reading<C>[] {
  return cells.flatMap((cell) =>
    methods.flatMap((method) => {
      const value = estimate([...cell.values(method, metric).values()])
      return value ? [{ cell, method, estimate: value }] : []
    }),
  )
}

/** Mean of a - b over the replicates that both have. */
export function pairedDifference(a: ByReplicate, b: ByReplicate): Estimate | undefined {
  return estimate([...difference(a, b).values()])
}

interface FigureLayout<R> {
  /** The caption, which tells panels apart. */
  panel(reading: R): string
  line(reading: R): { readonly id: string; readonly title: string }
  readonly x: { readonly label: string; readonly scale: 'log' | 'linear'; at(reading: R): number }
  readonly y: { readonly label: string }
}

/** A figure for each panel in which some line has two places on the axis. */
export function figuresOf<R extends { readonly estimate: Estimate }>(
  readings: readonly R[],
  { panel, line, x: { at, ...x }, y }: FigureLayout<NoInfer<R>>,
): LineFigure[] {
  return [...groupBy(readings, panel)].flatMap(([caption, own]) => {
    const lines = [...groupBy(own, (reading) => line(reading).id).values()].map((members) => ({
      ...line(members[0]!),
      points: members
        .map((reading) => {
          const { mean, low, high } = reading.estimate
          return { x: at(reading), mean, low, high }
        })
        .sort((a, b) => a.x - b.x),
    }))
    return lines.some(({ points }) => points[0]!.x < points.at(-1)!.x) ? [{ caption, x, y, lines }] : []
  })
}

interface TableLayout<R> {
  /** Headings and values of the columns that name a row. */
  row(reading: R): Readonly<Record<string, string | number>>
  /** Heading of the column in which the reading's estimate stands. */
  column(reading: R): string
}

/** A table with a row for each place and a column for each kind of number; none where there is no reading at all. */
export function tablesOf<R extends { readonly estimate: Estimate }>(
  caption: string,
  readings: readonly R[],
  { row, column }: TableLayout<NoInfer<R>>,
): Table[] {
  const [first] = readings
  if (!first) return []
  const columns = [...new Set(readings.map(column))]
  const rows = [...groupBy(readings, (reading) => JSON.stringify(row(reading))).values()].map((members) => [
    ...Object.values(row(members[0]!)),
    ...columns.map((heading) => members.find((reading) => column(reading) === heading)?.estimate),
  ])
  return [{ caption, columns: [...Object.keys(row(first)), ...columns], rows }]
}

/** Names a row by its cell. */
export function cellRow({ cell }: { readonly cell: EvidenceCell }): Record<string, string> {
  return { dataset: cell.dataset.name, imbalance: profileLabel(cell.profile) }
}
