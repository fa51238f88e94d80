import { Fragment } from 'preact'
import { groupBy } from '../../base/group-by.ts'
import type { CellSummary, Estimate } from '../../study/comparison.ts'
import type { LineFigure } from '../../study/reproduction/page.ts'
import { intervalDots } from '../charts/interval-dots.ts'
import { Chart } from '../components/chart.tsx'
import { Panel, Panels, panelWidth, Subheading } from '../components/layout.tsx'
import { Legend } from '../components/legend.tsx'
import { LinePanels } from '../components/line-panels.tsx'
import { type ReportContext, resultOf } from '../context.ts'
import { fixed, interval, isKnown } from '../format.ts'
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

const axisNames: Record<Axis, string> = { rho: 'the imbalance ratio ρ', mu: 'the fraction of minority classes µ' }

/** The metric against the imbalance ratio, against the minority fraction, and the cells that no axis joins. */
export function MetricFigures({ context, measure, cells }: FigureProps) {
  const joined = new Set(
    (['rho', 'mu'] as const).flatMap((axis) => facets(cells, axis)).flatMap((facet) => facet.cells),
  )
  const single = cells.filter((cell) => !joined.has(cell))
  return (
    <>
      {(['rho', 'mu'] as const).map((axis) => {
        const figures = metricFigures(context, measure, cells, axis)
        return figures.length === 0 ? null : (
          <Fragment key={axis}>
            <Subheading remarks={context.remarks}>
              {measure.label} against {axisNames[axis]}
            </Subheading>
            <Legend series={context.series} emphasis={context.emphasis} />
            <LinePanels
              figures={figures}
              styles={context.styles}
              document={context.document}
              remarks={context.remarks}
              emphasis={context.emphasis}
            />
          </Fragment>
        )
      })}
      {single.length > 0 ? (
        <>
          <Subheading remarks={context.remarks}>{measure.label} by method</Subheading>
          <CellPanels context={context} measure={measure} cells={single} />
        </>
      ) : null}
    </>
  )
}

/** One figure for each row of cells along the axis, one line a method. */
export function metricFigures(
  { series }: Pick<ReportContext, 'series'>,
  measure: Measure,
  cells: readonly CellSummary[],
  axis: Axis,
): LineFigure[] {
  return facets(cells, axis).map((facet) => ({
    caption: facet.caption,
    x:
      axis === 'rho'
        ? { label: 'imbalance ratio ρ (log)', scale: 'log' }
        : { label: 'minority fraction µ', scale: 'linear' },
    y: { label: measure.label },
    lines: series.map(({ id, title }) => ({
      id,
      title,
      points: [...facet.cells]
        .sort((a, b) => a.profile[axis]! - b.profile[axis]!)
        .flatMap((cell) => {
          const result = resultOf(cell, id)
          const estimate = result && measure.estimate(result)
          return estimate ? [{ x: cell.profile[axis]!, ...pointOf(estimate) }] : []
        }),
    })),
  }))
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
    const limits = interval(estimate, measure.decimals)
    const title = series.find(({ id }) => id === result.method)?.title ?? result.method
    const note = `${title}\n${cell.profile.label}\n${fixed(estimate.mean, measure.decimals)}${limits ? ` (${limits})` : ''}, n = ${estimate.n}`
    return [
      {
        series: result.method,
        ...pointOf(estimate),
        note: comparison.cells.length <= notesUpToCells ? note : undefined,
      },
    ]
  })
}

/** Limits come in pairs or not at all. */
function pointOf({ mean, low, high }: Estimate) {
  return isKnown(low) && isKnown(high) ? { mean, low, high } : { mean, low: undefined, high: undefined }
}
