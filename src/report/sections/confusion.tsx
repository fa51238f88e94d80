import type { CellSummary, DatasetInfo } from '../../study/comparison.ts'
import { confusionMatrix } from '../charts/confusion-matrix.ts'
import { Chart } from '../components/chart.tsx'
import { Empty, Panel, Panels, PerDataset, panelWidth, Section } from '../components/layout.tsx'
import { MethodName } from '../components/legend.tsx'
import { mostTelling, type ReportContext, resultOf } from '../context.ts'

/** A matrix of more classes cannot be read at this size. */
const mostClasses = 20

/** Confusion matrices of every method in the one cell where the methods differ most. */
export function ConfusionMatrices({ context }: { readonly context: ReportContext }) {
  return (
    <Section
      id="confusion"
      title="What is taken for what"
      remarks={context.remarks}
      lead="Row: true class. Column: prediction. Numbers are per cent of the row, averaged over replicates; below half a per cent is left blank."
    >
      <PerDataset context={context}>
        {(cells, dataset) => {
          const [cell] = mostTelling(cells, context.primary, 1)
          if (!cell) return <Empty>No trial has finished yet.</Empty>
          if (dataset.classNames.length > mostClasses)
            return (
              <Empty>
                {dataset.classNames.length} classes are too many for a matrix on a page; the JSON export holds the
                matrices.
              </Empty>
            )
          return <Matrices context={context} cell={cell} dataset={dataset} />
        }}
      </PerDataset>
    </Section>
  )
}

interface MatricesProps {
  readonly context: ReportContext
  readonly cell: CellSummary
  readonly dataset: DatasetInfo
}

function Matrices({ context, cell, dataset }: MatricesProps) {
  const shown = context.series.flatMap((entry) => {
    const confusion = resultOf(cell, entry.id)?.confusion ?? []
    return confusion.length > 0 ? [{ ...entry, confusion }] : []
  })
  return (
    <>
      <p class="hint">
        Shown for <b>{cell.profile.label}</b>, the cell in which {context.primary.label} differs most from the baseline.
      </p>
      <Panels size="medium">
        {shown.map(({ id, title, style, confusion }) => (
          <Panel key={id} caption={<MethodName style={style} title={title} />}>
            <Chart
              svg={confusionMatrix(confusion, {
                document: context.document,
                width: panelWidth.medium,
                classNames: dataset.classNames,
              })}
              title={`Confusion matrix of ${title}, ${cell.profile.label}`}
              description={`Recall ${confusion.map((row, k) => `${dataset.classNames[k] ?? k} ${Math.round((row[k] ?? 0) * 100)} %`).join(', ')}`}
            />
          </Panel>
        ))}
      </Panels>
    </>
  )
}
