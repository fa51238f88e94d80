import type { CellSummary, MethodInCell } from '../../study/comparison.ts'
import { Empty, Scroller, Section } from '../components/layout.tsx'
import { MethodName } from '../components/legend.tsx'
import type { ReportContext } from '../context.ts'
import { fixed, halfWidth, interval, isKnown, pValue } from '../format.ts'
import { bestMean, type Measure } from '../measures.ts'
import { Difference } from './gain-map.tsx'

/** Every cell and method with the chief metrics. */
export function FullTable({ context }: { readonly context: ReportContext }) {
  const { comparison, measures } = context
  return (
    <Section
      id="table"
      title="All numbers"
      remarks={context.remarks}
      lead="For each metric: the mean with its 95 % interval, and the difference to the baseline with its Holm-adjusted p. n counts finished replicates; the best mean of a cell is underlined. The CSV export has every metric."
    >
      {comparison.cells.length === 0 ? (
        <Empty>The study has no cells.</Empty>
      ) : (
        <Scroller label="All numbers">
          <table class="full">
            <thead>
              <tr>
                <th scope="col" rowspan={2}>
                  Method
                </th>
                <th scope="col" rowspan={2} class="number">
                  n
                </th>
                {measures.map(({ id, label }) => (
                  <th key={id} scope="colgroup" colspan={2} class="group">
                    {label}
                  </th>
                ))}
              </tr>
              <tr>
                {measures.flatMap(({ id }) => [
                  <th key={`${id}-mean`} scope="col" class="number group">
                    mean
                  </th>,
                  <th key={`${id}-contrast`} scope="col" class="number">
                    vs baseline
                  </th>,
                ])}
              </tr>
            </thead>
            {comparison.cells.map((cell) => (
              <CellRows key={cell.key} context={context} cell={cell} />
            ))}
          </table>
        </Scroller>
      )}
    </Section>
  )
}

function CellRows({ context, cell }: { readonly context: ReportContext; readonly cell: CellSummary }) {
  const { measures, series, comparison } = context
  const planned = [...cell.results, ...cell.further].filter((result) => result.planned > 0)
  const best = measures.map((measure) => bestMean(measure, cell.results))
  return (
    <tbody>
      <tr class="cell-name">
        <th scope="rowgroup" colspan={2 + 2 * measures.length}>
          <span>
            {comparison.datasets.length > 1 ? `${cell.dataset}: ` : ''}
            {cell.profile.label}
          </span>
        </th>
      </tr>
      {planned.map((result) => {
        const entry = series.find(({ id }) => id === result.method)
        return (
          <tr key={result.method}>
            <th scope="row">
              {entry ? <MethodName style={entry.style} title={entry.title} /> : result.method}
              {result.learningRates ? <small>rate {[...new Set(result.learningRates)].join(', ')}</small> : null}
            </th>
            <td class="number">
              {result.n}
              {result.failed > 0 ? <small class="failed">{result.failed} failed</small> : null}
            </td>
            {measures.flatMap((measure, index) => [
              <MeanCell key={`${measure.id}-mean`} measure={measure} result={result} best={best[index]} />,
              <ContrastCell key={`${measure.id}-contrast`} measure={measure} result={result} />,
            ])}
          </tr>
        )
      })}
    </tbody>
  )
}

interface NumberCellProps {
  readonly measure: Measure
  readonly result: MethodInCell
}

function MeanCell({ measure, result, best }: NumberCellProps & { readonly best: number | undefined }) {
  const estimate = measure.estimate(result)
  if (!estimate) return <td class="number group missing">–</td>
  const limits = interval(estimate, measure.decimals)
  return (
    <td class="number group" title={limits ? `± ${fixed(halfWidth(estimate), measure.decimals)}` : undefined}>
      {estimate.mean === best ? (
        <u>{fixed(estimate.mean, measure.decimals)}</u>
      ) : (
        fixed(estimate.mean, measure.decimals)
      )}
      <small>
        {limits ?? 'one replicate'}
        {estimate.n === result.n ? '' : `, n = ${estimate.n}`}
      </small>
    </td>
  )
}

function ContrastCell({ measure, result }: NumberCellProps) {
  const contrast = measure.contrast(result)
  if (!contrast) return <td class="number missing">–</td>
  return (
    <td class="number">
      <Difference contrast={contrast} decimals={measure.decimals} />
      <small>{isKnown(contrast.pHolm) ? `p ${pValue(contrast.pHolm)}` : 'no test'}</small>
    </td>
  )
}
