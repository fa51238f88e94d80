import { EvenkeelError } from '../base/errors.ts'
import { type Dataset, imageSize } from './dataset.ts'

/**
 * Copies a batch's images, once: `out` [B, C, H, W] gets image `indices[b]` at place b; an index may occur many times.
 *
 * @throws EvenkeelError `data.gather` when `out` has another size or an index is outside the dataset
 */
export function gatherPixels(dataset: Dataset, indices: ArrayLike<number>, out: Uint8Array): void {
  const size = imageSize(dataset)
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
    out.set(dataset.pixels.subarray(index * size, (index + 1) * size), b * size)
  }
}
