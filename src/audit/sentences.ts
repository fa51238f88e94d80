/** What the terminal and the page both say. */
import { duration, plural } from '../report/format.ts'
import type { Finding, StudyTime } from './audit-report.ts'

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

/** How long a study would take, and what of it the minutes that are asked for can hold. */
export function timeSentence({ study, seconds, workers, replicates, minutes, affordable }: StudyTime): string {
  const holds =
    affordable >= replicates
      ? `${plural(minutes, 'minute')} can hold it`
      : `${plural(minutes, 'minute')} can hold ${affordable} of its ${plural(replicates, 'replicate')}`
  return `${study} takes about ${duration(Math.max(1, seconds))} with ${plural(workers, 'worker')} on this machine, without evaluation: ${holds}.`
}
