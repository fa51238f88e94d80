import type { CellSummary } from '../../study/comparison.ts'
import { intervalDots } from '../charts/interval-dots.ts'
import { metricLines } from '../charts/metric-lines.ts'
import { Chart } from '../components/chart.tsx'
import { Panel, Panels, panelWidth } from '../components/layout.tsx'
import { Legend } from '../components/legend.tsx'
import { type ReportContext, resultOf } from '../context.ts'
import { fixed, interval, isKnown } from '../format.ts'
import { groupBy } from '../group-by.ts'
import type { Measure } from '../measures.ts'
import { baselineId } from '../theme.ts'

interface FigureProps {
  readonly context: ReportContext
  readonly measure: Measure
  readonly cells: readonly CellSummary[]
}

/** Cells that differ in one number only, which is the panel's axis. */
interface Facet {
  readonly caption: string
  readonly cells: readonly CellSummary[]
}

type Axis = 'rho' | 'mu'

/** The metric against the imbalance ratio, against the minority fraction, and the cells that no axis joins. */
export function MetricFigures({ context, measure, cells }: FigureProps) {
  const byRho = facets(cells, 'rho')
  const byMu = facets(cells, 'mu')
  const joined = new Set([...byRho, ...byMu].flatMap((facet) => facet.cells))
  const single = cells.filter((cell) => !joined.has(cell))
  return (
    <>
      {byRho.length > 0 ? (
        <>
          <h3>{measure.label} against the imbalance ratio ρ</h3>
          <Legend series={context.series} emphasis={context.emphasis} />
          <LinePanels context={context} measure={measure} facets={byRho} axis="rho" />
        </>
      ) : null}
      {byMu.length > 0 ? (
        <>
          <h3>{measure.label} against the fraction of minority classes µ</h3>
          <Legend series={context.series} emphasis={context.emphasis} />
          <LinePanels context={context} measure={measure} facets={byMu} axis="mu" />
        </>
      ) : null}
      {single.length > 0 ? (
        <>
          <h3>{measure.label} by method</h3>
          <CellPanels context={context} measure={measure} cells={single} />
        </>
      ) : null}
    </>
  )
}

/** Groups of at least two values on the axis, everything else equal. */
function facets(cells: readonly CellSummary[], axis: Axis): Facet[] {
  const other = axis === 'rho' ? 'mu' : 'rho'
  const symbol = axis === 'rho' ? 'µ' : 'ρ'
  const groups = groupBy(
    cells.filter(({ profile }) => isKnown(profile[axis])),
    ({ profile }) => `${profile.kind} ${profile[other] ?? ''}`,
  )
  return [...groups.values()]
    .filter((group) => new Set(group.map(({ profile }) => profile[axis])).size > 1)
    .map((group) => {
      const { kind, [other]: held } = group[0]!.profile
      return {
        caption: held === undefined ? `${kind} imbalance` : `${kind} imbalance, ${symbol} = ${held}`,
        cells: group,
      }
    })
}

interface LinePanelsProps {
  readonly context: ReportContext
  readonly measure: Measure
  readonly facets: readonly Facet[]
  readonly axis: Axis
}

function LinePanels({ context, measure, facets, axis }: LinePanelsProps) {
  const { document, series, emphasis } = context
  return (
    <Panels size="medium">
      {facets.map(({ caption, cells }) => {
        const points = cells.flatMap((cell) =>
          pointsOf(context, measure, cell).map((point) => ({ ...point, x: cell.profile[axis]! })),
        )
        return (
          <Panel key={caption} caption={caption}>
            <Chart
              svg={metricLines(points, {
                document,
                width: panelWidth.medium,
                series,
                emphasis,
                xLabel: axis === 'rho' ? 'imbalance ratio ρ (log)' : 'minority fraction µ',
                xScale: axis === 'rho' ? 'log' : 'linear',
                yLabel: measure.label,
              })}
              title={`${measure.label}, ${caption}`}
              description="One line a method; the numbers are in the full table"
            />
          </Panel>
        )
      })}
    </Panels>
  )
}

function CellPanels({ context, measure, cells }: FigureProps) {
  return (
    <Panels size="medium">
      {cells.map((cell) => {
        const baseline = resultOf(cell, baselineId)
        return (
          <Panel key={cell.key} caption={cell.profile.label}>
            <Chart
              svg={intervalDots(pointsOf(context, measure, cell), {
                document: context.document,
                width: panelWidth.medium,
                series: context.series,
                xLabel: measure.label,
                reference: baseline && measure.estimate(baseline)?.mean,
              })}
              title={`${measure.label} by method, ${cell.profile.label}`}
              description="Means with 95 % intervals; the dashed line is the baseline"
            />
          </Panel>
        )
      })}
    </Panels>
  )
}

/** A study with more points than this has no notes under the pointer: they would be most of the file. */
const notesUpToCells = 24

function pointsOf({ comparison, series }: ReportContext, measure: Measure, cell: CellSummary) {
  return cell.results.flatMap((result) => {
    const estimate = measure.estimate(result)
    if (!estimate) return []
    const { mean, low, high, n } = estimate
    const limits = interval(estimate, measure.decimals)
    const title = series.find(({ id }) => id === result.method)?.title ?? result.method
    const note = `${title}\n${cell.profile.label}\n${fixed(mean, measure.decimals)}${limits ? ` (${limits})` : ''}, n = ${n}`
    return [
      {
        series: result.method,
        mean,
        low: limits ? low : undefined,
        high: limits ? high : undefined,
        note: comparison.cells.length <= notesUpToCells ? note : undefined,
      },
    ]
  })
}
