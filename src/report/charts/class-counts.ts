import { rectY, ruleY } from '@observablehq/plot'
import { type ChartOptions, draw, type Svg } from './chart.ts'

export interface ClassCountsOptions extends ChartOptions {
  /** Upper end of the axis, shared by the panels of a figure. */
  readonly largest: number
}

/** Training examples by class rank on a log axis, [C] counts, most frequent first; a class without examples is a gap. */
export function classCounts(countsByRank: readonly number[], options: ClassCountsOptions): Svg {
  const most = Math.max(0, ...countsByRank)
  const bars = countsByRank.map((count, index) => ({ from: index + 0.58, to: index + 1.42, count }))
  const floor = 0.7
  return draw(options, {
    height: 112,
    marginLeft: 34,
    marginRight: 2,
    marginTop: 8,
    marginBottom: 20,
    x: {
      domain: [0.5, Math.max(countsByRank.length, 1) + 0.5],
      label: null,
      ticks: [1, Math.max(countsByRank.length, 1)],
      tickFormat: String,
      tickSize: 0,
    },
    y: {
      type: 'log',
      domain: [floor, Math.max(options.largest, 10)],
      label: null,
      grid: true,
      ticks: 3,
      tickFormat: (value: number) => (Number.isInteger(Math.log10(value)) ? compact(value) : ''),
      tickSize: 0,
    },
    marks: [
      ...[true, false].map((majority) =>
        rectY(
          bars.filter(({ count }) => count > 0 && (count === most) === majority),
          { x1: 'from', x2: 'to', y1: floor, y2: 'count', fill: majority ? 'var(--majority)' : 'var(--minority)' },
        ),
      ),
      ruleY([floor], { stroke: 'var(--line-strong)' }),
    ],
  })
}

function compact(value: number): string {
  if (value >= 1e6) return `${value / 1e6}M`
  return value >= 1000 ? `${value / 1000}k` : String(value)
}
