import { Section } from '../../report/components/layout.tsx'
import type { AuditReport } from '../audit-report.ts'

/** What later papers did for classes of few images. */
export function Literature({ report }: { readonly report: AuditReport }) {
  const { literature } = report
  if (literature.length === 0) return null
  return (
    <Section
      id="literature"
      title="What later work did for the tail"
      lead="Numbers as they are printed there: other images and longer training, so that only the direction may carry over."
    >
      <dl class="glossary">
        {literature.map(({ title, sentence, source }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              {sentence}
              <small>
                <i>{source}</i>
              </small>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
