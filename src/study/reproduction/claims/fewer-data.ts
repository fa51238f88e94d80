/** Claim 6: it is the imbalance that hurts, not only that there are fewer data. */
import { type Group, groupsOf, isBalanced, isImbalanced, isLinear, isStep, MANY_CLASSES } from '../cells.ts'
import { average, difference } from '../effect.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { AUC_MARGIN, everywhere, type Measured, paired, somewhere } from './hypothesis.ts'
import { oversamplingAbove, withoutLarge } from './oversampling.ts'
import { answering, contrast, inEachCell, labelOf, meanPlace } from './questions.ts'
import { judgeClaim } from './verdict.ts'

const metric = labelOf('rocAuc')

export function notFewerDataAlone(evidence: Evidence): Claim {
  const groups = groupsOf(evidence)
  const small = withoutLarge(evidence)
  return judgeClaim(
    {
      number: 6,
      title: 'Imbalance hurts beyond the loss of data',
      paper:
        'Three arguments: oversampling has no more images than the baseline and is better, though below the full set; undersampling, with fewer images, sometimes beats the baseline or ties oversampling; linear and step imbalance (mu 0.5) have equally many images, and step costs much more.',
      source: 'Buda et al. 2018, section 4.3',
    },
    [
      { ...oversamplingAbove(small, 'baseline'), core: true },
      {
        statement: 'oversampling is below the baseline on the full, balanced set',
        core: false,
        tests: groupsOf(small).flatMap(belowFullSet),
        needs: `a balanced cell beside imbalanced ones with oversampling, of fewer than ${MANY_CLASSES} classes, in two replicates or more`,
      },
      {
        statement: `in some cell undersampling beats the baseline, or ties oversampling (within ${AUC_MARGIN}) where that is further above the baseline`,
        core: true,
        tests: somewhere(evidence.cells.filter(isImbalanced).flatMap(undersamplingSuffices), 'comparisons'),
        needs: 'imbalanced cells with undersampling and oversampling, in two replicates or more',
      },
      {
        statement: 'the baseline loses more by step imbalance of mu 0.5 than by linear imbalance of the same rho',
        core: true,
        tests: groups.flatMap(linearAboveStep),
        needs: 'linear cells and step cells of mu 0.5 at the same rho, in two replicates or more',
      },
    ],
  )
}

function belowFullSet(group: Group): Measured[] {
  const full = group.cells.find(isBalanced)
  if (!full) return []
  const effect = (cell: EvidenceCell) =>
    difference(cell.values('oversampling', 'rocAuc'), full.values('baseline', 'rocAuc'))
  const cells = answering(group, { of: isImbalanced, effect })
  return paired({ place: meanPlace(group, cells), metric }, average(cells.map(effect)), 'below')
}

/** A tie counts only where oversampling is ahead of the baseline by more than it may be ahead of undersampling. */
function undersamplingSuffices(cell: EvidenceCell): Measured[] {
  const here = { cells: [cell] }
  const tie = inEachCell(here, contrast('rocAuc', 'undersampling', 'oversampling', { within: AUC_MARGIN }))
  const ahead = inEachCell(here, contrast('rocAuc', 'oversampling', 'baseline', { atLeast: AUC_MARGIN }))
  return [
    ...inEachCell(here, contrast('rocAuc', 'undersampling', 'baseline', 'above')),
    ...(tie.length > 0 && ahead.length > 0 ? everywhere([...tie, ...ahead], 'conditions') : []),
  ]
}

/** Linear minus step of mu 0.5, whose numbers of images are equal. */
function linearAboveStep(group: Group): Measured[] {
  const effect = (cell: EvidenceCell) => cell.values('baseline', 'rocAuc')
  const steps = answering(group, { of: (cell) => isStep(cell) && cell.mu === 0.5, effect })
  const pairs = answering(group, { of: isLinear, effect }).flatMap((linear) => {
    const step = steps.find(({ rho }) => rho === linear.rho)
    return step ? [difference(effect(linear), effect(step))] : []
  })
  const place = `${group.name}, linear against step, mean over ${pairs.length} values of rho`
  return paired({ place, metric }, average(pairs), 'above')
}
