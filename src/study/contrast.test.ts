import { expect, it } from 'vitest'
import { pairUp } from './contrast.ts'

const values = (...list: number[]) => new Map(list.entries())

it('takes the same difference in every replicate, but for rounding, for no evidence', () => {
  const contrast = pairUp(values(3 / 5, 4 / 5, 2 / 5), values(2 / 5, 3 / 5, 1 / 5))!
  expect(contrast).toMatchObject({ low: undefined, high: undefined, p: 1 })
  expect(contrast.difference).toBeCloseTo(0.2, 12)
  expect(pairUp(values(0.7, 0.8), values(0.7, 0.8))).toEqual({ difference: 0, low: undefined, high: undefined, p: 1 })
})

it('is no surer than it is told that it can be', () => {
  const [a, b] = [values(0.6, 0.8, 0.41), values(0.4, 0.6, 0.2)]
  expect(pairUp(a, b)!.p).toBeLessThan(0.001)
  expect(pairUp(a, b, 0, 0.2)!.p).toBeGreaterThan(0.4)
})
