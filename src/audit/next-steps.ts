import type { Finding, NextStep } from './audit-report.ts'
import { shellWord } from './words.ts'

/** What to type next; `place` is what a person writes to name the images. */
export function nextSteps(place: string, minutes: number, findings: readonly Finding[]): NextStep[] {
  const images = shellWord(place)
  const again = { command: `evenkeel audit ${images}`, effect: 'looks again, once the errors are mended' }
  const study = {
    command: `evenkeel study ${images} --minutes ${minutes}`,
    effect: 'compares the remedies on these images, on splits that keep duplicates together, and advises',
  }
  return findings.some(({ severity }) => severity === 'error') ? [again, study] : [study]
}
