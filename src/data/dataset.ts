import { createHash, type Hash } from 'node:crypto'
import { EvenkeelError } from '../base/errors.ts'
import { printable } from '../base/printable.ts'
import { type ImageShape, type ImageStore, imagesInMemory } from './images.ts'

/** A file that should have been an image of a set. */
export interface LeftOut {
  /** Below the folder of the set, with '/'. */
  readonly path: string
  readonly reason: string
}

/** A labelled image set. Pixels stay uint8; scaling happens in the training graph. */
export interface Dataset {
  readonly name: string
  /** One line for reports: what and whence. */
  readonly description: string
  /** What else a person should know of it, a sentence each. */
  readonly notes: readonly string[]
  /** Images that are not in it because they cannot be decoded: all of them, where the notes name some. */
  readonly leftOut: readonly LeftOut[]
  /** What networks see of an image: all of it, or a window of one that is stored larger. */
  readonly shape: ImageShape
  readonly classNames: readonly string[]
  /** N of them. */
  readonly images: ImageStore
  /** [N], each an index into `classNames`. */
  readonly labels: Uint16Array
  /** Examples from here on are the source's own test set. */
  readonly officialTestStart: number | undefined
  /** Examples from here to the official test set are the source's own selection set; only beside an official test set. */
  readonly officialSelectionStart?: number | undefined
  /** [N] number of each image's group, such as a patient or a video: images of one group never get different roles. */
  readonly groups?: Uint32Array | undefined
  /** The largest value a pixel can have; the training graph divides by it. */
  readonly maxPixel: number
  /** SHA-256 over all that affects training: everything above but the names, the description, the notes and what is left out. */
  readonly contentHash: string
  /** What the source calls an image, such as its path below the folder; absent where images have no names. */
  readonly nameOf?: ((index: number) => string) | undefined
}

/** What an example may be used for: fitting weights, choosing (epoch, threshold, method), or the reported result. */
export type Role = 'train' | 'selection' | 'test'

/** Examples of a dataset that play one role; a function that fits or selects can demand the role in its type. */
export interface Examples<R extends Role> {
  readonly role: R
  readonly dataset: Dataset
  /** Indices into the dataset, ascending. */
  readonly indices: Uint32Array
}

/** The examples of each class, next to each other. */
export interface ClassIndex {
  /** [N] dataset indices: those of class 0, then those of class 1, ... */
  readonly order: Uint32Array
  /** [classes + 1]: class c is order[offsets[c]] .. order[offsets[c + 1] - 1]. */
  readonly offsets: Uint32Array
  /** [classes] */
  readonly counts: readonly number[]
}

/** What a source that holds its pixels has to say; `images` and `contentHash` follow from it. */
export interface DatasetContent extends Omit<Dataset, 'images' | 'contentHash' | 'notes' | 'leftOut'> {
  /** [N, C, H, W]; kept, not copied. */
  readonly pixels: Uint8Array
}

const MOST_CLASSES = 65_536

/** A dataset from its content, checked: sizes agree, labels and pixels are in range, there are at least two classes. */
export function createDataset({ pixels, ...described }: DatasetContent): Dataset {
  const { name, shape, labels, maxPixel } = described
  checkDescription(described)
  const size = imageSize(described)
  const expected = labels.length * size
  if (pixels.length !== expected) {
    throw wrongContent(
      name,
      `${labels.length} labels and shape [${shape.join(', ')}] need ${expected} pixels, got ${pixels.length}`,
    )
  }
  const badPixel = maxPixel < 255 ? pixels.findIndex((pixel) => pixel > maxPixel) : -1
  if (badPixel >= 0) {
    throw wrongContent(name, `pixel ${pixels[badPixel]} of example ${Math.floor(badPixel / size)} is above ${maxPixel}`)
  }
  return {
    ...described,
    notes: [],
    leftOut: [],
    images: imagesInMemory(pixels, shape),
    contentHash: hashContent(described, (hash) => updateInPieces(hash, pixels)),
  }
}

/** All of a dataset but where its images lie and what follows from their pixels. */
type Description = Pick<
  Dataset,
  'name' | 'shape' | 'classNames' | 'labels' | 'officialTestStart' | 'officialSelectionStart' | 'groups' | 'maxPixel'
>

/**
 * Checks what can be said of a dataset without its pixels: sizes and labels are in range, there are at least two classes.
 *
 * @throws EvenkeelError `data.content`
 */
