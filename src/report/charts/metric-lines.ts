import { dot, line, type Markish, ruleX } from '@observablehq/plot'
import { type ChartOptions, draw, emphasisLast, markerPaint, paddedDomain, type Series, type Svg } from './chart.ts'

export interface LinePoint {
  readonly series: string
  readonly x: number
  readonly mean: number
  /** 95 % limits; undefined for a single replicate. */
  readonly low: number | undefined
  readonly high: number | undefined
  /** What a pointer over the marker shows. */
  readonly note: string | undefined
}

export interface MetricLinesOptions extends ChartOptions {
  readonly series: readonly Series[]
  readonly xLabel: string
  readonly xScale: 'log' | 'linear'
  readonly yLabel: string
  /** Drawn heavier: the recommended method. */
  readonly emphasis: string | undefined
}

/** Share of the axis over which the methods of one x are spread, so that their intervals do not hide each other. */
const spread = 0.055

/** A metric against the imbalance ratio or the minority fraction: a line and 95 % intervals for each method. */
export function metricLines(points: readonly LinePoint[], options: MetricLinesOptions): Svg {
  const { series, xScale, emphasis } = options
  const forward = xScale === 'log' ? Math.log10 : (x: number) => x
  const back = xScale === 'log' ? (t: number) => 10 ** t : (t: number) => t
  const ticks = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b)
  const [first, last] = [forward(ticks[0] ?? 1), forward(ticks.at(-1) ?? 1)]
  const extent = last - first || 1
  const nudged = (x: number, position: number) => {
    const middle = (series.length - 1) / 2
    return back(forward(x) + (middle === 0 ? 0 : ((position - middle) / middle) * extent * spread))
  }
  const marks = emphasisLast(series, emphasis).flatMap((entry): Markish[] => {
    const { id, style } = entry
    const position = series.indexOf(entry)
    const own = points
      .filter((point) => point.series === id)
      .map((point) => ({ ...point, x: nudged(point.x, position) }))
      .sort((a, b) => a.x - b.x)
    const dash = style.dash === undefined ? {} : { strokeDasharray: style.dash }
    const weight = id === emphasis ? 2.6 : 1.5
    const bounded = own.filter(({ low, high }) => low !== undefined && high !== undefined)
    return [
      ruleX(bounded, { x: 'x', y1: 'low', y2: 'high', stroke: style.colour, strokeOpacity: 0.55 }),
      line(own, { x: 'x', y: 'mean', stroke: style.colour, strokeWidth: weight, ...dash }),
      dot(own, {
        x: 'x',
        y: 'mean',
        r: id === emphasis ? 4 : 3.2,
        symbol: style.symbol,
        ...markerPaint(style),
        ...(own.some(({ note }) => note !== undefined) ? { title: 'note' } : {}),
      }),
    ]
  })
  const reach = extent * (spread + 0.05)
  return draw(options, {
    height: 260,
    marginLeft: 50,
    marginRight: 10,
    marginTop: 24,
    marginBottom: 40,
    x: {
      type: xScale,
      domain: [back(first - reach), back(last + reach)],
      label: options.xLabel,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: sparse(ticks, forward, extent),
      tickFormat: String,
      tickSize: 4,
    },
    y: {
      domain: paddedDomain(points.flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean])),
      label: options.yLabel,
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickSize: 0,
    },
    marks,
  })
}

/** The ticks that have room for their labels: at least an eleventh of the axis apart. */
function sparse(ticks: readonly number[], forward: (x: number) => number, extent: number): number[] {
  const kept: number[] = []
  for (const tick of ticks) {
    const last = kept.at(-1)
    if (last === undefined || forward(tick) - forward(last) >= extent / 11) kept.push(tick)
  }
  return kept
}
