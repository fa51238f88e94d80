/** Claim 6: it is the imbalance that hurts, not only that there are fewer data. */
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import {
  answering,
  contrast,
  type Group,
  groupsOf,
  inEachCell,
  isImbalanced,
  isLinear,
  isStep,
  labelOf,
  meanPlace,
} from './cells.ts'
import { average, difference } from './effect.ts'
import { AUC_MARGIN, everywhere, type Measured, paired, somewhere } from './hypothesis.ts'
import { oversamplingAbove } from './sampling.ts'
import { judgeClaim } from './verdict.ts'

const metric = labelOf('rocAuc')

export function notFewerDataAlone(evidence: Evidence): Claim {
  const groups = groupsOf(evidence)
  return judgeClaim(
    {
      number: 6,
      title: 'Imbalance hurts beyond the loss of data',
      paper:
        'Three arguments: oversampling has no more images than the baseline and is better, though below the full set; undersampling, with fewer images, sometimes beats the baseline or ties oversampling; linear and step imbalance (mu 0.5) have equally many images, and step costs much more.',
      source: 'Buda et al. 2018, section 4.3',
    },
    [
      { ...oversamplingAbove(evidence, 'baseline'), core: true },
      {
        statement: 'oversampling is below the baseline on the full, balanced set',
        core: false,
        tests: groups.flatMap(belowFullSet),
        needs: 'a balanced cell beside imbalanced ones with oversampling, in two replicates or more',
      },
      {
        statement: 'in some cell undersampling beats the baseline, or ties oversampling where that beats the baseline',
        core: true,
        tests: groups.flatMap(undersamplingSuffices),
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
  const full = group.cells.find(({ profile }) => profile.kind === 'balanced')
  if (!full) return []
  const effect = (cell: EvidenceCell) =>
    difference(cell.values('oversampling', 'rocAuc'), full.values('baseline', 'rocAuc'))
  const cells = answering(group, { of: isImbalanced, effect })
  return paired({ place: meanPlace(group, cells), metric }, average(cells.map(effect)), 'below')
}

/** A tie counts only where oversampling itself is ahead of the baseline: where nothing helps, all methods tie. */
function undersamplingSuffices(group: Group): Measured[] {
  const cells = group.cells.filter(isImbalanced).map((cell) => ({ ...group, cells: [cell] }))
  const suffices = cells.flatMap((cell) => [
    ...inEachCell(cell, contrast('rocAuc', 'undersampling', 'baseline', 'above')),
    ...inEachCell(cell, contrast('rocAuc', 'undersampling', 'oversampling', { within: AUC_MARGIN })).flatMap((tie) =>
      everywhere([tie, ...inEachCell(cell, contrast('rocAuc', 'oversampling', 'baseline', 'above'))], 'conditions'),
    ),
  ])
  return somewhere(suffices, 'comparisons')
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
