import { EvenkeelError } from '../base/errors.ts'
import { disjointSets } from '../data/disjoint-sets.ts'
import {
  classCounts,
  type Dataset,
  type DuplicateGroup,
  imbalanceRatio,
  type Role,
  type Share,
  type Split,
  type SplitOptions,
} from '../data/index.ts'
import type { ClassAudit, ImbalanceAudit, Tier } from './audit-report.ts'
import { classPrecision } from './precision.ts'

/** More training images than the first are many, fewer than the second are few (Liu et al. 2019). */
const MANY = 100
const FEW = 20

/** Images, and how a study would split them. */
export interface ImagesAsSplit {
  readonly dataset: Dataset
  readonly shares: SplitOptions
  /** The first split of that study, or why there is none. */
  readonly split: Split | EvenkeelError
  readonly duplicates: readonly DuplicateGroup[]
}

/** How many images of a class are pictured. */
const EXAMPLES = 6

/** The role that the source itself gives an example; all are for training where it gives none. */
export function officialRole(
  { officialTestStart, officialSelectionStart }: Pick<Dataset, 'officialTestStart' | 'officialSelectionStart'>,
  index: number,
): Role {
  if (officialTestStart === undefined || index < (officialSelectionStart ?? officialTestStart)) return 'train'
  return index < officialTestStart ? 'selection' : 'test'
}

/**
 * The classes of a dataset by label: what each has, and what a study's split leaves it, or where there is none what its shares come to.
 * Images that show the same count once where independent ones are counted.
 */
export function auditClasses({ dataset, shares, split: drawn, duplicates }: ImagesAsSplit): {
  classes: ClassAudit[]
  imbalance: ImbalanceAudit
} {
  const hasOfficialTest = dataset.officialTestStart !== undefined
  const members: Record<Role, number[]>[] = dataset.classNames.map(() => ({ train: [], selection: [], test: [] }))
  dataset.labels.forEach((label, i) => {
    members[label]![officialRole(dataset, i)].push(i)
  })
  const sizes = members.map(({ train }) => train.length)
  // A class without images is a fault, and no imbalance.
  const filled = sizes.filter((size) => size > 0)
  const meanClass = filled.reduce((sum, size) => sum + size, 0) / filled.length
  const isSmall = (size: number) => size > 0 && size < meanClass
  const counts = drawn instanceof EvenkeelError ? undefined : countsIn(drawn)
  const clusterOf = clustersOf(dataset, duplicates)
  const classes = dataset.classNames.map((name, label): ClassAudit => {
    const own = members[label]!
    const official = { train: own.train.length, selection: own.selection.length, test: own.test.length }
    const split = counts?.[label] ?? splitCounts(official, shares)
    const testable = hasOfficialTest ? own.test : own.train
    const units = new Set(testable.map(clusterOf)).size
    return {
      name,
      images: official.train + official.selection + official.test,
      official,
      split,
      tier: split.train > MANY ? 'head' : split.train < FEW ? 'tail' : 'medium',
      isMinority: isSmall(sizes[label]!),
      precision: classPrecision({
        units,
        images: testable.length,
        split,
        hasGroups: dataset.groups !== undefined,
        hasOfficialTest,
      }),
      examples: own.train.slice(0, EXAMPLES),
    }
  })
  const mu = filled.filter(isSmall).length / filled.length
  return { classes, imbalance: { rho: imbalanceRatio(filled), mu, meanClass } }
}

/** Images of each class by role. */
function countsIn({ train, selection, test }: Split): Record<Role, number>[] {
  const counts = { train: classCounts(train), selection: classCounts(selection), test: classCounts(test) }
  return counts.train.map((size, label) => ({
    train: size,
    selection: counts.selection[label]!,
    test: counts.test[label]!,
  }))
}

/** Images of a class by role, as shares of it; training gets what is left, which may be nothing. */
function splitCounts(official: Record<Role, number>, { test, selection }: SplitOptions): Record<Role, number> {
  const all = official.train
  const drawn = (share: Share) =>
    Math.min(all, 'perClass' in share ? share.perClass : Math.max(1, Math.round(share.fraction * all)))
  const hasOwnTest = test === 'official' || 'official' in test
  const tested = hasOwnTest ? official.test : drawn(test)
  const selected = selection === 'official' ? official.selection : selection ? drawn(selection) : 0
  const left = all - (hasOwnTest ? 0 : tested) - (selection === 'official' ? 0 : selected)
  return { train: Math.max(0, left), selection: selected, test: tested }
}

/** A number for each image that those of its group, and those that show the same, have in common. */
function clustersOf({ labels, groups }: Dataset, duplicates: readonly DuplicateGroup[]): (index: number) => number {
  const sets = disjointSets(labels.length)
  const firstOf = new Map<number, number>()
  groups?.forEach((group, i) => {
    const first = firstOf.get(group)
    if (first === undefined) firstOf.set(group, i)
    else sets.join(first, i)
  })
  for (const { members } of duplicates) for (const member of members) sets.join(members[0]!, member)
  return sets.leastOf
}

/** What the words mean, for a reader. */
export const tierMeanings: Readonly<Record<Tier, string>> = {
  head: `more than ${MANY} training images`,
  medium: `${FEW} to ${MANY}`,
  tail: `fewer than ${FEW}`,
}
