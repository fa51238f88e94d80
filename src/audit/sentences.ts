/** What the terminal and the page both say. */
import { plural } from '../report/format.ts'
import type { Finding, StudyOutlook } from './audit-report.ts'

/** How things stand. */
export function headline(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  if (errors > 0) {
    return `Mend ${plural(errors, 'thing')} before you study these images${warnings > 0 ? `, and look at ${warnings} more` : ''}.`
  }
  return warnings > 0
    ? `Look at ${plural(warnings, 'thing')}, then study these images.`
    : 'Nothing stands in the way of a study.'
}

/** What stands above the choices of a study. */
export function outlookTitle({ minutes }: StudyOutlook): string {
  return `What a study of ${plural(minutes, 'minute')} would be`
}
