import { expect, it } from 'vitest'
import { spearman } from './spearman.ts'

it('spearman by hand, and with ties', () => {
  expect(spearman([1, 2, 3, 4], [10, 100, 1000, 10_000])).toBeCloseTo(1, 15)
  expect(spearman([1, 2, 3], [9, 4, 1])).toBeCloseTo(-1, 15)
  // 1 - 6 sum d^2 / (n (n^2 - 1)) with d = 1, -1, 0, 0
  expect(spearman([1, 2, 3, 4], [2, 1, 3, 4])).toBeCloseTo(1 - 12 / 60, 15)
  // ranks 1.5 1.5 3 against 1 2 3: 1.5 / sqrt(1.5 * 2)
  expect(spearman([1, 1, 2], [1, 2, 3])).toBeCloseTo(1.5 / Math.sqrt(3), 15)
})

it('spearman is undefined for constant or single values', () => {
  expect(spearman([1, 1], [1, 2])).toBeUndefined()
  expect(spearman([1], [2])).toBeUndefined()
  expect(() => spearman([1, 2], [1])).toThrow('equal length, got 2 and 1')
})
