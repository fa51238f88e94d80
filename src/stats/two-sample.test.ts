import { describe, expect, it } from 'vitest'
import { mannWhitneyTest, welchTest } from './two-sample.ts'

describe('welchTest', () => {
  it('by hand', () => {
    // means 2 and 6, variances 1 and 4, each over 3: standard error sqrt(5/3), degrees of freedom 25/9 / (1/18 + 16/18)
    const test = welchTest([1, 2, 3], [4, 6, 8])
    expect(test.difference).toBe(-4)
    expect(test.t).toBeCloseTo(-4 / Math.sqrt(5 / 3), 14)
    expect(test.degreesOfFreedom).toBeCloseTo(50 / 17, 13)
    expect(test.interval!.lower + test.interval!.upper).toBeCloseTo(-8, 12)
  })

  it('has an interval that ends at 0 when p is alpha', () => {
    const { p } = welchTest([1, 2, 3, 5], [4, 6, 8, 7])
    expect(welchTest([1, 2, 3, 5], [4, 6, 8, 7], 1 - p!).interval!.upper).toBeCloseTo(0, 10)
  })

  it('gives only the difference for a sample of one', () => {
    expect(welchTest([1], [4, 6])).toEqual({
      difference: -4,
      interval: undefined,
      t: undefined,
      degreesOfFreedom: undefined,
      p: undefined,
    })
  })

  it('without variation gives no t, and p = 1 for equal means, else 0', () => {
    expect(welchTest([2, 2], [2, 2, 2])).toMatchObject({ t: undefined, p: 1, interval: { lower: 0, upper: 0 } })
    expect(welchTest([2, 2], [1, 1])).toMatchObject({ t: undefined, p: 0, interval: { lower: 1, upper: 1 } })
  })

  it('refuses an empty sample', () => {
    expect(() => welchTest([1, 2], [])).toThrow('b must hold at least one number, got none')
  })
})

describe('mannWhitneyTest', () => {
  it('counts orders exactly in small samples', () => {
    expect(mannWhitneyTest([1, 2, 3], [4, 5, 6])).toEqual({ statistic: 0, p: 2 / 20, method: 'exact' })
    // SciPy's documented example: U = 17, p = 1/9
    const test = mannWhitneyTest([19, 22, 16, 29, 24], [20, 11, 17, 12])
    expect(test.statistic).toBe(17)
    expect(test.p).toBeCloseTo(1 / 9, 14)
  })

  it('does not depend on which sample comes first', () => {
    const a = [1.5, 2.5, 9, 4]
    const b = [3, 5, 7, 8, 10, 11]
    expect(mannWhitneyTest(b, a).p).toBe(mannWhitneyTest(a, b).p)
    expect(mannWhitneyTest(b, a).statistic).toBe(24 - mannWhitneyTest(a, b).statistic)
  })

  it('p is 1 in the middle of the distribution', () => {
    expect(mannWhitneyTest([1, 4], [2, 3]).p).toBe(1)
  })

  it('takes the normal approximation with ties, corrected', () => {
    // ranks 1.5 4 | 1.5 4 4: U = 2.5 of 6; variance 6/12 (6 - (24 + 6) / 20) = 2.25, distance 3 - 2.5 - 0.5 = 0
    expect(mannWhitneyTest([1, 2], [1, 2, 2])).toEqual({ statistic: 2.5, p: 1, method: 'normal' })
    // ranks 1 2.5 2.5 | 4 5 6: U = 0 of 9; variance 9/12 (7 - 6/30) = 5.1, z = 4 / sqrt(5.1)
    const test = mannWhitneyTest([1, 2, 2], [3, 4, 5])
    expect(test.p).toBeCloseTo(0.0765225, 6)
  })

  it('equals the count over all ways to choose a', () => {
    const pooled = [1, 2, 3, 4, 5, 6, 7]
    const choices = Array.from({ length: 2 ** 7 }, (_, bits) => pooled.filter((_, i) => (bits >> i) % 2 === 1))
    const samples = choices.filter((a) => a.length === 3)
    const distances = samples.map((a) => Math.abs(a.reduce((sum, rank) => sum + rank, 0) - 12))
    for (const [i, a] of samples.entries()) {
      const asFar = distances.filter((distance) => distance >= distances[i]!).length
      const b = pooled.filter((value) => !a.includes(value))
      expect(mannWhitneyTest(a, b).p).toBeCloseTo(asFar / samples.length, 14)
    }
  })

  it('takes the normal approximation above 8 numbers each', () => {
    // U = 0 of 81, variance 81 * 19 / 12, z = (40.5 - 0.5) / sqrt(128.25)
    const test = mannWhitneyTest([1, 2, 3, 4, 5, 6, 7, 8, 9], [11, 12, 13, 14, 15, 16, 17, 18, 19])
    expect(test.method).toBe('normal')
    expect(test.p).toBeCloseTo(0.0004122948, 10)
  })

  it('is not moved by constant samples', () => {
    expect(mannWhitneyTest([1, 1], [1, 1, 1])).toEqual({ statistic: 3, p: 1, method: 'normal' })
  })
})
