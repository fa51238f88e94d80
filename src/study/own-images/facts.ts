import { classCounts, type Dataset, type ImageShape } from '../../data/index.ts'
import { headersOf, leavesSizeOpen } from './reference.ts'

/** What is known of a person's images before anything is chosen. */
export interface ImageFacts {
  /** As the person named the images. */
  readonly reference: string
  readonly classNames: readonly string[]
  /** Images of each class, in all roles: [classes]. */
  readonly counts: readonly number[]
  /** As they were opened; their size may still be chosen. */
  readonly shape: ImageShape
  /** Shorter side of the images as they are stored, in pixels; networks may see less of it. */
  readonly storedSide: number
  readonly maxPixel: number
  /** Whether images are scaled to a size that the person left open. */
  readonly sizeIsOpen: boolean
  /** Median of the shorter sides of the originals, in pixels; undefined where they are not to be had. */
  readonly medianSide: number | undefined
  /** Whether no image of a sample shows colour. */
  readonly isGrey: boolean
  /** Images of the source's own test set; 0 where it has none. */
  readonly officialTest: number
  /** Whether it has a selection set, too. */
  readonly hasOfficialSelection: boolean
}

/** Images that are looked at for size and colour. */
const SAMPLE = 200

/** Channels that differ by no more than this show no colour: a lossy format leaves a trace where there was none. */
const COLOURLESS = 4

/** The official sets of a dataset, as far as the roles of images depend on them. */
export function officialSetsOf({
  labels,
  officialTestStart,
  officialSelectionStart,
}: Dataset): Pick<ImageFacts, 'officialTest' | 'hasOfficialSelection'> {
  return {
    officialTest: officialTestStart === undefined ? 0 : labels.length - officialTestStart,
    hasOfficialSelection: officialSelectionStart !== undefined,
  }
}

/** Looks at a dataset, as it was opened by `reference` or with a size beside it. */
export async function factsOf(reference: string, dataset: Dataset): Promise<ImageFacts> {
  const { classNames, shape, maxPixel, labels } = dataset
  const sample = evenly(labels.length, SAMPLE)
  const headers = leavesSizeOpen(reference) ? await headersOf(reference, dataset, sample) : []
  const sides = headers.flatMap((header) => (header ? [Math.min(header.height, header.width)] : []))
  const all = Uint32Array.from({ length: labels.length }, (_, i) => i)
  return {
    reference,
    classNames,
    counts: classCounts({ role: 'train', dataset, indices: all }),
    shape,
    storedSide: Math.min(dataset.images.sizeOf(0).height, dataset.images.sizeOf(0).width),
    maxPixel,
    sizeIsOpen: leavesSizeOpen(reference),
    medianSide: median(sides),
    isGrey: shape[0] === 1 || sample.every((index) => isColourless(dataset.images.read(index))),
    ...officialSetsOf(dataset),
  }
}

/** So many of the numbers 0 .. count - 1, or all. */
function evenly(count: number, most: number): number[] {
  const size = Math.min(count, most)
  return Array.from({ length: size }, (_, i) => Math.floor((i * count) / size))
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** Whether pixels [3, height, width] show no colour. */
export function isColourless(pixels: Uint8Array): boolean {
  const size = pixels.length / 3
  for (let i = 0; i < size; i++) {
    const [red, green, blue] = [pixels[i]!, pixels[i + size]!, pixels[i + 2 * size]!]
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > COLOURLESS) return false
  }
  return true
}
