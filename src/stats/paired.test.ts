import { describe, expect, it } from 'vitest'
import { pairedTest, wilcoxonTest } from './paired.ts'

describe('pairedTest', () => {
  it('by hand', () => {
    // differences 1 2 3: t = 2 sqrt(3) with 2 degrees of freedom, whose two-sided p is 1 - t / sqrt(t^2 + 2)
    const test = pairedTest([2, 4, 6], [1, 2, 3])
    expect(test.difference).toBe(2)
    expect(test.t).toBeCloseTo(2 * Math.sqrt(3), 14)
    expect(test.degreesOfFreedom).toBe(2)
    expect(test.p).toBeCloseTo(1 - Math.sqrt(12 / 14), 14)
    expect(test.interval!.lower).toBeCloseTo(2 - 4.30265273 / Math.sqrt(3), 7)
    expect(test.interval!.upper).toBeCloseTo(2 + 4.30265273 / Math.sqrt(3), 7)
  })

  it('widens for splits that share images, by hand', () => {
    // differences 1 2 3, s = 1, 30 test and 60 training images: standard error sqrt(1/3 + 1/2), t = 2 / sqrt(5/6) = 2.19089
    const test = pairedTest([2, 4, 6], [1, 2, 3], 0.95, 30 / 60)
    const t = 2 / Math.sqrt(5 / 6)
    expect(test).toMatchObject({ difference: 2, degreesOfFreedom: 2 })
    expect(test.t).toBeCloseTo(t, 14)
    expect(test.p).toBeCloseTo(1 - t / Math.sqrt(t * t + 2), 13)
    expect(test.interval!.lower).toBeCloseTo(2 - 4.30265273 * Math.sqrt(5 / 6), 7)
  })

  it('is the ordinary test for splits that share nothing, to the bit', () => {
    const [a, b] = [
      [0.91, 0.87, 0.9, 0.93],
      [0.8, 0.86, 0.84, 0.9],
    ]
    expect(pairedTest(a!, b!, 0.95, 0)).toEqual(pairedTest(a!, b!))
    expect(() => pairedTest(a!, b!, 0.95, -0.1)).toThrow('testToTrain must be a number >= 0, got -0.1')
  })

  it('gives only the difference for one pair', () => {
    expect(pairedTest([3], [1])).toMatchObject({ difference: 2, interval: undefined, t: undefined, p: undefined })
  })

  it('of equal differences gives no t, and p = 1 when they are 0, else 0', () => {
    expect(pairedTest([1, 2], [1, 2])).toMatchObject({ t: undefined, p: 1, interval: { lower: 0, upper: 0 } })
    expect(pairedTest([2, 3], [1, 2])).toMatchObject({ t: undefined, p: 0, interval: { lower: 1, upper: 1 } })
  })

  it('refuses samples that do not pair', () => {
    expect(() => pairedTest([1, 2], [1])).toThrow('paired samples must be of equal length, got 2 and 1')
    expect(() => pairedTest([1, 2], [1, 2], 0)).toThrow('level must be between 0 and 1, got 0')
  })
})

describe('wilcoxonTest', () => {
  const against = (differences: number[]) => wilcoxonTest(differences, new Array<number>(differences.length).fill(0))

  it('counts signs exactly in small samples', () => {
    // Darwin's maize, SciPy's documented example
    expect(against([6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75])).toEqual({
      statistic: 24,
      p: 0.041259765625,
      method: 'exact',
    })
    expect(against([1, 2, 3])).toEqual({ statistic: 0, p: 2 / 8, method: 'exact' })
    expect(against([-1])).toEqual({ statistic: 0, p: 1, method: 'exact' })
  })

  it('p is 1 in the middle of the distribution', () => {
    expect(against([1, 2, -3]).p).toBe(1)
  })

  it('drops zeros and takes the normal approximation', () => {
    // W = 0 of 6, variance 3 * 4 * 7 / 24 = 3.5, z = 3 / sqrt(3.5)
    const test = against([0, 1, 2, 3])
    expect(test).toMatchObject({ statistic: 0, method: 'normal' })
    expect(test.p).toBeCloseTo(0.1088094, 6)
  })

  it('corrects the variance for ties', () => {
    // W = 0 of 6, variance (84 - 12) / 24 = 3, z = sqrt(3)
    expect(against([1, 1, 1]).p).toBeCloseTo(0.0832645, 6)
  })

  it('is 1 when all differences are zero', () => {
    expect(against([0, 0])).toEqual({ statistic: 0, p: 1, method: 'exact' })
  })
})

it('pairedTest is no surer than the least standard error that it is told', () => {
  const [a, b] = [
    [0.6, 0.8, 0.4],
    [0.4, 0.6, 0.2],
  ]
  const { p, interval } = pairedTest(a!, b!, 0.95, 0, 0.2)
  // t = 1 with 2 degrees of freedom: p = 1 - 1 / sqrt(3)
  expect(p).toBeCloseTo(1 - 1 / Math.sqrt(3), 12)
  expect(interval!.upper - interval!.lower).toBeCloseTo(2 * 4.30265273 * 0.2, 7)
  expect(pairedTest([1, 4, 2], [0, 1, 3], 0.95, 0, 0.001)).toEqual(pairedTest([1, 4, 2], [0, 1, 3]))
  expect(() => pairedTest(a!, b!, 0.95, 0, -1)).toThrow('leastError must be a number >= 0, got -1')
})
