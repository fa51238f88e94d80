import fc from 'fast-check'
import { expect, it } from 'vitest'
import { holm } from './holm.ts'

it('holm multiplies, then never lets a larger p fall below a smaller one', () => {
  const adjusted = holm([0.03, 0.01, 0.04, 0.5])
  for (const [i, p] of [0.09, 0.04, 0.09, 0.5].entries()) expect(adjusted[i]).toBeCloseTo(p, 15)
  expect(holm([0.7, 0.6])).toEqual([1, 1])
  expect(holm([])).toEqual([])
})

it('holm lies between p and Bonferroni, and does not depend on order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
      const adjusted = holm(p)
      for (const [i, value] of adjusted.entries()) {
        expect(value).toBeGreaterThanOrEqual(p[i]!)
        expect(value).toBeLessThanOrEqual(Math.min(1, p.length * Math.max(...p)))
      }
      expect(holm(p.toReversed()).toReversed()).toEqual(adjusted)
    }),
  )
})

it('holm refuses what is not a p value', () => {
  expect(() => holm([0.1, 1.2])).toThrow('p[1] must be in [0, 1], got 1.2')
  expect(() => holm([Number.NaN])).toThrow('p[0] must be in [0, 1], got NaN')
})
