/** Claim 10: undersampling where training time matters. All methods train for equally many steps here, so time is counted in steps. */
import { type Group, groupsOf, isStep } from '../cells.ts'
import { ofCurves } from '../curves.ts'
import { difference } from '../effect.ts'
import type { Evidence, EvidenceCell, Snapshot } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { list, signed } from '../words.ts'
import { AUC_MARGIN } from './hypothesis.ts'
import { contrast, overCells } from './questions.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

/** What "extreme imbalance" and "many minority classes" begin with: the paper's own ImageNet setting of mu 0.8, rho 50. */
export const EXTREME = { rho: 50, mu: 0.8 }

export function isExtreme(cell: EvidenceCell): boolean {
  return isStep(cell) && cell.mu >= EXTREME.mu && cell.rho >= EXTREME.rho
}

/** A budget that is short: this share of the iterations. */
const SHORT = 0.1

export function undersamplingSavesTime(evidence: Evidence): Claim {
  return judgeClaim(
    {
      number: 10,
      title: 'Undersampling is the practical choice when time is short',
      paper:
        'In extreme imbalance with a large share of minority classes, undersampling may be preferred where training time matters: it has far fewer images to go through.',
      source: 'Buda et al. 2018, section 5',
    },
    [aheadWhenShort(evidence), costOfUndersampling(evidence)],
  )
}

/** At equally many steps undersampling saves nothing; it may only be further on when the steps are few. */
export function aheadWhenShort(evidence: Evidence): Part {
  const { title } = evidence
  const effect = (cell: EvidenceCell) =>
    difference(ofCurves(cell, 'undersampling', early), ofCurves(cell, 'oversampling', early))
  return meanPart(
    mostExtreme(evidence),
    { metric: `test accuracy after ${100 * SHORT} % of the steps`, of: () => true, effect, expect: 'above' },
    {
      statement: `after ${100 * SHORT} % of the steps ${title('undersampling')} is ahead of ${title('oversampling')}`,
      core: true,
      needs: `snapshots of both methods up to that point in step cells of mu ${EXTREME.mu} and rho ${EXTREME.rho} or more, in two replicates or more`,
      note: 'Methods are given equally many steps of equal cost here, so undersampling saves no time; it can only be better than oversampling at a short budget.',
    },
  )
}

/** What is lost in the end. */
export function costOfUndersampling(evidence: Evidence): Part {
  const { title } = evidence
  const groups = mostExtreme(evidence)
  const question = contrast('rocAuc', 'undersampling', 'oversampling', { atLeast: -AUC_MARGIN }, () => true)
  const points = groups.flatMap((group) =>
    overCells(
      group,
      contrast('accuracy', 'undersampling', 'oversampling', 'above', () => true),
    ),
  )
  const cost = points.map(({ place, effect }) => `${signed(100 * effect, 1)} points on ${place}`)
  return meanPart(groups, question, {
    statement: `trained to the end, ${title('undersampling')} is no more than ${AUC_MARGIN} below ${title('oversampling')}`,
    core: false,
    needs: `step cells of mu ${EXTREME.mu} and rho ${EXTREME.rho} or more with both methods, in two replicates or more`,
    note: cost.length > 0 ? `Its accuracy differs from that of oversampling by ${list(cost)}.` : '',
  })
}

/** Of each dataset the cells of its largest rho among those that are extreme. */
function mostExtreme(evidence: Evidence): Group[] {
  return groupsOf(evidence).map((group) => {
    const extreme = group.cells.filter(isExtreme)
    const largest = Math.max(...extreme.map(({ rho }) => rho!))
    return { ...group, cells: extreme.filter(({ rho }) => rho === largest) }
  })
}

/** Test accuracy at the last snapshot within the short budget; undefined where the first comes later. */
function early(points: readonly Snapshot[]): number | undefined {
  const budget = SHORT * (points.at(-1)?.iteration ?? 0)
  return points.filter(({ iteration }) => iteration > 0 && iteration <= budget).at(-1)?.test
}
