import type { CellSummary, Contrast } from '../../study/comparison.ts'
import { Scroller, Subheading } from '../components/layout.tsx'
import { Swatch } from '../components/legend.tsx'
import { type ReportContext, resultOf } from '../context.ts'
import { isKnown, pValue, signed } from '../format.ts'
import type { Measure } from '../measures.ts'

interface GainMapProps {
  readonly context: ReportContext
  readonly measure: Measure
  readonly cells: readonly CellSummary[]
}

/** The gain over the baseline for every cell and method: a heat map that is a table, so that it can be read aloud. */
export function GainMap({ context, measure, cells }: GainMapProps) {
  const compared = context.series.filter(({ id }) =>
    cells.some((cell) => measure.contrast(resultOf(cell, id) ?? cell.results[0]!) && resultOf(cell, id)),
  )
  if (compared.length === 0) return null
  const differences = cells.flatMap(({ results }) => results.map((result) => measure.contrast(result)?.difference ?? 0))
  const largest = Math.max(...differences.map(Math.abs)) || 1
  return (
    <>
      <Subheading remarks={context.remarks}>Gain over the baseline: {measure.label}</Subheading>
      <p class="hint">
        Difference to the baseline, paired over replicates. <b>Bold with ▲ or ▼</b>: significantly better or worse after
        Holm’s correction.
        {measure.direction === 'lower' ? ' Lower is better, so a negative difference is a gain.' : ''}
        <span class="scale" aria-hidden="true">
          worse <i /> better
        </span>
      </p>
      <Scroller label={`Gain over the baseline, ${measure.label}`}>
        <table class="gain-map">
          <thead>
            <tr>
              <th scope="col">Cell</th>
              {compared.map(({ id, title, style }) => (
                <th key={id} scope="col">
                  <Swatch style={style} />
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cells.map((cell) => (
              <tr key={cell.key}>
                <th scope="row">{cell.profile.label}</th>
                {compared.map(({ id }) => {
                  const result = resultOf(cell, id)
                  return (
                    <GainCell
                      key={id}
                      measure={measure}
                      contrast={result && measure.contrast(result)}
                      largest={largest}
                    />
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </>
  )
}

interface GainCellProps {
  readonly measure: Measure
  readonly contrast: Contrast | undefined
  readonly largest: number
}

function GainCell({ measure, contrast, largest }: GainCellProps) {
  if (!contrast) return <td class="missing">–</td>
  const { difference, pHolm, verdict } = contrast
  const gain = measure.direction === 'higher' ? difference : -difference
  const strength = Math.round(Math.sqrt(Math.abs(difference) / largest) * 100)
  return (
    <td
      class={gain >= 0 ? 'gain' : 'loss'}
      style={{ '--strength': `${strength}%` }}
      title={isKnown(pHolm) ? `Holm p ${pValue(pHolm)}` : undefined}
    >
      <Difference contrast={contrast} decimals={measure.decimals} />
      {verdict === 'undecided' ? null : <span class="aloud"> significantly {verdict}</span>}
    </td>
  )
}

/** A signed difference, bold and marked where it is significant. */
export function Difference({ contrast, decimals }: { readonly contrast: Contrast; readonly decimals: number }) {
  const text = signed(contrast.difference, decimals)
  if (contrast.verdict === 'undecided') return <>{text}</>
  return (
    <b>
      {text}
      <span class="mark" aria-hidden="true">
        {contrast.verdict === 'better' ? '▲' : '▼'}
      </span>
    </b>
  )
}
