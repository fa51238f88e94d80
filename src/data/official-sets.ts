import { EvenkeelError } from '../base/errors.ts'
import type { Dataset } from './dataset.ts'

/** Images of each class, as indices into the dataset: [C] lists. */
export type ByClass = readonly (readonly number[])[]

/** A dataset as its source divides it, as far as that is kept. */
export interface OfficialSets {
  /** What roles are drawn from. */
  readonly pool: ByClass
  readonly selection: ByClass | undefined
  readonly test: ByClass | undefined
}

const names = ['training', 'selection', 'test'] as const

/**
 * The official sets of a dataset that are to be kept, and all other images. An image in one cluster with one of the official test
 * set is in no other set, nor one with one of the selection set in the pool: duplicates would let training see what it is judged by.
 *
 * @param clusters see `clustersOf`
 * @throws EvenkeelError `split.official` where the source has no such set, `split.group` where a group is in two of them
 */
export function officialSets(
  dataset: Dataset,
  keep: Readonly<Record<'selection' | 'test', boolean>>,
  clusters: Uint32Array | undefined,
): OfficialSets {
  const { labels, classNames } = dataset
  const testStart = keep.test ? requireStart(dataset, 'officialTestStart', 'test') : labels.length
  const selectionStart = keep.selection ? requireStart(dataset, 'officialSelectionStart', 'selection') : testStart
  const setOf = (index: number) => (index < selectionStart ? 0 : index < testStart ? 1 : 2)
  checkGroups(dataset, setOf)

  /** The last set that a cluster is in. */
  const last = new Uint8Array(labels.length)
  const clusterOf = (index: number) => clusters?.[index] ?? index
  labels.forEach((_, index) => {
    last[clusterOf(index)] = Math.max(last[clusterOf(index)]!, setOf(index))
  })
  const sets = names.map(() => classNames.map((): number[] => []))
  labels.forEach((label, index) => {
    if (last[clusterOf(index)] === setOf(index)) sets[setOf(index)]![label]!.push(index)
  })
  const [pool, selection, test] = sets
  return { pool: pool!, selection: keep.selection ? selection : undefined, test: keep.test ? test : undefined }
}

function requireStart(dataset: Dataset, start: 'officialTestStart' | 'officialSelectionStart', set: string): number {
  const { name, [start]: first } = dataset
  if (first !== undefined) return first
  throw new EvenkeelError(
    'split.official',
    `'${name}' has no official ${set} set`,
    'ask for a fraction or a number per class',
  )
}

function checkGroups({ name, groups, nameOf }: Dataset, setOf: (index: number) => number): void {
  const firstOfGroup = new Map<number, number>()
  groups?.forEach((group, index) => {
    const first = firstOfGroup.get(group) ?? index
    firstOfGroup.set(group, first)
    if (setOf(first) === setOf(index)) return
    const [one, other] = [first, index].map(
      (image) => `${nameOf ? `'${nameOf(image)}'` : `image ${image}`} of the official ${names[setOf(image)]} set`,
    )
    throw new EvenkeelError(
      'split.group',
      `${one} and ${other} of '${name}' are of one group, whose images may not differ in role`,
      'mend the groups or the sets, or ask for a test set drawn at random',
    )
  })
}
