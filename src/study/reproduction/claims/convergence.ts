/** Claim 9: how training goes with sampling, and whether oversampling overfits. From the snapshots taken on the way. */
import type { ByReplicate, Evidence, EvidenceCell, Snapshot } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { groupsOf, isImbalanced, type Question } from './cells.ts'
import { difference } from './effect.ts'
import { ACCURACY_MARGIN } from './hypothesis.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

const sampled = ['oversampling', 'undersampling'] as const

export function steadierTraining(evidence: Evidence): Claim {
  return judgeClaim(
    {
      number: 9,
      title: 'Sampling trains better and steadier, and oversampling does not overfit',
      paper:
        'On CIFAR-10 with 5 minority classes and rho = 50 both kinds of sampling give better and more stable training, and the gap between training and test accuracy does not grow with the iterations for oversampling; so it is said of all datasets.',
      source: 'Buda et al. 2018, section 4.6, figure 8',
    },
    [
      noOverfitting(evidence),
      ...sampled.map((method) => contrastOfCurves(evidence, method, 'ends above', lastTest, 'above', true)),
      ...sampled.map((method) => contrastOfCurves(evidence, method, 'is steadier than', unsteadiness, 'below', false)),
    ],
  )
}

/** A young network has no gap at all: what counts is its growth in the second half of the training. */
export function noOverfitting(evidence: Evidence): Part {
  const question: Question = {
    metric: 'training minus test accuracy',
    of: isImbalanced,
    effect: (cell) =>
      ofCurves(cell, 'oversampling', (points) => {
        const half = secondHalf(points)
        const gap = ({ train, test }: Snapshot) => train - test
        return half.length < 2 ? undefined : gap(half.at(-1)!) - gap(half[0]!)
      }),
    expect: { atMost: ACCURACY_MARGIN },
  }
  return meanPart(groupsOf(evidence), question, {
    statement: `with oversampling the gap between training and test accuracy grows by no more than ${ACCURACY_MARGIN} in the second half of the training`,
    core: true,
    needs: 'imbalanced cells with snapshots of oversampling, two of them in the second half, in two replicates or more',
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

/** A number of each replicate's curve, where it has one. */
export function ofCurves(
  cell: EvidenceCell,
  method: string,
  measure: (points: readonly Snapshot[]) => number | undefined,
): ByReplicate {
  return new Map(
    [...cell.snapshots(method)].flatMap(([replicate, points]) => {
      const value = measure(points)
      return value === undefined ? [] : [[replicate, value] as const]
    }),
  )
}

function lastTest(points: readonly Snapshot[]): number | undefined {
  return points.at(-1)?.test
}

/** Mean absolute change of the test accuracy from one snapshot to the next, in the second half of the training. */
function unsteadiness(points: readonly Snapshot[]): number | undefined {
  const half = secondHalf(points)
  const changes = half.slice(1).map(({ test }, i) => Math.abs(test - half[i]!.test))
  return changes.length < 2 ? undefined : changes.reduce((sum, change) => sum + change / changes.length, 0)
}

function secondHalf(points: readonly Snapshot[]): readonly Snapshot[] {
  const last = points.at(-1)?.iteration ?? 0
  return points.filter(({ iteration }) => iteration >= last / 2)
}
