import { MethodName } from '../components/legend.tsx'
import { Remarks } from '../components/remarks.tsx'
import type { ReportContext } from '../context.ts'

const levels = ['undecided', 'likely', 'clear'] as const

/** What part of an experiment this is; the advice in one sentence, how sure it is, and why; what weakens it. */
export function Headline({ context }: { readonly context: ReportContext }) {
  const { advice, methods, scale, notes } = context.comparison
  const chosen = methods.find(({ id }) => id === advice.method)
  const style = context.series.find(({ id }) => id === advice.method)?.style
  const level = levels.indexOf(advice.certainty)
  return (
    <section class="headline" id="advice" aria-label="Advice">
      {context.remarks.length > 0 ? (
        <p class="standing">
          <Remarks remarks={context.remarks.filter(({ isWarning }) => isWarning)} />
          {scale?.sentence}
        </p>
      ) : null}
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
      {notes.length > 0 ? (
        <ul class="notes" aria-label="To be known first">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
