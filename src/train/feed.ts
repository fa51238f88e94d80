import { deriveSeed } from '../base/random.ts'
import { type Examples, gatherPixels, imageSize, type Role, type ViewOf } from '../data/index.ts'
import { floats, type Value, value } from '../engine/index.ts'
import { type Augmentation, drawView, noAugmentation } from './augment.ts'

/** Gives a step its examples: pixels for the whole network, features of a frozen body for the head alone. */
export interface Feed {
  /** Input of the step's program. */
  readonly name: 'pixels' | 'features'
  /**
   * The batch with these dataset indices, whose first is draw number `position` of the stream. It is good until the next is asked for,
   * which takes its memory.
   */
  batch(indices: Uint32Array, position: number): Value | Promise<Value>
}

export interface PixelOptions {
  /** @defaultValue none: images as they are, of larger ones the middle */
  readonly augmentation?: Augmentation | undefined
  /** Labels of the random stream of views. */
  readonly seed: readonly (string | number)[]
}

/** Pixels, copied once from the dataset and augmented on the way: uint8 [B, C, H, W]. */
export function pixelFeed({ dataset }: Examples<Role>, options: PixelOptions = { seed: [] }): Feed {
  const { augmentation = noAugmentation, seed } = options
  const isAugmented = augmentation.pad > 0 || augmentation.mirror || augmentation.crop === 'random'
  const { shape } = dataset
  const size = imageSize(dataset)
  const memory = reusable((length) => value('uint8', [length, ...shape], new Uint8Array(length * size)))
  const views = deriveSeed(...seed, 'augment')
  return {
    name: 'pixels',
    batch(indices, position) {
      const batch = memory(indices.length)
      const viewOf: ViewOf = (imageSides, b) => drawView(augmentation, imageSides, shape, views, position + b)
      gatherPixels(dataset, indices, batch.data as Uint8Array, isAugmented ? viewOf : undefined)
      return batch
    },
  }
}

/** Features computed before, a row of `width` numbers for each of the examples in their order: float32 [B, width]. */
export function featureFeed(examples: Examples<Role>, features: Float32Array, width: number): Feed {
  const memory = reusable((length) => floats([length, width], new Float32Array(length * width)))
  const rowOf = new Uint32Array(examples.dataset.labels.length)
  examples.indices.forEach((index, row) => {
    rowOf[index] = row
  })
  return {
    name: 'features',
    batch(indices) {
      const batch = memory(indices.length)
      const rows = batch.data as Float32Array
      indices.forEach((index, b) => {
        const row = rowOf[index]!
        rows.set(features.subarray(row * width, (row + 1) * width), b * width)
      })
      return batch
    },
  }
}

/** One-hot targets of the examples: float32 [B, classes]. */
export function oneHot({ labels, classNames }: Examples<Role>['dataset'], indices: Uint32Array): Value {
  const classes = classNames.length
  const targets = new Float32Array(indices.length * classes)
  indices.forEach((index, b) => {
    targets[b * classes + labels[index]!] = 1
  })
  return floats([indices.length, classes], targets)
}

/** The same value for every batch of one length: a program has read it before the next batch is written. */
function reusable(make: (length: number) => Value): (length: number) => Value {
  let current: Value | undefined
  return (length) => {
    if (current?.shape[0] !== length) current = make(length)
    return current
  }
}
