import { axisX, axisY, dot, ruleX, ruleY } from '@observablehq/plot'
import { fixed, shorten } from '../format.ts'
import { type ChartOptions, draw, labelMargin, markerPaint, type Series, type Svg } from './chart.ts'

export interface RankedSeries extends Series {
  readonly meanRank: number
}

export interface RankDiagramOptions extends ChartOptions {
  /** Groups that cannot be told apart, as ids in rank order; groups of one are not drawn. */
  readonly groups: readonly (readonly string[])[]
  /** Nemenyi's critical difference, drawn to scale as the first row. */
  readonly criticalDifference: number | undefined
}

/** Key of the row that holds the ruler: no method's id starts with a space. */
const rulerRow = ' ruler'

/**
 * The critical difference diagram of Demsar (2006), turned by a quarter so that long names have room: one row a method,
 * best first, and at the right a bar for every group whose ranks cannot be told apart.
 */
export function rankDiagram(ranked: readonly RankedSeries[], options: RankDiagramOptions): Svg {
  const rows = ranked.map(({ id }) => id)
  const titles = new Map(ranked.map(({ id, title }) => [id, shorten(title, 28)]))
  const groups = options.groups
    .map((group) => group.filter((id) => titles.has(id)))
    .filter((group) => group.length > 1)
    .map((group) => ({ first: group[0]!, last: group.at(-1)! }))
  const bars = groups.length * 9
  const methods = Math.max(2, ranked.length)
  const { criticalDifference } = options
  const ruler = criticalDifference === undefined ? [] : [{ from: 1, to: Math.min(methods, 1 + criticalDifference) }]
  const domain = [...ruler.map(() => rulerRow), ...rows]
  const label = (row: string) =>
    row === rulerRow ? `critical difference ${fixed(criticalDifference, 2)}` : (titles.get(row) ?? row)
  return draw(options, {
    height: 56 + 24 * domain.length,
    marginLeft: labelMargin(domain.map(label)),
    marginRight: 16 + bars,
    marginTop: 6,
    marginBottom: 36,
    x: { domain: [1, methods] },
    y: { type: 'point', domain, label: null, padding: 0.6 },
    marks: [
      axisX({
        ticks: Array.from({ length: methods }, (_, index) => index + 1),
        tickFormat: String,
        tickSize: 4,
        label: 'mean rank (1 is best)',
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      axisY({ tickSize: 0, label: null, tickFormat: label }),
      ruleY(ruler, { y: () => rulerRow, x1: 'from', x2: 'to', strokeWidth: 1.5 }),
      dot(
        ruler.flatMap(({ from, to }) => [from, to]),
        { x: (x: number) => x, y: () => rulerRow, r: 2.5, fill: 'currentColor' },
      ),
      ruleY(ranked, { y: 'id', x1: 1, x2: 'meanRank', stroke: 'var(--line-strong)' }),
      ...ranked.map((entry) =>
        dot([entry], { x: 'meanRank', y: 'id', r: 4.5, symbol: entry.style.symbol, ...markerPaint(entry.style) }),
      ),
      ...groups.map((group, index) =>
        ruleX([group], {
          x: methods,
          y1: 'first',
          y2: 'last',
          dx: 14 + index * 9,
          stroke: 'currentColor',
          strokeWidth: 3,
          strokeLinecap: 'round',
        }),
      ),
    ],
  })
}
