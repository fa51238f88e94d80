import { classCounts, type Dataset, type Examples, type Role, type Split, split } from '../data/index.ts'

/** Share of each class that trains nothing, so that probabilities can be held against it. */
const CALIBRATION = 0.15

/** A class with fewer images trains on all of them: one to calibrate on would say nothing, and be missed. */
const FEWEST = 3

/**
 * The roles for a model that is to be used: 'selection' calibrates, all else trains, and nothing is tested, since a study has done
 * that. Images of one group, and those that show the same, are on one side. Official sets of the source are mixed with the rest.
 *
 * @param seed labels of the random stream; the same ones give the same roles
 */
export function rolesForFit(dataset: Dataset, seed: readonly (string | number)[]): Split {
  const every = Uint32Array.from(dataset.labels, (_, i) => i)
  const counts = classCounts({ role: 'train', dataset, indices: every })
  const large = counts.flatMap((count, c) => (count >= FEWEST ? [c] : []))
  const drawn = every.filter((i) => large.includes(dataset.labels[i]!))
  const options = { test: { fraction: CALIBRATION }, duplicates: 'together' } as const
  const { test } = split(part(dataset, drawn, large), options, seed)
  const calibration = test.indices.map((i) => drawn[i]!)
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

/** Some examples of a dataset, of these classes alone, as a set of their own. */
function part(dataset: Dataset, indices: Uint32Array, classes: readonly number[]): Dataset {
  const { images, labels, classNames, groups, nameOf } = dataset
  return {
    ...dataset,
    classNames: classes.map((c) => classNames[c]!),
    labels: Uint16Array.from(indices, (i) => classes.indexOf(labels[i]!)),
    images: {
      ...images,
      count: indices.length,
      sizeOf: (i) => images.sizeOf(indices[i]!),
      read: (i) => images.read(indices[i]!),
    },
    officialTestStart: undefined,
    officialSelectionStart: undefined,
    groups: groups && indices.map((i) => groups[i]!),
    nameOf: nameOf && ((i) => nameOf(indices[i]!)),
  }
}
