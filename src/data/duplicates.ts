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

function findDuplicates(dataset: Dataset): DuplicateGroup[] {
  const { first, hashed, hashes } = fingerprints(dataset)
  const same = disjointSets(first.length)
  first.forEach((earlier, index) => {
    same.join(earlier, index)
  })
  const thumbnails = new Map<number, Uint8Array>()
  const thumbnail = (index: number) => {
    const known = thumbnails.get(index) ?? thumbnailOf(dataset, index)
    thumbnails.set(index, known)
    return known
  }
  for (const [a, b] of hammingNeighbours(hashes, HASH_DISTANCE)) {
    const [one, other] = [hashed[a]!, hashed[b]!]
    if (same.leastOf(one) !== same.leastOf(other) && showSame(thumbnail(one), thumbnail(other))) same.join(one, other)
  }
  const groups = groupBy([...first.keys()], same.leastOf).values()
  return [...groups]
    .filter((members) => members.length > 1)
    .map((members) => ({ kind: members.every((index) => first[index] === members[0]) ? 'exact' : 'near', members }))
}

/** All that is kept of every image. */
interface Fingerprints {
  /** [N] the first image with the same pixels. */
  readonly first: Uint32Array
  /** Images that may have near duplicates, and the two words of the hash of each. */
  readonly hashed: readonly number[]
  readonly hashes: Uint32Array
}

function fingerprints(dataset: Dataset): Fingerprints {
  const { images } = dataset
  const firstBySum = new Map<string, number>()
  const hashed: number[] = []
  const hashes: number[] = []
  const first = Uint32Array.from({ length: images.count }, (_, index) => {
    const { height, width } = images.sizeOf(index)
    const pixels = images.read(index)
    const sum = createHash('sha256').update(`${height}x${width}\n`).update(pixels).digest('base64')
    const earlier = firstBySum.get(sum)
    if (earlier !== undefined) return earlier
    firstBySum.set(sum, index)
    const thumbnail = Math.min(height, width) < SMALLEST_SIDE ? undefined : thumbnailOf(dataset, index, pixels)
    if (thumbnail && deviation(detailOf(thumbnail)) >= LEAST_DETAIL) {
      hashed.push(index)
      hashes.push(...perceptualHash(brightnessOf(thumbnail)))
    }
    return index
  })
  return { first, hashed, hashes: Uint32Array.from(hashes) }
}

/** Means over equal areas of an image, in levels of 255: [C, 32, 32]. */
function thumbnailOf({ images, shape, maxPixel }: Dataset, index: number, pixels = images.read(index)): Uint8Array {
  const means = areaAveraged(pixels, images.sizeOf(index), shape[0], HASHED_SIDE)
  const thumbnail = new Uint8Array(means.length)
  for (let at = 0; at < means.length; at++) thumbnail[at] = Math.round((means[at]! * 255) / maxPixel)
  return thumbnail
}

/** Sum of the channels, [32, 32]. */
function brightnessOf(thumbnail: Uint8Array): Float32Array {
  const brightness = new Float32Array(HASHED_SIDE ** 2)
  for (let at = 0; at < thumbnail.length; at++) brightness[at % brightness.length]! += thumbnail[at]!
  return brightness
}

function showSame(one: Uint8Array, other: Uint8Array): boolean {
  return (
    correlation(one, other) >= LEAST_CORRELATION &&
    correlation(detailOf(one), detailOf(other)) >= LEAST_DETAIL_CORRELATION
  )
}

/** What stands out: how far each mean inside a thumbnail is from the four around it (the Laplacian). */
function detailOf(thumbnail: Uint8Array): Float32Array {
  const side = HASHED_SIDE
  const detail = new Float32Array((thumbnail.length / side ** 2) * (side - 2) ** 2)
  let next = 0
  for (let plane = 0; plane < thumbnail.length; plane += side ** 2) {
    for (let row = 1; row < side - 1; row++) {
      for (let at = plane + row * side + 1; at < plane + (row + 1) * side - 1; at++) {
        const around = thumbnail[at - side]! + thumbnail[at - 1]! + thumbnail[at + 1]! + thumbnail[at + side]!
        detail[next++] = thumbnail[at]! - around / 4
      }
    }
  }
  return detail
}

function deviation(values: ArrayLike<number>): number {
  return Math.sqrt(productOfDeviations(values, values) / values.length)
}

/** Pearson's correlation coefficient. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return productOfDeviations(a, b) / Math.sqrt(productOfDeviations(a, a) * productOfDeviations(b, b))
}

/** Sum of (a - mean of a) (b - mean of b). */
function productOfDeviations(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [sumA, sumB, products] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    sumA += a[i]!
    sumB += b[i]!
    products += a[i]! * b[i]!
  }
  return products - (sumA * sumB) / a.length
}
