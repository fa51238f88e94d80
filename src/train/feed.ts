import { type Examples, gatherPixels, type Role } from '../data/index.ts'
import { floats, type Value, value } from '../engine/index.ts'

/** Gives a step its examples: pixels for the whole network, cached features for the head alone. */
export interface Feed {
  /** Input of the step's program. */
  readonly name: 'pixels' | 'features'
  /** The batch with these dataset indices. */
  batch(indices: Uint32Array): Value
}

/** Pixels, copied once from the dataset: uint8 [B, C, H, W]. */
export function pixelFeed({ dataset }: Examples<Role>): Feed {
  const size = dataset.shape[0] * dataset.shape[1] * dataset.shape[2]
  return {
    name: 'pixels',
    batch(indices) {
      const pixels = new Uint8Array(indices.length * size)
      gatherPixels(dataset, indices, pixels)
      return value('uint8', [indices.length, ...dataset.shape], pixels)
    },
  }
}

/** Features computed before, a row of `width` numbers for each of the examples in their order: float32 [B, width]. */
export function featureFeed(examples: Examples<Role>, features: Float32Array, width: number): Feed {
  const rowOf = new Uint32Array(examples.dataset.labels.length)
  examples.indices.forEach((index, row) => {
    rowOf[index] = row
  })
  return {
    name: 'features',
    batch(indices) {
      const rows = new Float32Array(indices.length * width)
      indices.forEach((index, b) => {
        const row = rowOf[index]!
        rows.set(features.subarray(row * width, (row + 1) * width), b * width)
      })
      return floats([indices.length, width], rows)
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