export function checkDescription(description: Description): void {
  const { name, shape, classNames, labels, officialTestStart, officialSelectionStart, groups, maxPixel } = description
  const fail = (what: string, hint?: string): never => {
    throw wrongContent(name, what, hint)
  }
  if (!shape.every((size) => Number.isInteger(size) && size >= 1)) {
    fail(`shape must be three sizes >= 1, got [${shape.join(', ')}]`, 'the order is [channels, height, width]')
  }
  checkClassNames(name, classNames)
  if (labels.length === 0) fail('there must be at least one example')
  const badLabel = labels.findIndex((label) => label >= classNames.length)
  if (badLabel >= 0) {
    fail(`label ${labels[badLabel]} of example ${badLabel} is not one of 0 to ${classNames.length - 1}`)
  }
  if (!Number.isInteger(maxPixel) || maxPixel < 1 || maxPixel > 255) {
    fail(`maxPixel must be an integer from 1 to 255, got ${maxPixel}`)
  }
  if (
    officialTestStart !== undefined &&
    !(Number.isInteger(officialTestStart) && officialTestStart >= 1 && officialTestStart < labels.length)
  ) {
    fail(`officialTestStart must leave examples on both sides of ${labels.length}, got ${officialTestStart}`)
  }
  if (officialSelectionStart !== undefined) {
    if (officialTestStart === undefined) fail('an official selection set needs an official test set behind it')
    else if (
      !(Number.isInteger(officialSelectionStart) && officialSelectionStart >= 1) ||
      officialSelectionStart >= officialTestStart
    ) {
      fail(
        'officialSelectionStart must leave examples on both sides before officialTestStart ' +
          `${officialTestStart}, got ${officialSelectionStart}`,
      )
    }
  }
  if (groups && groups.length !== labels.length)
    fail(`${labels.length} labels need as many groups, got ${groups.length}`)
}

/**
 * Checks that names can be those of classes: enough of them, all different, and all fit to be printed.
 *
 * @throws EvenkeelError `data.content`
 */
export function checkClassNames(name: string, classNames: readonly string[]): void {
  const fail = (what: string, hint?: string): never => {
    throw wrongContent(name, what, hint)
  }
  if (classNames.length < 2 || classNames.length > MOST_CLASSES) {
    fail(`there must be 2 to ${MOST_CLASSES} classes, got ${classNames.length}`)
  }
  const seen = new Set<string>()
  const repeated = classNames.find((className) => seen.size === seen.add(className).size)
  if (repeated !== undefined) fail(`class names must differ, got '${printable(repeated)}' twice`)
  const unfit = classNames.find((className) => printable(className) !== className)
  if (unfit !== undefined) {
    fail(`the class name '${printable(unfit)}' has a character that cannot be printed`, 'give the class another name')
  }
}

function wrongContent(name: string, what: string, hint?: string): EvenkeelError {
  return new EvenkeelError('data.content', `dataset '${printable(name)}': ${what}`, hint)
}

/**
 * SHA-256 over all that affects training; `addImages` hashes the pixels, or what stands for them. What only some datasets have is
 * undefined in the header of the others, and so not in its text.
 */
export function hashContent(
  { shape, classNames, labels, officialTestStart, officialSelectionStart, groups, maxPixel }: Description,
  addImages: (hash: Hash) => unknown,
): string {
  const header = {
    shape,
    classes: classNames.length,
    officialTestStart: officialTestStart ?? null,
    maxPixel,
    officialSelectionStart,
    groups: groups?.length,
  }
  const hash = createHash('sha256').update(JSON.stringify(header)).update(labels)
  if (groups) hash.update(groups)
  addImages(hash)
  return hash.digest('hex')
}

/** A hash takes less than 2 GiB at a time. */
const MOST_HASHED = 2 ** 30

/** Hashes bytes, however many, as if all at once. */
export function updateInPieces(hash: Hash, bytes: Uint8Array, piece = MOST_HASHED): void {
  for (let start = 0; start < bytes.length; start += piece) hash.update(bytes.subarray(start, start + piece))
}

/** Pixels of one image as networks see it: channels * height * width. */
export function imageSize({ shape: [channels, height, width] }: Pick<Dataset, 'shape'>): number {
  return channels * height * width
}

/** Names for classes that have none: '0', '1', ... */
export function numberedClasses(count: number): string[] {
  return Array.from({ length: count }, (_, c) => String(c))
}

/** How many of the examples each class of the dataset has: [classes]. */
export function classCounts({ dataset, indices }: Examples<Role>): number[] {
  const counts = new Array<number>(dataset.classNames.length).fill(0)
  for (const i of indices) counts[dataset.labels[i]!]!++
  return counts
}

/** The examples grouped by class, in their own order within each: a counting sort, done once for all samplers. */
export function classIndex(examples: Examples<Role>): ClassIndex {
  const { dataset, indices } = examples
  const counts = classCounts(examples)
  const offsets = new Uint32Array(counts.length + 1)
  for (let c = 0; c < counts.length; c++) offsets[c + 1] = offsets[c]! + counts[c]!
  const order = new Uint32Array(indices.length)
  const next = offsets.slice()
  for (const i of indices) order[next[dataset.labels[i]!]!++] = i
  return { order, offsets, counts }
}

/** The imbalance ratio rho = max_i |C_i| / min_i |C_i| (Buda et al. 2018, section 3.1); Infinity when a class is empty. */
export function imbalanceRatio(counts: readonly number[]): number {
  return Math.max(...counts) / Math.min(...counts)
}
