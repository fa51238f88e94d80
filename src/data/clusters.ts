import type { Dataset } from './dataset.ts'
import { disjointSets } from './disjoint-sets.ts'
import { duplicatesIn } from './duplicates.ts'

/**
 * [N] number of each image's cluster: images of one group, and with `duplicates` those that show the same, belong together, and so
 * do groups that share such images. Clusters are numbered from 0 in the order of their first images.
 *
 * @returns undefined where every image stands alone
 */
export function clustersOf(
  dataset: Dataset,
  { duplicates }: { readonly duplicates: boolean },
): Uint32Array | undefined {
  const { labels, groups } = dataset
  const together = disjointSets(labels.length)
  const firstOfGroup = new Map<number, number>()
  groups?.forEach((group, index) => {
    const first = firstOfGroup.get(group)
    if (first === undefined) firstOfGroup.set(group, index)
    else together.join(first, index)
  })
  for (const { members } of duplicates ? duplicatesIn(dataset) : []) {
    for (const member of members) together.join(members[0]!, member)
  }
  const numbers = new Map<number, number>()
  const clusters = Uint32Array.from(labels, (_, index) => {
    const least = together.leastOf(index)
    const number = numbers.get(least) ?? numbers.size
    numbers.set(least, number)
    return number
  })
  return numbers.size < labels.length ? clusters : undefined
}
