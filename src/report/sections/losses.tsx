import { groupBy } from '../../base/group-by.ts'
import type { CellSummary } from '../../study/comparison.ts'
import { lossCurves } from '../charts/loss-curves.ts'
import { Chart } from '../components/chart.tsx'
import { Empty, Panel, Panels, PerDataset, panelWidth, Section } from '../components/layout.tsx'
import { Legend } from '../components/legend.tsx'
import { mostTelling, type ReportContext } from '../context.ts'
import { Omitted } from './per-class.tsx'

/** So many cells are drawn; the others are in the exports. */
const most = 12

/** Mean training loss by iteration: whether the networks were trained to an end. */
export function Losses({ context }: { readonly context: ReportContext }) {
  const { curves } = context.comparison
  const drawn = curves.filter(({ points }) => points.length > 1)
  const withCurve = new Set(drawn.map(({ cell }) => cell))
  return (
    <Section
      id="losses"
      title="Training loss"
      remarks={context.remarks}
      lead="Mean over replicates. Methods that share their first phase share its curve, and it is drawn once."
    >
      {drawn.length === 0 ? (
        <Empty>No training curve was recorded.</Empty>
      ) : (
        <PerDataset context={context}>
          {(cells) => {
            const all = cells.filter(({ key }) => withCurve.has(key))
            const shown = mostTelling(all, context.primary, most)
            const panels = shown.map((cell) => ({ cell, curves: distinctCurves(context, cell) }))
            const legend = new Map(panels.flatMap((panel) => panel.curves.map((curve) => [curve.title, curve])))
            return (
              <>
                <Legend series={[...legend.values()]} />
                <Panels size="medium">
                  {panels.map(({ cell, curves }) => (
                    <Panel key={cell.key} caption={cell.profile.label}>
                      <Chart
                        svg={lossCurves(curves, { document: context.document, width: panelWidth.medium })}
                        title={`Training loss, ${cell.profile.label}`}
                        description={`Log axis; ${curves.map(({ title }) => title).join('; ')}`}
                      />
                    </Panel>
                  ))}
                </Panels>
                <Omitted shown={shown.length} all={all.length} />
              </>
            )
          }}
        </PerDataset>
      )}
    </Section>
  )
}

/** The curves of a cell without repetitions, each named after all the methods that it belongs to. */
function distinctCurves({ comparison, series }: ReportContext, cell: CellSummary) {
  const own = comparison.curves.filter((curve) => curve.cell === cell.key && curve.points.length > 1)
  const groups = groupBy(own, ({ points }) => JSON.stringify(points))
  return [...groups.values()].flatMap((group) => {
    const methods = group.flatMap(({ method }) => series.find(({ id }) => id === method) ?? [])
    const first = methods[0]
    if (!first) return []
    return [{ ...first, title: methods.map(({ title }) => title).join(', '), points: group[0]!.points }]
  })
}
