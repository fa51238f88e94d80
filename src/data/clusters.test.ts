import { expect, it } from 'vitest'
import { clustersOf } from './clusters.ts'
import { arrays } from './sources/arrays.ts'

/** Images of one pixel, in groups. */
const dataset = (pixels: readonly number[], groups?: readonly number[]) => ({
  ...arrays({ pixels: Uint8Array.from(pixels), labels: pixels.map((_, i) => i % 2), shape: [1, 1, 1] }),
  groups: groups && Uint32Array.from(groups),
})

it('joins the images of a group, and groups that share images', () => {
  const data = dataset([1, 2, 3, 4, 5, 3], [9, 7, 9, 8, 8, 7])
  expect([...clustersOf(data, { duplicates: false })!]).toEqual([0, 1, 0, 2, 2, 1])
  expect([...clustersOf(data, { duplicates: true })!]).toEqual([0, 0, 0, 1, 1, 0])
})

it('is none where every image stands alone', () => {
  expect(clustersOf(dataset([1, 2, 2]), { duplicates: false })).toBeUndefined()
  expect(clustersOf(dataset([1, 2, 3], [4, 5, 6]), { duplicates: true })).toBeUndefined()
  expect([...clustersOf(dataset([1, 2, 2]), { duplicates: true })!]).toEqual([0, 1, 1])
})
