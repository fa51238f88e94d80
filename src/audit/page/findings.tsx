import type { AuditReport, Severity } from '../audit-report.ts'
import { headline } from '../sentences.ts'

/** A shape beside the word, so that nobody needs the colour. */
const shapes: Readonly<Record<Severity, string>> = { error: '✕', warning: '▲', note: '○' }

/** What to act upon, in the order in which to do it. */
export function Findings({ report }: { readonly report: AuditReport }) {
  const { findings, description } = report
  return (
    <section class="headline" id="findings" aria-label="Findings">
      <p class="standing">{description}</p>
      <p class="advice">{headline(findings)}</p>
      <ul class="findings">
        {findings.map(({ severity, sentence, action }) => (
          <li key={sentence} class={severity}>
            <span class="severity">
              <span aria-hidden="true">{shapes[severity]}</span> {severity}
            </span>
            <p>
              {sentence} <span class="action">{action}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
