import { uniformAt } from '../base/random.ts'
import { centreView, type ImageShape, type Size, type View } from '../data/index.ts'

/**
 * Random views of training images. Of an image of the network's own size, as He et al. 2016 (section 4.2) have them on CIFAR: zeros
 * around the image, a window at a random place, mirrored half of the time. Of a larger one, as Krizhevsky et al. 2012 (section 4.1)
 * have them on ImageNet: a window at any place of the image. Views are drawn by the position of a draw in the phase's stream
 * of examples, so draw number t gets the same one however the stream is cut into batches, resumed or spread over workers.
 */
export interface Augmentation {
  /** Pixels, an integer >= 0: how far beyond where it could be otherwise the window lies at most, in each direction; zeros outside. */
  readonly pad: number
  /** Whether half of the images are mirrored, left to right. */
  readonly mirror: boolean
  /** Where the window of an image larger than the network's input lies: in its middle, or anywhere. @defaultValue 'centre' */
  readonly crop?: Crop
}

export type Crop = 'centre' | 'random'

/** Images as they are, of larger ones the middle. */
export const noAugmentation: Augmentation = { pad: 0, mirror: false }

/**
 * The view of `shape` that draw number `position` has of an image of this size, all views equally likely: with `crop` 'random', top
 * in [-pad, height - H + pad] and left in [-pad, width - W + pad]; otherwise up to `pad` from the middle.
 */
export function drawView(
  { pad, mirror, crop }: Augmentation,
  size: Size,
  shape: ImageShape,
  seed: Uint32Array,
  position: number,
): View {
  const centre = centreView(size, shape)
  const [, height, width] = shape
  const isAnywhere = crop === 'random'
  const rows = 2 * pad + 1 + (isAnywhere ? size.height - height : 0)
  const columns = 2 * pad + 1 + (isAnywhere ? size.width - width : 0)
  const places = rows * columns
  const draw = uniformAt(seed, position, mirror ? 2 * places : places)
  const place = draw % places
  return {
    top: Math.floor(place / columns) - pad + (isAnywhere ? 0 : centre.top),
    left: (place % columns) - pad + (isAnywhere ? 0 : centre.left),
    mirrored: draw >= places,
  }
}
