/** Claim 9: how training goes with sampling, and whether oversampling overfits. From the snapshots taken on the way. */
import { mean } from '../../../stats/index.ts'
import { groupsOf, isImbalanced } from '../cells.ts'
import { finalGap, gapGrowth, middlesOf, ofCurves, unsteadiness } from '../curves.ts'
import { average, difference } from '../effect.ts'
import type { Evidence, EvidenceCell, Snapshot } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { list, signed } from '../words.ts'
import { ACCURACY_MARGIN } from './hypothesis.ts'
import { answering, type Question } from './questions.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

const sampled = ['oversampling', 'undersampling'] as const

export function steadierTraining(evidence: Evidence): Claim {
  return judgeClaim(
    {
      number: 9,
      title: 'Sampling trains better and steadier, and the gap of oversampling does not grow',
      paper:
        'On CIFAR-10 with 5 minority classes and rho = 50 both kinds of sampling give better and more stable training, and the gap between training and test accuracy does not grow with the iterations for oversampling; so it is said of all datasets.',
      source: 'Buda et al. 2018, section 4.6, figure 8',
    },
    [
      gapDoesNotGrow(evidence),
      ...sampled.map((method) => contrastOfCurves(evidence, method, 'ends above', lastTest, 'above', true)),
      ...sampled.map((method) => contrastOfCurves(evidence, method, 'is steadier than', unsteadiness, 'below', false)),
    ],
  )
}

/** A young network has no gap at all, so its growth counts from the middle of the training on; how wide it is then, no test judges. */
export function gapDoesNotGrow(evidence: Evidence): Part {
  const groups = groupsOf(evidence)
  const question: Question = {
    metric: 'training minus test accuracy',
    of: isImbalanced,
    effect: (cell) => ofCurves(cell, 'oversampling', gapGrowth),
    expect: { atMost: ACCURACY_MARGIN },
  }
  const gaps = groups.flatMap((group) => {
    const cells = answering(group, question)
    const gap = average(cells.map((cell) => ofCurves(cell, 'oversampling', finalGap)))
    if (gap.size === 0) return []
    const from = middlesOf(cells, 'oversampling').join(' or ')
    return [`${signed(mean([...gap.values()]), 4)} on ${group.name} (its growth counts from iteration ${from} on)`]
  })
  return meanPart(groups, question, {
    statement: `with oversampling the gap between training and test accuracy grows by no more than ${ACCURACY_MARGIN} in the second half of the training`,
    core: true,
    needs: 'imbalanced cells with snapshots of oversampling, in the middle and at the end, in two replicates or more',
    note: gaps.length > 0 ? `With oversampling the gap ends at ${list(gaps)}.` : '',
  })
}

function contrastOfCurves(
  evidence: Evidence,
  method: string,
  says: string,
  measure: (points: readonly Snapshot[]) => number | undefined,
  expect: 'above' | 'below',
  core: boolean,
): Part {
  const metric = expect === 'above' ? 'test accuracy at the end' : 'mean change between snapshots of test accuracy'
  const effect = (cell: EvidenceCell) =>
    difference(ofCurves(cell, method, measure), ofCurves(cell, 'baseline', measure))
  return meanPart(
    groupsOf(evidence),
    { metric, of: isImbalanced, effect, expect },
    {
      statement: `${evidence.title(method)} ${says} the baseline`,
      core,
      needs: `imbalanced cells with snapshots of ${evidence.title(method)} and the baseline, in two replicates or more`,
    },
  )
}

function lastTest(points: readonly Snapshot[]): number | undefined {
  return points.at(-1)?.test
}
