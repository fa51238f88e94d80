/** Claim 5: linear imbalance is mild. */
import { type Group, groupsOf, isBalanced, isLinear, ratioOf } from '../cells.ts'
import { difference } from '../effect.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { AUC_MARGIN, type Expectation, type Measured, paired } from './hypothesis.ts'
import { answering, contrast, labelOf } from './questions.ts'
import { judgeClaim, meanPart } from './verdict.ts'

/** A loss that is small from the first, balanced or nearly so, to the second says that linear imbalance is mild; the paper goes to 5,000. */
const MILD = { from: 10, to: 1000 }

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
        statement: `a linear rho of ${MILD.to} or more costs the baseline on MNIST less than ${AUC_MARGIN}`,
        core: true,
        tests: mnist.flatMap((group) => fall(group, 'baseline', { atLeast: -AUC_MARGIN }, MILD)),
        needs: `MNIST with linear cells of rho ${MILD.to} or more, and balanced or of rho ${MILD.from} or less, in two replicates or more`,
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

/**
 * A method at the largest linear rho minus the same at the smallest ratio: balanced classes, where they were run. Nothing where these
 * do not span the ratios that the statement is about.
 */
function fall(group: Group, method: string, expect: Expectation, span = { from: Infinity, to: 1 }): Measured[] {
  const effect = (cell: EvidenceCell) => cell.values(method, 'rocAuc')
  const of = (cell: EvidenceCell) => isLinear(cell) || isBalanced(cell)
  const cells = answering(group, { of, effect }).sort((a, b) => ratioOf(a) - ratioOf(b))
  const [first, last] = [cells[0], cells.at(-1)]
  if (!first || !last || first === last || ratioOf(first) > span.from || ratioOf(last) < span.to) return []
  const place = `${group.name}, linear rho ${ratioOf(last)} against ${ratioOf(first)}`
  return paired({ place, metric: labelOf('rocAuc') }, difference(effect(last), effect(first)), expect)
}
