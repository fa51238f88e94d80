/** Claim 5: linear imbalance is mild. */
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { answering, contrast, type Group, groupsOf, isLinear, labelOf, ratioOf } from './cells.ts'
import { difference } from './effect.ts'
import { AUC_MARGIN, type Expectation, type Measured, paired } from './hypothesis.ts'
import { judgeClaim, meanPart } from './verdict.ts'

/** Linear ratios from which on a small loss says that linear imbalance is mild; the paper goes to 5,000. */
const LARGE_RATIO = 1000

export function linearMild(evidence: Evidence): Claim {
  const groups = groupsOf(evidence)
  const mnist = groups.filter(({ dataset }) => dataset === 'mnist')
  return judgeClaim(
    {
      number: 5,
      title: 'Linear imbalance is mild',
      paper:
        'With linearly falling class sizes even rho = 5,000 costs the baseline on MNIST little; oversampling still helps at every rho, and undersampling falls roughly linearly with rho.',
      source: 'Buda et al. 2018, section 4.1',
    },
    [
      {
        statement: `a linear rho of ${LARGE_RATIO} or more costs the baseline on MNIST less than ${AUC_MARGIN}`,
        core: true,
        tests: mnist.flatMap((group) => fall(group, 'baseline', { atLeast: -AUC_MARGIN }, LARGE_RATIO)),
        needs: `MNIST with linear cells of rho ${LARGE_RATIO} or more, and balanced or of a smaller rho, in two replicates or more`,
      },
      meanPart(groups, contrast('rocAuc', 'oversampling', 'baseline', 'above', isLinear), {
        statement: 'oversampling is above the baseline in linear imbalance',
        core: true,
        needs: 'linear cells with oversampling, in two replicates or more',
        listCells: true,
      }),
      {
        statement: 'undersampling falls as the linear rho grows',
        core: true,
        tests: groups.flatMap((group) => fall(group, 'undersampling', 'below')),
        needs: 'linear cells of two ratios with undersampling, in two replicates or more',
        note: "Whether undersampling's fall is a straight line is left to the figure: the paper names no measure of it.",
      },
    ],
  )
}

/** A method at the largest linear rho minus the same at the smallest ratio: balanced classes, where they were run. */
function fall(group: Group, method: string, expect: Expectation, atLeast = 1): Measured[] {
  const effect = (cell: EvidenceCell) => cell.values(method, 'rocAuc')
  const of = (cell: EvidenceCell) => isLinear(cell) || cell.profile.kind === 'balanced'
  const cells = answering(group, { of, effect }).sort((a, b) => ratioOf(a) - ratioOf(b))
  const [first, last] = [cells[0], cells.at(-1)]
  if (!first || !last || first === last || ratioOf(last) < atLeast) return []
  const place = `${group.name}, linear rho ${ratioOf(last)} against ${ratioOf(first)}`
  return paired({ place, metric: labelOf('rocAuc') }, difference(effect(last), effect(first)), expect)
}
