import type { CellSummary } from '../../study/comparison.ts'
import { classRecall } from '../charts/class-recall.ts'
import { Chart } from '../components/chart.tsx'
import { Empty, Panel, Panels, PerDataset, panelWidth, Section } from '../components/layout.tsx'
import { Legend } from '../components/legend.tsx'
import { hasResults, mostTelling, type ReportContext, resultOf } from '../context.ts'
import { isKnown } from '../format.ts'
import { hasRankedClasses } from '../own-classes.ts'

/** So many cells are drawn; the others are in the exports. */
const most = 12

/** Recall by class rank: what each method does for the rare classes, and what the frequent ones pay. */
export function PerClass({ context }: { readonly context: ReportContext }) {
  if (!hasRankedClasses(context.comparison)) return null
  return (
    <Section
      id="classes"
      title="Recall of frequent and rare classes"
      remarks={context.remarks}
      lead="Share of each class that is found, most frequent class first. The shaded ranks are the minority classes; which classes these are differs between replicates, so ranks are averaged, not labels."
    >
      <Legend series={context.series} emphasis={context.emphasis} />
      <PerDataset context={context}>
        {(all) => {
          const cells = all.filter(({ classEffects }) => classEffects === undefined)
          const shown = mostTelling(cells, context.primary, most).filter(hasRecall)
          if (shown.length === 0) return <Empty>No finished trial has a recall by class.</Empty>
          const lowest = lowestRecall(shown)
          return (
            <>
              <Panels size="medium">
                {shown.map((cell) => (
                  <Panel key={cell.key} caption={cell.profile.label}>
                    <Chart
                      svg={classRecall(recallSeries(context, cell), {
                        document: context.document,
                        width: panelWidth.medium,
                        minorityClasses: minorityClasses(cell),
                        emphasis: context.emphasis,
                        lowest,
                      })}
                      title={`Recall by class rank, ${cell.profile.label}`}
                      description="One line a method, most frequent class at the left"
                    />
                  </Panel>
                ))}
              </Panels>
              <Omitted shown={shown.length} all={cells.filter(hasResults).length} />
            </>
          )
        }}
      </PerDataset>
    </Section>
  )
}

/** Says how many cells a figure leaves out, and where they are. */
export function Omitted({ shown, all }: { readonly shown: number; readonly all: number }) {
  if (shown >= all) return null
  return (
    <p class="hint">
      The {shown} cells of {all} in which the methods differ most from the baseline; the JSON export holds the others.
    </p>
  )
}

function hasRecall(cell: CellSummary): boolean {
  return cell.results.some(({ recallByRank }) => recallByRank.length > 0)
}

function recallSeries({ series }: ReportContext, cell: CellSummary) {
  return series.map((entry) => ({
    ...entry,
    recall: (resultOf(cell, entry.id)?.recallByRank ?? []).map(({ mean, n }) =>
      n > 0 && isKnown(mean) ? mean : undefined,
    ),
  }))
}

/** The fifth below the lowest recall, so that the axis starts at a round number. */
function lowestRecall(cells: readonly CellSummary[]): number {
  const means = cells.flatMap(({ results }) =>
    results.flatMap(({ recallByRank }) => recallByRank.map(({ mean }) => mean)),
  )
  return Math.min(0.8, Math.floor(Math.min(...means.filter(isKnown)) * 5) / 5)
}

/** Classes below the top of a step; other profiles have no sharp border. */
function minorityClasses({ profile, countsByRank }: CellSummary): number {
  if (profile.kind !== 'step') return 0
  const largest = Math.max(...countsByRank)
  return countsByRank.filter((count) => count < largest).length
}
