import { type Group, groupsOf } from '../cells.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Page } from '../page.ts'
import { convergence } from './convergence.ts'
import { effectOfMinority } from './effect-of-minority.ts'
import { effectOfRho } from './effect-of-rho.ts'
import { fewerData } from './fewer-data.ts'
import { imagenetTable } from './imagenet-table.ts'
import { methodsCompared } from './methods-compared.ts'
import { partialSampling } from './partial-sampling.ts'
import { thresholding } from './thresholding.ts'

/** In the paper's order. */
const pages: readonly ((evidence: Evidence) => Page | undefined)[] = [
  effectOfRho,
  effectOfMinority,
  methodsCompared,
  imagenetTable,
  fewerData,
  thresholding,
  partialSampling,
  convergence,
]

/** The analyses of the paper that the evidence has cells for, in the paper's order. */
export function pagesOf(evidence: Evidence): Page[] {
  const apart = { ...evidence, cells: groupsOf(evidence).flatMap(renamed) }
  return pages.flatMap((page) => page(apart) ?? [])
}

/** Pages draw together what has one name, so cells of a dataset that were trained in other ways get another. */
function renamed({ name, cells }: Group): EvidenceCell[] {
  return cells.map((cell) => ({ ...cell, dataset: { ...cell.dataset, name } }))
}
