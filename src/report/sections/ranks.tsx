import type { Ranking } from '../../study/comparison.ts'
import { rankDiagram } from '../charts/rank-diagram.ts'
import { Chart } from '../components/chart.tsx'
import { Empty, Panel, Panels, panelWidth, Section } from '../components/layout.tsx'
import type { ReportContext } from '../context.ts'
import { fixed, plural, pValue } from '../format.ts'
import { allMeasures } from '../measures.ts'

/** Mean ranks over cells, and which methods they cannot tell apart. */
export function Ranks({ context }: { readonly context: ReportContext }) {
  const chief = context.measures.map(({ id }) => id)
  const rankings = context.comparison.rankings.filter(
    ({ metric, meanRanks }) => chief.includes(metric) && meanRanks.length > 1,
  )
  return (
    <Section
      id="ranks"
      title="Mean ranks"
      remarks={context.remarks}
      lead="Methods ranked within each cell, then averaged. A bar at the right joins methods whose ranks cannot be told apart. Cells of one study share images, so take this as a summary; the evidence is in the paired gains."
    >
      {rankings.length === 0 ? (
        <Empty>Ranks need at least two methods with results in a common cell.</Empty>
      ) : (
        <Panels size="medium">
          {rankings.map((ranking) => (
            <RankPanel key={ranking.metric} context={context} ranking={ranking} />
          ))}
        </Panels>
      )}
    </Section>
  )
}

function RankPanel({ context, ranking }: { readonly context: ReportContext; readonly ranking: Ranking }) {
  const { friedman, cells, metric, criticalDifference, groups } = ranking
  const label = allMeasures(context.comparison).find(({ id }) => id === metric)?.label ?? metric
  const ranked = ranking.meanRanks.flatMap(({ method, meanRank }) => {
    const series = context.series.find(({ id }) => id === method)
    return series && Number.isFinite(meanRank) ? [{ ...series, meanRank }] : []
  })
  return (
    <Panel
      caption={
        <>
          {label}
          <small>
            over {plural(cells, 'cell')}
            {friedman ? `; Friedman χ² ${fixed(friedman.chi2, 1)}, p ${pValue(friedman.p)}` : ''}
          </small>
        </>
      }
    >
      <Chart
        svg={rankDiagram(ranked, { document: context.document, width: panelWidth.medium, groups, criticalDifference })}
        title={`Mean ranks, ${label}`}
        description={ranked.map(({ title, meanRank }) => `${title} ${fixed(meanRank, 2)}`).join(', ')}
      />
    </Panel>
  )
}
