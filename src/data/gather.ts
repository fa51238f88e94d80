import { EvenkeelError } from '../base/errors.ts'
import { type Dataset, imageSize } from './dataset.ts'
import { centreView, copyView, type Size, type View } from './images.ts'

/** What is seen of an image of this size at place `b` of a batch. */
export type ViewOf = (size: Size, b: number) => View

/**
 * Copies a batch's images, once: `out` [B, C, H, W] gets a view of image `indices[b]` at place b; an index may occur many times.
 *
 * @param viewOf @defaultValue the middle of each image, which is all of an image of the dataset's shape
 * @throws EvenkeelError `data.gather` when `out` has another size or an index is outside the dataset
 */
export function gatherPixels(dataset: Dataset, indices: ArrayLike<number>, out: Uint8Array, viewOf?: ViewOf): void {
  const { name, images, shape } = dataset
  const size = imageSize(dataset)
  if (out.length !== indices.length * size) {
    throw new EvenkeelError(
      'data.gather',
      `${indices.length} images of ${size} pixels of '${name}' need an array of ${indices.length * size}, got ${out.length}`,
    )
  }
  for (let b = 0; b < indices.length; b++) {
    const index = indices[b]!
    if (!(Number.isInteger(index) && index >= 0 && index < images.count)) {
      throw new EvenkeelError(
        'data.gather',
        `'${name}' has examples 0 to ${images.count - 1}, got ${index} at place ${b}`,
      )
    }
    const imageSides = images.sizeOf(index)
    const view = viewOf ? viewOf(imageSides, b) : centreView(imageSides, shape)
    copyView(view, images.read(index), imageSides, shape, out, b * size)
  }
}
