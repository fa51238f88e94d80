import type { Estimate } from '../study/comparison.ts'
import type { Table } from '../study/reproduction/page.ts'
import { count, decimalsFor, fixed, halfWidth, interval, isKnown } from './format.ts'

type Value = Table['rows'][number][number]

/** A cell of a table as print shows it. */
export interface TableCell {
  readonly text: string
  /** 95 % interval of an estimate. */
  readonly limits?: string | undefined
}

export interface TableCells {
  readonly rows: readonly (readonly TableCell[])[]
  /** Whether a column holds numbers alone, and is set to the right. */
  readonly isNumeric: readonly boolean[]
}

/** The cells of a table as texts; the estimates of a column have the same decimals. */
export function tableCells({ columns, rows }: Table): TableCells {
  // What is undefined in a list comes out of JSON as null.
  const byColumn = columns.map((_, at) => rows.map((row) => row[at] ?? undefined))
  const decimals = byColumn.map((values) => estimateDecimals(values.filter(isEstimate)))
  return {
    rows: rows.map((_, row) => byColumn.map((values, at) => cellOf(values[row], decimals[at]!))),
    isNumeric: byColumn.map(
      (values) => values.some((value) => value !== undefined) && values.every((value) => typeof value !== 'string'),
    ),
  }
}

function cellOf(value: Value, decimals: number): TableCell {
  if (value === undefined) return { text: '–' }
  if (typeof value === 'string') return { text: value }
  if (typeof value === 'number')
    return { text: Number.isInteger(value) ? count(value) : fixed(value, plainDecimals(value)) }
  return { text: fixed(value.mean, decimals), limits: interval(value, decimals) }
}

function isEstimate(value: Value): value is Estimate {
  return typeof value === 'object'
}

/** As many decimals as give the middle one of the intervals two digits. */
function estimateDecimals(estimates: readonly Estimate[]): number {
  const halves = estimates
    .map(halfWidth)
    .filter(isKnown)
    .filter((half) => half > 0)
    .sort((a, b) => a - b)
  const middle = halves[Math.floor(halves.length / 2)]
  return middle === undefined
    ? decimalsFor(estimates.map(({ mean }) => mean))
    : Math.min(5, Math.max(0, 1 - Math.floor(Math.log10(middle))))
}

/** Up to four digits after the leading zeros, none of them a trailing zero. */
function plainDecimals(value: number): number {
  const [, fraction = ''] = String(Number(value.toPrecision(4))).split('.')
  return Math.min(6, fraction.length)
}
