import { isStep, type StepCell } from '../cells.ts'
import type { Evidence } from '../evidence.ts'
import type { Page } from '../page.ts'
import { baselineEffect } from './baseline-effect.ts'

/** How the baseline suffers from more minority classes at the same ratio. */
export function effectOfMinority(evidence: Evidence): Page | undefined {
  return baselineEffect<StepCell>(evidence, {
    id: 'effect-of-minority',
    title: 'Effect of the number of minority classes',
    source: 'section 4.1, figure 4',
    paper:
      'At a fixed ratio, the more classes are in the minority, the worse the baseline. The values are in figures only.',
    cells: ({ cells }) => cells.filter(isStep).sort((a, b) => a.rho - b.rho),
    along: {
      label: 'minority classes',
      scale: 'linear',
      at: ({ minorityClasses }) => minorityClasses,
      span: (from, to) => `${from.minorityClasses} to ${to.minorityClasses} of ${to.classes} classes in the minority`,
    },
    line: ({ rho }) => ({ id: `rho=${rho}`, title: `rho = ${rho}` }),
    row: ({ mu, minorityClasses }) => ({ mu: String(mu), 'minority classes': minorityClasses }),
  })
}
