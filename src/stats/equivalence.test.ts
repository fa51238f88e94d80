import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { oneSidedP } from './comparison.ts'
import { equivalenceTest, welchEquivalenceTest } from './equivalence.ts'
import { pairedTest } from './paired.ts'

const a = [0.912, 0.931, 0.925, 0.917, 0.94, 0.922]
const b = [0.915, 0.927, 0.929, 0.921, 0.936, 0.918]
const c = [0.905, 0.931, 0.92, 0.944]

describe('equivalenceTest', () => {
  it('by hand', () => {
    // differences 1 2 3 against 4: t = (2 - 4) sqrt(3) with 2 degrees of freedom; against -4 it is further away
    const test = equivalenceTest([2, 4, 6], [1, 2, 3], 4)
    expect(test.difference).toBe(2)
    expect(test.degreesOfFreedom).toBe(2)
    expect(test.p).toBeCloseTo((1 - Math.sqrt(12 / 14)) / 2, 14)
    // the quantile of T_2 at 0.95 is 2.91998558
    expect(test.interval!.lower).toBeCloseTo(2 - 2.91998558 / Math.sqrt(3), 7)
    expect(test.interval!.upper).toBeCloseTo(2 + 2.91998558 / Math.sqrt(3), 7)
  })

  it('agrees with SciPy 1.17 (ttest_1samp against each margin)', () => {
    const test = equivalenceTest(a, b, 0.005)
    expect(test.p).toBeCloseTo(0.018800889796146508, 10)
    expect(test.interval!.lower).toBeCloseTo(-0.003300804259016792, 10)
    expect(test.interval!.upper).toBeCloseTo(0.0036341375923500865, 10)
    expect(equivalenceTest(a, b, 0.002).p).toBeCloseTo(0.16770707611296104, 10)
  })

  it('gives only the difference for one pair', () => {
    expect(equivalenceTest([3], [1], 5)).toEqual({
      difference: 2,
      interval: undefined,
      degreesOfFreedom: undefined,
      p: undefined,
    })
  })

  it('of equal differences is sure, and counts a margin as outside', () => {
    expect(equivalenceTest([1, 2], [1, 2], 1)).toMatchObject({ p: 0, interval: { lower: 0, upper: 0 } })
    expect(equivalenceTest([2, 3], [1, 2], 1)).toMatchObject({ p: 1, interval: { lower: 1, upper: 1 } })
    expect(equivalenceTest([1, 2], [2, 3], 1).p).toBe(1)
  })

  it('finds equivalence exactly when its interval lies within the margins, whichever comes first', () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 2,
      maxLength: 6,
    })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 60 }), (pairs, margin) => {
        const [first, second] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
        const { p, interval } = equivalenceTest(first, second, margin)
        const inside = Math.min(margin - interval!.upper, interval!.lower + margin)
        fc.pre(Math.abs(inside) > 1e-6)
        expect(p! < 0.05).toBe(inside > 0)
        expect(equivalenceTest(second, first, margin).p).toBeCloseTo(p!, 10)
      }),
    )
  })

  it('refuses a margin or a level that means nothing', () => {
    expect(() => equivalenceTest(a, b, 0)).toThrow('margin must be a positive number, got 0')
    expect(() => equivalenceTest(a, b, 1, 0.5)).toThrow(
      'level of an equivalence test must be between 0.5 and 1, got 0.5',
    )
    expect(() => equivalenceTest(a, c, 1)).toThrow('paired samples must be of equal length, got 6 and 4')
  })
})

describe('welchEquivalenceTest', () => {
  it('agrees with SciPy 1.17 (ttest_ind with unequal variances against each margin)', () => {
    const test = welchEquivalenceTest(a, c, 0.02)
    expect(test.difference).toBeCloseTo(-0.0005, 12)
    expect(test.degreesOfFreedom).toBeCloseTo(4.482717627378428, 10)
    expect(test.p).toBeCloseTo(0.04737906394218893, 9)
    expect(test.interval!.lower).toBeCloseTo(-0.019586308752247733, 9)
    expect(test.interval!.upper).toBeCloseTo(0.018586308752247614, 9)
  })

  it('gives only the difference for a sample of one', () => {
    expect(welchEquivalenceTest([1], [4, 6], 1)).toMatchObject({ difference: -4, interval: undefined, p: undefined })
  })
})

describe('oneSidedP', () => {
  it('agrees with SciPy 1.17 (ttest_rel with an alternative)', () => {
    expect(oneSidedP(pairedTest(a, b), 'above')).toBeCloseTo(0.4633020747133004, 10)
    expect(oneSidedP(pairedTest(a, b), 'below')).toBeCloseTo(0.5366979252866996, 10)
  })

  it('is sure where nothing varies, and undefined for one pair', () => {
    const alternatives = (difference: number) =>
      (['above', 'below'] as const).map((side) => oneSidedP(pairedTest([difference, difference], [0, 0]), side))
    expect(alternatives(1)).toEqual([0, 1])
    expect(alternatives(-1)).toEqual([1, 0])
    expect(alternatives(0)).toEqual([1, 1])
    expect(oneSidedP(pairedTest([1], [0]), 'above')).toBeUndefined()
  })
})
