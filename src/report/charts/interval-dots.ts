import { axisY, dot, type Markish, ruleX, ruleY, text } from '@observablehq/plot'
import { shorten } from '../format.ts'
import { type ChartOptions, draw, labelMargin, markerPaint, paddedDomain, type Series, type Svg } from './chart.ts'

export interface IntervalPoint {
  readonly series: string
  /** Id of its row; the default is the series. */
  readonly row?: string
  readonly mean: number
  readonly low: number | undefined
  readonly high: number | undefined
  readonly note: string | undefined
}

export interface IntervalRow {
  readonly id: string
  readonly title: string
  /** What stands in a row that has no point. */
  readonly empty?: string | undefined
}

export interface IntervalDotsOptions extends ChartOptions {
  readonly series: readonly Series[]
  /** Rows that all the series share, one below the other; the default is a row for each series. */
  readonly rows?: readonly IntervalRow[]
  readonly xLabel: string
  /** A dashed line to compare with: the baseline's mean. */
  readonly reference: number | undefined
}

/** Between two series of a row, px. */
const between = 8

/** Longer names of rows are cut to so many characters. */
const longestName = 28

/** Room at the left of rows for their names, px. */
export function rowMargin(rows: readonly IntervalRow[]): number {
  return labelMargin(rows.map(({ title }) => shorten(title, longestName)))
}

/** One row a method with its mean and 95 % interval, or several methods in each of given rows: what no axis joins to others. */
export function intervalDots(points: readonly IntervalPoint[], options: IntervalDotsOptions): Svg {
  const { series, reference } = options
  const rows: readonly IntervalRow[] = options.rows ?? series
  const titles = new Map(rows.map(({ id, title }) => [id, shorten(title, longestName)]))
  const [shared, rowHeight] = options.rows === undefined ? [1, 22] : [series.length, 30]
  const marks = series.flatMap(({ id, style }, position): Markish[] => {
    const own = points.filter((point) => point.series === id)
    const bounded = own.filter(({ low, high }) => low !== undefined && high !== undefined)
    const place = {
      y: ({ row, series }: IntervalPoint) => row ?? series,
      dy: shared === 1 ? 0 : (position - (shared - 1) / 2) * between,
    }
    return [
      ruleY(bounded, { ...place, x1: 'low', x2: 'high', stroke: style.colour, strokeWidth: 1.6 }),
      dot(own, {
        ...place,
        x: 'mean',
        r: 4,
        symbol: style.symbol,
        ...markerPaint(style),
        ...(own.some(({ note }) => note !== undefined) ? { title: 'note' } : {}),
      }),
    ]
  })
  const empty = rows.filter((row) => row.empty !== undefined)
  return draw(options, {
    height: 62 + rowHeight * rows.length,
    marginLeft: rowMargin(rows),
    marginRight: 12,
    marginTop: 8,
    marginBottom: 40,
    x: {
      domain: paddedDomain(points.flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean])),
      label: options.xLabel,
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      ticks: 4,
      tickSize: 0,
    },
    y: { type: 'point', domain: rows.map(({ id }) => id), label: null, padding: 0.6 },
    marks: [
      axisY({ tickSize: 0, label: null, tickFormat: (id: string) => titles.get(id) ?? id }),
      ...(reference === undefined ? [] : [ruleX([reference], { stroke: 'var(--muted)', strokeDasharray: '3 3' })]),
      text(empty, {
        y: 'id',
        text: 'empty',
        frameAnchor: 'left',
        dx: 6,
        fill: 'var(--muted)',
        stroke: 'var(--surface)',
        strokeWidth: 6,
      }),
      ...marks,
    ],
  })
}
