import { printable } from '../../base/printable.ts'
import { Section } from '../../report/components/layout.tsx'
import type { AuditReport } from '../audit-report.ts'
import { outlookTitle } from '../sentences.ts'

/** What a study would be, and what to type. */
export function Next({ report }: { readonly report: AuditReport }) {
  const { study, next, reference, contentHash } = report
  return (
    <Section id="next" title="Next">
      {study ? (
        <>
          <h3>{outlookTitle(study)}</h3>
          <ul class="reasons">
            {study.choices.map((choice) => (
              <li key={choice}>{printable(choice)}</li>
            ))}
          </ul>
        </>
      ) : null}
      {next.map(({ command, effect }) => (
        <div key={command}>
          <p class="hint">It {effect}:</p>
          <pre>{printable(command)}</pre>
        </div>
      ))}
      <p class="hint">
        Audited: <code>{printable(reference)}</code>, content sha256 <code>{contentHash.slice(0, 16)}…</code>
      </p>
    </Section>
  )
}
