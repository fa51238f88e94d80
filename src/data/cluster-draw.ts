import { groupBy } from '../base/group-by.ts'
import { random, shuffle } from '../base/random.ts'

/** Images that stay together. */
interface Cluster {
  readonly members: readonly number[]
  /** How many there are of each class that it has. */
  readonly counts: ReadonlyMap<number, number>
}

export interface ClusterPool {
  /** [C] indices into the dataset of the images of each class that are to be shared out. */
  readonly members: readonly (readonly number[])[]
  /** [N] number of each image's cluster. */
  readonly clusters: Uint32Array
}

/** [C] how many images of each class are wanted for a role, or nothing at all. */
export type Targets = readonly number[] | undefined

/** Orders in which clusters are tried until each class is in each role. */
const ATTEMPTS = 50

/** [C] the clusters that have images of each class. */
export function clusterCounts({ members, clusters }: ClusterPool): number[] {
  return members.map((indices) => new Set(indices.map((index) => clusters[index])).size)
}

/**
 * Shares out whole clusters: those to test on first, then those to choose on, and the rest is to train on. The clusters are shuffled
 * once per seed. For a role the classes are gone through from that with the fewest clusters on, and of each those clusters are taken
 * that bring the counts nearer to the targets, classes weighing by one over their size: so where each cluster is of one class, a count
 * is off by at most half a cluster, unless roles still to come would go without the class. The test role leaves two clusters of
 * each class that has three, whatever else is asked for, so that it doesn't depend on the other options.
 *
 * @returns undefined where no order was found in which every class is in every role
 */
export function drawClusters(
  pool: ClusterPool,
  targets: { readonly test: Targets; readonly selection: Targets },
  seed: readonly (string | number)[],
): Readonly<Record<'train' | 'selection' | 'test', readonly number[]>> | undefined {
  const clusters = clustersIn(pool)
  const numbers = clusterCounts(pool)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const order = shuffle([...clusters.keys()], random(...seed, 'clusters', attempt)).map((at) => clusters[at]!)
    const test = take(order, targets.test, (c) => Math.min(2, numbers[c]! - 1))
    const afterTest = order.filter((cluster) => !test?.has(cluster))
    const selection = take(afterTest, targets.selection, () => 1)
    if (!test || !selection) continue
    const members = (some: Iterable<Cluster>) => [...some].flatMap((cluster) => cluster.members)
    const train = afterTest.filter((cluster) => !selection.has(cluster))
    return { train: members(train), selection: members(selection), test: members(test) }
  }
  return undefined
}

function clustersIn({ members, clusters }: ClusterPool): Cluster[] {
  const labelled = members.flatMap((indices, label) => indices.map((index) => ({ index, label })))
  return [...groupBy(labelled, ({ index }) => clusters[index]!).values()].map((images) => ({
    members: images.map(({ index }) => index),
    counts: new Map([...groupBy(images, ({ label }) => label)].map(([label, { length }]) => [label, length])),
  }))
}

/**
 * Clusters whose images come near the targets, with at least one of each class; `spare(c)` clusters of class c are left.
 *
 * @returns undefined where a class cannot have one
 */
function take(order: readonly Cluster[], targets: Targets, spare: (c: number) => number): Set<Cluster> | undefined {
  const taken = new Set<Cluster>()
  if (!targets) return taken
  const ofClass = targets.map((_, c) => order.filter(({ counts }) => counts.has(c)))
  const sizes = ofClass.map((clusters, c) => clusters.reduce((sum, { counts }) => sum + counts.get(c)!, 0))
  const left = ofClass.map(({ length }) => length)
  const lacking = [...targets]
  const mayGo = ({ counts }: Cluster) => [...counts.keys()].every((c) => left[c]! > spare(c))
  const gain = ({ counts }: Cluster) =>
    [...counts].reduce((sum, [c, n]) => sum + (Math.abs(lacking[c]!) - Math.abs(lacking[c]! - n)) / sizes[c]!, 0)
  const takeOne = (cluster: Cluster) => {
    taken.add(cluster)
    for (const [c, n] of cluster.counts) {
      lacking[c]! -= n
      left[c]!--
    }
  }
  const rarestFirst = targets.map((_, c) => c).sort((a, b) => ofClass[a]!.length - ofClass[b]!.length || a - b)
  for (const c of rarestFirst) {
    for (const cluster of ofClass[c]!) if (!taken.has(cluster) && mayGo(cluster) && gain(cluster) > 0) takeOne(cluster)
    if (ofClass[c]!.some((cluster) => taken.has(cluster))) continue
    const least = ofClass[c]!.filter(mayGo).reduce<Cluster | undefined>(
      (best, cluster) => (best && gain(best) >= gain(cluster) ? best : cluster),
      undefined,
    )
    if (!least) return undefined
    takeOne(least)
  }
  return taken
}
