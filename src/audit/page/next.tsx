import { printable } from '../../base/printable.ts'
import { Section } from '../../report/components/layout.tsx'
import type { AuditReport } from '../audit-report.ts'
import { timeSentence } from '../sentences.ts'

/** How long a study would take, and what to type. */
export function Next({ report }: { readonly report: AuditReport }) {
  const { time, next, reference, contentHash } = report
  return (
    <Section id="next" title="Next" lead={time && timeSentence(time)}>
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
