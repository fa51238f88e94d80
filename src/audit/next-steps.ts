import type { NextStep } from './audit-report.ts'
import { shellWord } from './words.ts'

/** What to type next; `place` is what a person writes to name the images. */
export function nextSteps(place: string, minutes: number): NextStep[] {
  const images = shellWord(place)
  return [
    {
      command: `evenkeel study ${images} --minutes ${minutes}`,
      effect: 'compares the remedies on these images, on splits that keep duplicates together, and advises',
    },
    { command: `evenkeel audit ${images} --html audit.html`, effect: 'shows all this as a page with pictures' },
  ]
}
