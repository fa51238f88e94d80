/** Claim 4: two-phase training lies between the baseline and its first phase, and gains nothing. */
import { groupsOf, isImbalanced } from '../cells.ts'
import { difference } from '../effect.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { AUC_MARGIN, paired, SIGNIFICANCE } from './hypothesis.ts'
import { contrast, labelOf, type Question } from './questions.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

export function twoPhaseBetween(evidence: Evidence): Claim {
  return judgeClaim(
    {
      number: 4,
      title: 'Two-phase training lies between the baseline and its first phase',
      paper:
        'Training on the sampled set first and fine-tuning the output on the imbalanced one scores between the baseline and the sampling method of its first phase: no net gain.',
      source: 'Buda et al. 2018, section 4.1',
    },
    ['oversampling', 'undersampling'].flatMap((sampling) => [
      noNetGain(evidence, sampling),
      againstEnd(evidence, sampling, 'worse'),
    ]),
  )
}

/** Not above the better of the two. */
export function noNetGain(evidence: Evidence, sampling: string): Part {
  return againstEnd(evidence, sampling, 'better')
}

/**
 * Two-phase training minus one end of what it should lie between. Where the two ends may be equal, "between" says nothing, and chance
 * would pick the better one: only cells in which their order is shown are asked.
 */
function againstEnd(evidence: Evidence, sampling: string, end: 'better' | 'worse'): Part {
  const [method, first] = [evidence.title(`two-phase-${sampling}`), evidence.title(sampling)]
  const apart = `shown to be more than ${AUC_MARGIN} apart`
  return meanPart(groupsOf(evidence), minusEnd(sampling, end), {
    statement: `${method} is no more than ${AUC_MARGIN} ${end === 'better' ? 'above' : 'below'} the ${end} of the baseline and ${first}, in cells where these are ${apart}`,
    core: true,
    needs: `cells with ${method} in which the baseline and ${first} are ${apart}, in two replicates or more`,
  })
}

function minusEnd(sampling: string, end: 'better' | 'worse'): Question {
  const expect = end === 'better' ? { atMost: AUC_MARGIN } : { atLeast: -AUC_MARGIN }
  const of = (cell: EvidenceCell) => isImbalanced(cell) && better(cell, sampling) !== undefined
  const minus = (other: string) => contrast('rocAuc', `two-phase-${sampling}`, other, expect, of)
  const [baseline, sampled] = [minus('baseline'), minus(sampling)]
  const effect = (cell: EvidenceCell) =>
    ((better(cell, sampling) === sampling) === (end === 'better') ? sampled : baseline).effect(cell)
  return { ...baseline, effect }
}

/** Which of the sampling method and the baseline is shown to be ahead by more than the margin; undefined where neither is. */
function better(cell: EvidenceCell, sampling: string): string | undefined {
  const lead = difference(cell.values(sampling, 'rocAuc'), cell.values('baseline', 'rocAuc'))
  const where = { place: cell.key, metric: labelOf('rocAuc') }
  const [test] = paired(where, lead, { within: AUC_MARGIN })
  if (!test || test.favourable || test.pAgainst >= SIGNIFICANCE) return undefined
  return test.effect > 0 ? sampling : 'baseline'
}
