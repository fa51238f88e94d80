import { describe, expect, it } from 'vitest'
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
})
