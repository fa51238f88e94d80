import { EvenkeelError } from '../base/errors.ts'
import { type Dataset, imageSize } from './dataset.ts'

/** Copies one image of the dataset, whose pixels begin at `from`, to place `b` of a batch, which begins at `to`. */
export type CopyImage = (pixels: Uint8Array, from: number, out: Uint8Array, to: number, b: number) => void

/**
 * Copies a batch's images, once: `out` [B, C, H, W] gets image `indices[b]` at place b; an index may occur many times.
 *
 * @param copy @defaultValue the image as it is
 * @throws EvenkeelError `data.gather` when `out` has another size or an index is outside the dataset
 */
export function gatherPixels(dataset: Dataset, indices: ArrayLike<number>, out: Uint8Array, copy?: CopyImage): void {
  const size = imageSize(dataset)
  const copyImage = copy ?? ((pixels, from, target, to) => target.set(pixels.subarray(from, from + size), to))
  if (out.length !== indices.length * size) {
    throw new EvenkeelError(
      'data.gather',
      `${indices.length} images of ${size} pixels of '${dataset.name}' need an array of ${indices.length * size}, got ${out.length}`,
    )
  }
  const available = dataset.labels.length
  for (let b = 0; b < indices.length; b++) {
    const index = indices[b]!
    if (!(Number.isInteger(index) && index >= 0 && index < available)) {
      throw new EvenkeelError(
        'data.gather',
        `'${dataset.name}' has examples 0 to ${available - 1}, got ${index} at place ${b}`,
      )
    }
    copyImage(dataset.pixels, index * size, out, b * size, b)
  }
}
