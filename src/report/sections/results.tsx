import { Empty, PerDataset, Section } from '../components/layout.tsx'
import { Tabs } from '../components/tabs.tsx'
import { hasResults, type ReportContext } from '../context.ts'
import { GainMap } from './gain-map.tsx'
import { MetricFigures } from './metric-figures.tsx'

/** The main figures, once for each chief metric. */
export function Results({ context }: { readonly context: ReportContext }) {
  return (
    <Section
      id="results"
      title="How the methods compare"
      remarks={context.remarks}
      lead="All numbers are from the test split. Whiskers are 95 % confidence intervals over replicates; points of one column are nudged sideways so that none hides another. Each panel has its own vertical scale."
    >
      {context.comparison.cells.some(hasResults) ? (
        <Tabs
          name="metric"
          label="Metric"
          tabs={context.measures.map((measure) => ({
            id: measure.id,
            label: measure.label,
            content: (
              <PerDataset context={context}>
                {(cells) => (
                  <>
                    <MetricFigures context={context} measure={measure} cells={cells.filter(hasResults)} />
                    <GainMap context={context} measure={measure} cells={cells.filter(hasResults)} />
                  </>
                )}
              </PerDataset>
            ),
          }))}
        />
      ) : (
        <Empty>No trial has finished yet: there is nothing to compare.</Empty>
      )}
    </Section>
  )
}
