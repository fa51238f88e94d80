/** Claim 4: two-phase training lies between the baseline and its first phase, and gains nothing. */
import { mean } from '../../../stats/index.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { contrast, groupsOf, isImbalanced, type Question } from './cells.ts'
import { AUC_MARGIN } from './hypothesis.ts'
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
      notBelowBoth(evidence, sampling),
    ]),
  )
}

/** Not above the better of the two, in any kind of imbalance. */
export function noNetGain(evidence: Evidence, sampling: string): Part {
  const { title } = evidence
  return meanPart(groupsOf(evidence), against(sampling, 'better', isImbalanced), {
    statement: `${title(`two-phase-${sampling}`)} is no more than ${AUC_MARGIN} above the better of the baseline and ${title(sampling)}`,
    core: true,
    needs: `imbalanced cells with ${title(`two-phase-${sampling}`)} and ${title(sampling)}, in two replicates or more`,
  })
}

/** Between says something only where the two ends are apart. */
function notBelowBoth(evidence: Evidence, sampling: string): Part {
  const { title } = evidence
  const apart = (cell: EvidenceCell) => isImbalanced(cell) && Math.abs(leadOf(cell, sampling)) > AUC_MARGIN
  return meanPart(groupsOf(evidence), against(sampling, 'worse', apart), {
    statement: `${title(`two-phase-${sampling}`)} is no more than ${AUC_MARGIN} below the worse of the baseline and ${title(sampling)}, where these are further apart`,
    core: true,
    needs: `cells with ${title(`two-phase-${sampling}`)} in which the baseline and ${title(sampling)} are more than ${AUC_MARGIN} apart, in two replicates or more`,
  })
}

/** Two-phase training minus one end of what it should lie between; which method is the better is told by the means of the cell. */
function against(sampling: string, end: 'better' | 'worse', of: Question['of']): Question {
  const method = `two-phase-${sampling}`
  const expect = end === 'better' ? { atMost: AUC_MARGIN } : { atLeast: -AUC_MARGIN }
  const to = (other: string) => contrast('rocAuc', method, other, expect, of)
  const [baseline, sampled] = [to('baseline'), to(sampling)]
  const effect = (cell: EvidenceCell) =>
    (leadOf(cell, sampling) > 0 === (end === 'better') ? sampled : baseline).effect(cell)
  return { ...baseline, effect }
}

/** How far the sampling method is ahead of the baseline; 0 where one of them was not run. */
function leadOf(cell: EvidenceCell, sampling: string): number {
  const [ahead, behind] = [sampling, 'baseline'].map((method) => [...cell.values(method, 'rocAuc').values()])
  return ahead!.length > 0 && behind!.length > 0 ? mean(ahead!) - mean(behind!) : 0
}
