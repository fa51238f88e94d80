import { describe, expect, it } from 'vitest'
import type { Dataset } from './dataset.ts'
import { gatherPixels } from './gather.ts'
import { arrays } from './sources/arrays.ts'

const dataset = arrays({
  pixels: Uint8Array.from({ length: 12 }, (_, i) => i),
  labels: [0, 1, 0],
  shape: [2, 1, 2],
})

describe('gatherPixels', () => {
  it.each([[[2, 0, 2]], [Uint32Array.from([2, 0, 2])]])('copies images in the order of the indices', (indices) => {
    const out = new Uint8Array(12)
    gatherPixels(dataset, indices, out)
    expect([...out]).toEqual([8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11])
  })

  it('refuses an array of the wrong size and indices outside the dataset', () => {
    expect(() => gatherPixels(dataset, [0], new Uint8Array(5))).toThrow(
      "1 images of 4 pixels of 'arrays' need an array of 4, got 5",
    )
    for (const index of [3, -1, 0.5]) {
      expect(() => gatherPixels(dataset, [0, index], new Uint8Array(8))).toThrow(
        `'arrays' has examples 0 to 2, got ${index} at place 1`,
      )
    }
  })

  it('copies the middle of larger images, or the view that is asked for', () => {
    const sizes = [
      { height: 3, width: 2 },
      { height: 1, width: 4 },
    ]
    const larger: Dataset = {
      ...dataset,
      images: {
        count: 2,
        sizeOf: (index) => sizes[index]!,
        // [2, height, width]: the second channel is 100 more.
        read: (index) =>
          Uint8Array.from([0, 100].flatMap((start) => Array.from({ length: [6, 4][index]! }, (_, i) => start + i))),
      },
    }
    const out = new Uint8Array(8)
    gatherPixels(larger, [0, 1], out)
    expect([...out]).toEqual([2, 3, 102, 103, 1, 2, 101, 102])
    gatherPixels(larger, [1, 0], out, ({ height, width }, b) => ({
      top: height - 1,
      left: width - 2,
      mirrored: b === 1,
    }))
    expect([...out]).toEqual([2, 3, 102, 103, 5, 4, 105, 104])
  })
})
