import { clustersOf, type Dataset, type Examples, type Role, type Split, split } from '../data/index.ts'

/** Share of each class that trains nothing, so that probabilities can be held against it. */
const CALIBRATION = 0.15

/** A class with fewer images trains on all of them: one to calibrate on is more than that share, would say nothing, and be missed. */
const FEWEST_IMAGES = 7
/** One to train on and one to calibrate on. */
const FEWEST_CLUSTERS = 2

/**
 * The roles for a model that is to be used: 'selection' calibrates, all else trains, and nothing is tested, since a study has done
 * that. Images of one group, and those that show the same, are on one side. Official sets of the source are mixed with the rest.
 *
 * @param seed labels of the random stream; the same ones give the same roles
 */
export function rolesForFit(dataset: Dataset, seed: readonly (string | number)[]): Split {
  const every = Uint32Array.from(dataset.labels, (_, i) => i)
  const clusters = clustersOf(dataset, { duplicates: true })
  const { free, classes } = drawable(dataset, every, clusters ?? every)
  const drawn = {
    ...dataset,
    classNames: classes.map((c) => dataset.classNames[c]!),
    labels: Uint16Array.from(free, (i) => classes.indexOf(dataset.labels[i]!)),
    groups: clusters && free.map((i) => clusters[i]!),
    officialTestStart: undefined,
    officialSelectionStart: undefined,
  }
  const { test } = split(drawn, { test: { fraction: CALIBRATION } }, seed)
  const calibration = test.indices.map((i) => free[i]!)
  const held = new Set(calibration)
  const examples = <R extends Role>(role: R, indices: Uint32Array): Examples<R> => ({ role, dataset, indices })
  return {
    train: examples(
      'train',
      every.filter((i) => !held.has(i)),
    ),
    selection: examples('selection', calibration),
    test: examples('test', new Uint32Array()),
  }
}

/**
 * The images of which some may be taken from the training, and their classes. Images of a class that is too small all train, and so do
 * those that belong together with one of them, which may make another class too small.
 */
function drawable({ labels, classNames }: Dataset, every: Uint32Array, clusters: Uint32Array) {
  let free = every
  for (;;) {
    const counts = classNames.map(() => 0)
    const known = classNames.map(() => new Set<number>())
    for (const i of free) {
      const label = labels[i]!
      counts[label]!++
      known[label]!.add(clusters[i]!)
    }
    const classes = counts.flatMap((count, c) =>
      count >= FEWEST_IMAGES && known[c]!.size >= FEWEST_CLUSTERS ? [c] : [],
    )
    const bound = new Set(known.flatMap((own, c) => (classes.includes(c) ? [] : [...own])))
    const left = free.filter((i) => !bound.has(clusters[i]!))
    if (left.length === free.length) return { free, classes }
    free = left
  }
}
