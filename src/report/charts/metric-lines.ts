import { areaY, axisX, dot, line, type Markish, ruleX } from '@observablehq/plot'
import type { FigureLine, LineFigure } from '../../study/reproduction/page.ts'
import { count, decimalsFor, fixed, interval } from '../format.ts'
import type { LineStyle } from '../theme.ts'
import { type ChartOptions, draw, emphasisLast, markerPaint, paddedDomain, type Svg } from './chart.ts'

export interface MetricLinesOptions extends ChartOptions {
  /** The looks of every line, by id. */
  readonly styles: ReadonlyMap<string, LineStyle>
  /** Drawn heavier: the recommended method. */
  readonly emphasis?: string | undefined
  /** Whether a pointer over a marker shows its numbers. */
  readonly notes?: boolean
  /** px; 260 by default. */
  readonly height?: number
}

/** Share of the axis over which the lines of one x are spread, so that their intervals do not hide each other. */
const spread = 0.055

/** Lines of more points than this are curves: markers would be a smear, and intervals become a band. */
const markersUpTo = 12

/** Half of a digit's width at the type size of the axes, px. */
const halfLetter = 3.2

/** A value against the imbalance ratio, the minority fraction or whatever else: a line with 95 % intervals for each series. */
export function metricLines(figure: LineFigure, options: MetricLinesOptions): Svg {
  const { lines, x, y } = figure
  const { styles, emphasis, notes = false, height = 260 } = options
  const forward = x.scale === 'log' ? Math.log10 : (value: number) => value
  const back = x.scale === 'log' ? (t: number) => 10 ** t : (t: number) => t
  const points = lines.flatMap((entry) => entry.points)
  const ticks = [...new Set(points.map((point) => point.x))].sort((a, b) => a - b)
  const [first, last] = [forward(ticks[0] ?? 1), forward(ticks.at(-1) ?? 1)]
  const extent = last - first || 1
  const isDense = lines.some((entry) => entry.points.length > markersUpTo)
  const nudged = (value: number, position: number) => {
    const middle = (lines.length - 1) / 2
    return back(forward(value) + (middle === 0 ? 0 : ((position - middle) / middle) * extent * spread))
  }
  const marks = emphasisLast(lines, emphasis).flatMap((entry): Markish[] => {
    const { id } = entry
    const style = styles.get(id)!
    const position = lines.indexOf(entry)
    const own = isDense ? entry.points : entry.points.map((point) => ({ ...point, x: nudged(point.x, position) }))
    const bounded = own.filter(({ low, high }) => low !== undefined && high !== undefined)
    const limits = { x: 'x', y1: 'low', y2: 'high' } as const
    const course = line(own, {
      x: 'x',
      y: 'mean',
      stroke: style.colour,
      strokeWidth: id === emphasis ? 2.6 : 1.5,
      ...(style.dash === undefined ? {} : { strokeDasharray: style.dash }),
    })
    if (isDense) return [areaY(bounded, { ...limits, fill: style.colour, fillOpacity: 0.13 }), course]
    const titles = notes ? notesOf(figure, entry) : undefined
    return [
      ruleX(bounded, { ...limits, stroke: style.colour, strokeOpacity: 0.55 }),
      course,
      dot(own, {
        x: 'x',
        y: 'mean',
        r: id === emphasis ? 4 : 3.2,
        symbol: style.symbol,
        ...markerPaint(style),
        ...(titles && { title: (_: unknown, index: number) => titles[index] }),
      }),
    ]
  })
  const reach = extent * (isDense ? 0.01 : spread + 0.05)
  const place = (value: number) => ((forward(value) - first) / (extent + 2 * reach)) * (options.width - 60)
  const look = { label: x.label, labelAnchor: 'center', labelArrow: 'none', tickSize: 4 } as const
  // A log scale's own labels leave out what is no power of ten where space is scarce.
  const axis = isDense
    ? axisX({ ...look, ticks: 4, tickFormat: labelOf })
    : axisX(sparse(ticks, place), { ...look, text: labelOf })
  return draw(options, {
    height,
    marginLeft: 50,
    marginRight: isDense ? 16 : 10,
    marginTop: 24,
    marginBottom: 40,
    x: { type: x.scale, domain: [back(first - reach), back(last + reach)] },
    y: {
      domain: paddedDomain(points.flatMap(({ mean, low, high }) => [mean, low ?? mean, high ?? mean])),
      label: y.label,
      labelArrow: 'none',
      grid: true,
      ticks: 5,
      tickSize: 0,
    },
    marks: [axis, ...marks],
  })
}

/** What a pointer over each marker of a line shows. */
function notesOf({ caption, lines, x }: LineFigure, { title, points }: FigureLine): string[] {
  const decimals = decimalsFor(lines.flatMap((entry) => entry.points.map(({ mean }) => mean)))
  return points.map((point) => {
    const limits = interval(point, decimals)
    return `${title}\n${caption}\n${x.label}: ${point.x}\n${fixed(point.mean, decimals)}${limits ? ` (${limits})` : ''}`
  })
}

/** Of ascending ticks, those whose labels do not touch; the last one always. `at` is a tick's place on the drawing, px. */
function sparse(ticks: readonly number[], at: (x: number) => number): number[] {
  const kept: number[] = []
  for (const tick of [...ticks].reverse()) {
    const next = kept[0]
    const needed = 6 + halfLetter * (labelOf(tick).length + labelOf(next ?? tick).length)
    if (next === undefined || at(next) - at(tick) >= needed) kept.unshift(tick)
  }
  return kept
}

function labelOf(x: number): string {
  return x < 10_000 ? String(x) : count(x)
}
