import fc from 'fast-check'
import { expect, it } from 'vitest'
import { midRanks, tieTerm } from './ranks.ts'

it('midRanks shares the mean rank among equal values', () => {
  expect(midRanks([10, 20, 10, 30, 10])).toEqual([2, 4, 2, 5, 2])
  expect(midRanks([-0, 0])).toEqual([1.5, 1.5])
  expect(midRanks([])).toEqual([])
})

it('midRanks keeps the sum of ranks and the order of values', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 }), (values) => {
      const ranks = midRanks(values)
      expect(ranks.reduce((sum, rank) => sum + rank, 0)).toBe((values.length * (values.length + 1)) / 2)
      for (const [i, rank] of ranks.entries())
        expect(Math.sign(rank - ranks[0]!)).toBe(Math.sign(values[i]! - values[0]!))
    }),
  )
})

it('tieTerm sums t^3 - t', () => {
  expect(tieTerm([3, 1, 2])).toBe(0)
  expect(tieTerm([1, 1, 1, 2, 2, 3])).toBe(24 + 6)
})
