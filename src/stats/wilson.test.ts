import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wilsonInterval, wilsonLimits, wilsonTrials } from './wilson.ts'

describe('wilsonInterval', () => {
  it('is the published one', () => {
    // Newcombe 1998 (Statistics in Medicine 17:857-872), table I, method 3.
    const cases: [number, number, number, number][] = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ]
    for (const [successes, trials, lower, upper] of cases) {
      const interval = wilsonInterval(successes, trials)
      expect(interval.lower).toBeCloseTo(lower, 4)
      expect(interval.upper).toBeCloseTo(upper, 4)
    }
  })

  it('for all of n is n / (n + z^2) to 1, and mirrors', () => {
    const z = 1.959963984540054
    expect(wilsonInterval(3, 3)).toEqual({ lower: expect.closeTo(3 / (3 + z * z), 12), upper: 1 })
    expect(wilsonInterval(0, 3)).toEqual({ lower: 0, upper: expect.closeTo((z * z) / (3 + z * z), 12) })
    const [two, three] = [wilsonInterval(2, 5), wilsonInterval(3, 5)]
    expect(two.lower).toBeCloseTo(1 - three.upper, 14)
  })

  it('grows with its confidence', () => {
    expect(wilsonInterval(4, 9, 0.99).upper).toBeGreaterThan(wilsonInterval(4, 9, 0.9).upper)
  })

  it('refuses what are not counts', () => {
    expect(() => wilsonInterval(0, 0)).toThrow('trials must be a positive integer, got 0')
    expect(() => wilsonInterval(6, 5)).toThrow('successes must be an integer from 0 to 5, got 6')
    expect(() => wilsonInterval(1.5, 5)).toThrow('successes must be an integer from 0 to 5, got 1.5')
    expect(() => wilsonInterval(1, 5, 95)).toThrow('confidence must be between 0 and 1, got 95')
  })
})

it('wilsonLimits is the interval for a share that is no whole number of successes', () => {
  expect(wilsonLimits(0.7, 10)).toEqual(wilsonInterval(7, 10))
  const { lower, upper } = wilsonLimits(0.75, 10)
  expect(lower).toBeGreaterThan(wilsonInterval(7, 10).lower)
  expect(upper).toBeLessThan(wilsonInterval(8, 10).upper)
  expect(() => wilsonLimits(1.2, 10)).toThrow('proportion must be from 0 to 1, got 1.2')
})

describe('wilsonTrials', () => {
  it('by hand: half a share within 10 points takes z^2 (1 / 0.04 - 1) = 92.2 trials', () => {
    expect(wilsonTrials(0.5, 0.1)).toBe(93)
    // All right: z^2 / 2 (n + z^2) <= 0.1 from n = 4 z^2 on.
    expect(wilsonTrials(1, 0.1)).toBe(16)
  })

  it('is the first number whose interval is that narrow', () => {
    const halfWidth = (proportion: number, trials: number) => {
      const { lower, upper } = wilsonLimits(proportion, trials)
      return (upper - lower) / 2
    }
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.02, max: 0.4, noNaN: true }),
        (p, half) => {
          const trials = wilsonTrials(p, half)
          expect(halfWidth(p, trials)).toBeLessThanOrEqual(half + 1e-12)
          if (trials > 1) expect(halfWidth(p, trials - 1)).toBeGreaterThan(half - 1e-12)
        },
      ),
    )
  })
})
