import { MethodName } from '../components/legend.tsx'
import type { ReportContext } from '../context.ts'

const levels = ['undecided', 'likely', 'clear'] as const

/** The advice in one sentence, how sure it is, and why. */
export function Headline({ context }: { readonly context: ReportContext }) {
  const { advice, methods } = context.comparison
  const chosen = methods.find(({ id }) => id === advice.method)
  const style = context.series.find(({ id }) => id === advice.method)?.style
  const level = levels.indexOf(advice.certainty)
  return (
    <section class="headline" id="advice" aria-label="Advice">
      <p class="certainty">
        <span class={`dots ${advice.certainty}`} aria-hidden="true">
          {levels.map((name, index) => (
            <i key={name} class={index <= level ? 'on' : undefined} />
          ))}
        </span>
        How sure: {advice.certainty}
        {chosen && style ? (
          <span class="chosen">
            <MethodName style={style} title={chosen.title} />
          </span>
        ) : null}
      </p>
      <p class="advice">{advice.headline}</p>
      {advice.reasons.length > 0 ? (
        <ul class="reasons">
          {advice.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
