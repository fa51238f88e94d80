import { classCounts } from '../charts/class-counts.ts'
import { Chart } from '../components/chart.tsx'
import { Panel, Panels, PerDataset, panelWidth, Section } from '../components/layout.tsx'
import type { ReportContext } from '../context.ts'
import { count, fixed } from '../format.ts'

/** More profiles than this say nothing that the first ones do not. */
const most = 30

/** Training examples by class rank, one small panel a profile. */
export function Distributions({ context }: { readonly context: ReportContext }) {
  return (
    <Section
      id="distributions"
      title="Class distributions"
      lead={
        <>
          Training examples of each class on a log scale, most frequent class first. <b class="majority">Blue</b>{' '}
          classes are as large as the largest, <b class="minority">orange</b> ones are rarer.
        </>
      }
    >
      <PerDataset context={context}>
        {(cells) => {
          const largest = Math.max(1, ...cells.flatMap(({ countsByRank }) => countsByRank))
          return (
            <Panels size="small">
              {cells.slice(0, most).map((cell) => (
                <Panel
                  key={cell.key}
                  caption={
                    <>
                      {cell.profile.label}
                      <small>{count(cell.trainingExamples)} examples</small>
                    </>
                  }
                >
                  <Chart
                    svg={classCounts(cell.countsByRank, {
                      document: context.document,
                      width: panelWidth.small,
                      largest,
                    })}
                    title={`Training examples by class rank, ${cell.profile.label}`}
                    description={`From ${count(Math.max(0, ...cell.countsByRank))} to ${count(Math.min(...cell.countsByRank))} examples a class, ratio ${fixed(cell.actualRho, 1)}`}
                  />
                </Panel>
              ))}
            </Panels>
          )
        }}
      </PerDataset>
    </Section>
  )
}
