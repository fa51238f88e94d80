import { createHash } from 'node:crypto'
import { groupBy } from '../base/group-by.ts'
import type { Dataset } from './dataset.ts'
import { disjointSets } from './disjoint-sets.ts'
import { hammingNeighbours } from './hamming-neighbours.ts'
import { areaAveraged, HASHED_SIDE, perceptualHash } from './perceptual-hash.ts'

/** Images that show the same: two or more indices into the dataset, ascending. */
export interface DuplicateGroup {
  /** 'exact': the same pixels. 'near': the same picture, scaled, compressed or lit a little otherwise. */
  readonly kind: 'exact' | 'near'
  readonly members: readonly number[]
}

/** Shortest side of images among which near duplicates are looked for: of smaller ones, such as digits, many look alike. */
const SMALLEST_SIDE = 32

/** Bits of their hashes in which near duplicates may differ. */
const HASH_DISTANCE = 10

/**
 * Least correlation of near duplicates, and of what stands out in them. The first alone would take different things on one background
 * for the same. Of the photographs of trashnet-112 whose first is so high, the second is below 0.3 for different scenes, above 0.63 for
 * one in two lights, and above 0.8 for nearly all that were compressed as JPEG of quality 30 or scaled to half.
 */
const LEAST_CORRELATION = 0.95
const LEAST_DETAIL_CORRELATION = 0.6

/** Standard deviation of what stands out, in levels of 255, below which there is too little to compare. */
const LEAST_DETAIL = 1

const known = new WeakMap<Dataset, readonly DuplicateGroup[]>()

/**
 * Every group of images of a dataset that show the same; groups are disjoint, in the order of their first members.
 *
 * Exact duplicates have the same pixels as they are stored. Near ones are candidates by a perceptual hash of the whole stored image,
 * confirmed by comparing colour thumbnails of 32x32, and linked: a series in which each shows the same as the next is one group. Not looked for
 * are mirrored, turned or cut copies, near duplicates among images with a side below 32 pixels, and among those that are
 * all but flat. What is computed for a dataset is kept as long as the dataset is.
 */
export function duplicatesIn(dataset: Dataset): readonly DuplicateGroup[] {
  const groups = known.get(dataset) ?? findDuplicates(dataset)
  known.set(dataset, groups)
  return groups
}

function findDuplicates({ images, shape, maxPixel }: Dataset): DuplicateGroup[] {
  const thumbnailOf = (index: number, pixels = images.read(index)) =>
    areaAveraged(pixels, images.sizeOf(index), shape[0], HASHED_SIDE).map((mean) => (mean * 255) / maxPixel)
  const firstBySum = new Map<string, number>()
  /** Images that may have near duplicates, and the two words of their hashes. */
  const candidates: number[] = []
  const hashes: number[] = []
  /** The first image with the same pixels. */
  const first = Uint32Array.from({ length: images.count }, (_, index) => {
    const { height, width } = images.sizeOf(index)
    const pixels = images.read(index)
    const sum = createHash('sha256').update(`${height}x${width}\n`).update(pixels).digest('base64')
    const earlier = firstBySum.get(sum)
    if (earlier !== undefined) return earlier
    firstBySum.set(sum, index)
    if (Math.min(height, width) >= SMALLEST_SIDE) {
      const thumbnail = thumbnailOf(index, pixels)
      if (deviation(detailOf(thumbnail)) >= LEAST_DETAIL) {
        candidates.push(index)
        hashes.push(...perceptualHash(brightnessOf(thumbnail)))
      }
    }
    return index
  })
  const same = disjointSets(images.count)
  first.forEach((earlier, index) => {
    same.join(earlier, index)
  })
  const described = new Map<number, Picture>()
  const pictureOf = (index: number) => {
    const picture = described.get(index) ?? describe(thumbnailOf(index))
    described.set(index, picture)
    return picture
  }
  for (const [a, b] of hammingNeighbours(Uint32Array.from(hashes), HASH_DISTANCE)) {
    const [one, other] = [candidates[a]!, candidates[b]!]
    if (same.leastOf(one) !== same.leastOf(other) && showSame(pictureOf(one), pictureOf(other))) same.join(one, other)
  }
  const members = groupBy([...first.keys()], same.leastOf)
  return [...members.values()]
    .filter(({ length }) => length > 1)
    .map((group) => ({
      kind: new Set(group.map((index) => first[index])).size === 1 ? 'exact' : 'near',
      members: group,
    }))
}
