import { uniformAt } from '../base/random.ts'
import type { Dataset } from '../data/index.ts'

/**
 * Random views of training images, as He et al. 2016 (section 4.2) have them on CIFAR: zeros around the image, a window of the
 * image's own size at a random place, mirrored half of the time. Views are drawn by the position of a draw in the
 * phase's stream of examples, so draw number t gets the same one however the stream is cut into batches, resumed or
 * spread over workers.
 */
export interface Augmentation {
  /** Pixels of zeros on each side, an integer >= 0: the window lies up to so far off in each direction. */
  readonly pad: number
  /** Whether half of the images are mirrored, left to right. */
  readonly mirror: boolean
}

/** Images as they are. */
export const noAugmentation: Augmentation = { pad: 0, mirror: false }

/** What is seen of an image: its pixel [y + top, x + left] comes to [y, x], zeros from outside; then it is mirrored or not. */
export interface View {
  /** In [-pad, pad]. */
  readonly top: number
  /** In [-pad, pad]. */
  readonly left: number
  readonly mirrored: boolean
}

/** The view of draw number `position`, all views equally likely. */
export function drawView({ pad, mirror }: Augmentation, seed: Uint32Array, position: number): View {
  const side = 2 * pad + 1
  const places = side * side
  const draw = uniformAt(seed, position, mirror ? 2 * places : places)
  const place = draw % places
  return { top: Math.floor(place / side) - pad, left: (place % side) - pad, mirrored: draw >= places }
}

/** Copies a view of the image of `shape` that begins at `from` to where `to` begins. */
export function copyView(
  view: View,
  [channels, height, width]: Dataset['shape'],
  source: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
): void {
  const { top, left, mirrored } = view
  const size = height * width
  const shift = top * width + left
  const [firstRow, endRow] = [Math.max(0, -top), Math.min(height, height - top)]
  const [firstColumn, endColumn] = [Math.max(0, -left), Math.max(0, width - Math.max(0, left))]
  const [first, end] = [firstRow * width + firstColumn, endRow * width - Math.max(0, left)]
  for (let channel = 0; channel < channels; channel++) {
    const start = to + channel * size
    const at = from + channel * size + shift
    target.fill(0, start, start + size)
    // Rows as they follow each other, which is fastest, and then zeros where a row took from its neighbour.
    if (first < end) target.set(source.subarray(at + first, at + end), start + first)
    for (let row = firstRow; row < endRow; row++) {
      for (let x = 0; x < Math.min(firstColumn, width); x++) target[start + row * width + x] = 0
      for (let x = endColumn; x < width; x++) target[start + row * width + x] = 0
    }
  }
  if (mirrored) mirrorRows(target, width, to, to + channels * size)
}

function mirrorRows(pixels: Uint8Array, width: number, start: number, end: number): void {
  for (let row = start; row < end; row += width) {
    for (let left = row, right = row + width - 1; left < right; left++, right--) {
      const pixel = pixels[left]!
      pixels[left] = pixels[right]!
      pixels[right] = pixel
    }
  }
}
