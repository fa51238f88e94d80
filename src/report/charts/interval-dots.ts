import { axisY, dot, type Markish, ruleX, ruleY } from '@observablehq/plot'
import { shorten } from '../format.ts'
import { type ChartOptions, draw, labelMargin, markerPaint, paddedDomain, type Series, type Svg } from './chart.ts'

export interface IntervalPoint {
  readonly series: string
  readonly mean: number
  readonly low: number | undefined
  readonly high: number | undefined
  readonly note: string | undefined
}

export interface IntervalDotsOptions extends ChartOptions {
  readonly series: readonly Series[]
  readonly xLabel: string
  /** A dashed line to compare with: the baseline's mean. */
  readonly reference: number | undefined
}

/** One row a method with its mean and 95 % interval: what a cell that no axis joins to others looks like. */
export function intervalDots(points: readonly IntervalPoint[], options: IntervalDotsOptions): Svg {
  const { series, reference } = options
  const titles = new Map(series.map(({ id, title }) => [id, shorten(title, 28)]))
  const marks = series.flatMap(({ id, style }): Markish[] => {
    const own = points.filter((point) => point.series === id)
    const bounded = own.filter(({ low, high }) => low !== undefined && high !== undefined)
    return [
      ruleY(bounded, { y: 'series', x1: 'low', x2: 'high', stroke: style.colour, strokeWidth: 1.6 }),
      dot(own, {
        y: 'series',
        x: 'mean',
        r: 4,
        symbol: style.symbol,
        ...markerPaint(style),
        ...(own.some(({ note }) => note !== undefined) ? { title: 'note' } : {}),
      }),
    ]
  })
  return draw(options, {
    height: 62 + 22 * series.length,
    marginLeft: labelMargin([...titles.values()]),
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
    y: { type: 'point', domain: series.map(({ id }) => id), label: null, padding: 0.6 },
    marks: [
      axisY({ tickSize: 0, label: null, tickFormat: (id: string) => titles.get(id) ?? id }),
      ...(reference === undefined ? [] : [ruleX([reference], { stroke: 'var(--muted)', strokeDasharray: '3 3' })]),
      ...marks,
    ],
  })
}
