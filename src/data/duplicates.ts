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

/** Side of the thumbnails that are compared. */
const THUMBNAIL_SIDE = 16

/**
 * Least correlation of the thumbnails of near duplicates, and of what stands out in them. The first alone would take different things on
 * one background for the same; the second is below 0.3 for those and above 0.6 for a picture that was compressed to a tenth.
 */
const LEAST_CORRELATION = 0.95
const LEAST_DETAIL_CORRELATION = 0.75

/** Standard deviation of what stands out, in levels of 255, below which there is too little to compare. */
const LEAST_DETAIL = 1

const known = new WeakMap<Dataset, readonly DuplicateGroup[]>()

/**
 * Every group of images of a dataset that show the same; groups are disjoint, in the order of their first members.
 *
 * Exact duplicates have the same pixels as they are stored. Near ones are candidates by a perceptual hash of the whole stored image,
 * confirmed by comparing thumbnails, and linked: a series in which each shows the same as the next is one group. Not looked for
 * are mirrored, turned or cut copies, near duplicates among images with a side below 32 pixels, and among those that are
 * all but flat. What is computed for a dataset is kept as long as the dataset is.
 */
export function duplicatesIn(dataset: Dataset): readonly DuplicateGroup[] {
  const groups = known.get(dataset) ?? findDuplicates(dataset)
  known.set(dataset, groups)
  return groups
}

function findDuplicates({ images, shape, maxPixel }: Dataset): DuplicateGroup[] {
  const firstBySum = new Map<string, number>()
  const pictures: Picture[] = []
  /** The first image with the same pixels. */
  const first = Uint32Array.from({ length: images.count }, (_, index) => {
    const size = images.sizeOf(index)
    const pixels = images.read(index)
    const sum = createHash('sha256').update(`${size.height}x${size.width}\n`).update(pixels).digest('base64')
    const earlier = firstBySum.get(sum)
    if (earlier !== undefined) return earlier
    firstBySum.set(sum, index)
    if (Math.min(size.height, size.width) >= SMALLEST_SIDE) {
      const picture = pictureOf(index, areaAveraged(pixels, size, shape[0], HASHED_SIDE), 255 / maxPixel)
      if (picture) pictures.push(picture)
    }
    return index
  })
  const same = disjointSets(images.count)
  first.forEach((earlier, index) => {
    same.join(earlier, index)
  })
  for (const [a, b] of hammingNeighbours(Uint32Array.from(pictures.flatMap(({ hash }) => hash)), HASH_DISTANCE)) {
    const [one, other] = [pictures[a]!, pictures[b]!]
    if (same.leastOf(one.index) !== same.leastOf(other.index) && showSame(one, other)) same.join(one.index, other.index)
  }
  const members = groupBy([...first.keys()], same.leastOf)
  return [...members.values()]
    .filter(({ length }) => length > 1)
    .map((group) => ({
      kind: new Set(group.map((index) => first[index])).size === 1 ? 'exact' : 'near',
      members: group,
    }))
}

/** What near duplicates are found by. */
interface Picture {
  readonly index: number
  readonly hash: readonly [number, number]
  /** [C, 16, 16], in levels of 255. */
  readonly thumbnail: Uint8Array
}

/** Of means over areas [C, 32, 32] that, times `scale`, are levels of 255; undefined where too little stands out. */
function pictureOf(index: number, means: Float32Array, scale: number): Picture | undefined {
  const channels = means.length / HASHED_SIDE ** 2
  const brightness = new Float32Array(HASHED_SIDE ** 2)
  const thumbnail = new Uint8Array(channels * THUMBNAIL_SIDE ** 2)
  let next = 0
  for (let row = 0; row < channels * HASHED_SIDE; row += 2) {
    for (let column = 0; column < HASHED_SIDE; column += 2) {
      const at = row * HASHED_SIDE + column
      const below = at + HASHED_SIDE
      thumbnail[next++] = Math.round((scale / 4) * (means[at]! + means[at + 1]! + means[below]! + means[below + 1]!))
    }
  }
  if (deviation(detailOf(thumbnail)) < LEAST_DETAIL) return undefined
  for (let at = 0; at < means.length; at++) brightness[at % brightness.length]! += means[at]!
  return { index, hash: perceptualHash(brightness), thumbnail }
}

function showSame(one: Picture, other: Picture): boolean {
  return (
    correlation(one.thumbnail, other.thumbnail) >= LEAST_CORRELATION &&
    correlation(detailOf(one.thumbnail), detailOf(other.thumbnail)) >= LEAST_DETAIL_CORRELATION
  )
}

/** What stands out: how far each mean inside a thumbnail is from the four around it (the Laplacian). */
function detailOf(thumbnail: Uint8Array): Float32Array {
  const side = THUMBNAIL_SIDE
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
