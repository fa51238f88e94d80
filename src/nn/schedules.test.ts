import { describe, expect, it } from 'vitest'
import { learningRateAt, type Schedule } from './schedules.ts'

/** Rates by iteration, of 10,000, worked out by hand. */
const expected: readonly (readonly [Schedule, Readonly<Record<number, number>>])[] = [
  [
    { kind: 'constant', base: 0.1 },
    { 0: 0.1, 9999: 0.1 },
  ],
  [
    { kind: 'step', base: 1, every: 100, factor: 0.5 },
    { 0: 1, 99: 1, 100: 0.5, 199: 0.5, 350: 0.125 },
  ],
  [
    { kind: 'multi-step', base: 0.1, milestones: [4000, 6000], factor: 0.1 },
    { 3999: 0.1, 4000: 0.01, 5999: 0.01, 6000: 0.001, 9999: 0.001 },
  ],
  // 2^-0.75 of the rate is left after 10,000 iterations, as Caffe's MNIST example prints: 0.00594604.
  [
    { kind: 'inv', base: 0.01, gamma: 1e-4, power: 0.75 },
    { 0: 0.01, 5000: 0.00737788, 10000: 0.00594604 },
  ],
  [
    { kind: 'polynomial', base: 0.2, power: 1 },
    { 0: 0.2, 5000: 0.1, 7500: 0.05, 10000: 0 },
  ],
  [
    { kind: 'polynomial', base: 0.2, power: 2 },
    { 5000: 0.05, 7500: 0.0125 },
  ],
  [
    { kind: 'cosine', base: 0.4 },
    { 0: 0.4, 2500: 0.2 + 0.2 * Math.SQRT1_2, 5000: 0.2, 10000: 0 },
  ],
]

describe('learningRateAt', () => {
  it.each(expected)('%j', (schedule, rates) => {
    for (const [iteration, rate] of Object.entries(rates)) {
      expect(learningRateAt(schedule, Number(iteration), 10_000)).toBeCloseTo(rate, 8)
    }
  })

  it('rises linearly to the base, and only multiplies the decay', () => {
    const warm: Schedule = { kind: 'constant', base: 0.1, warmUp: 4 }
    const rates = [0, 1, 2, 3, 4, 5].map((iteration) => learningRateAt(warm, iteration, 100))
    for (const [i, rate] of [0.025, 0.05, 0.075, 0.1, 0.1, 0.1].entries()) expect(rates[i]).toBeCloseTo(rate, 12)

    const decaying: Schedule = { kind: 'step', base: 1, every: 2, factor: 0.5 }
    expect(learningRateAt({ ...decaying, warmUp: 10 }, 4, 100)).toBeCloseTo(0.5 * 0.25, 12)
    expect(learningRateAt({ ...decaying, warmUp: 10 }, 20, 100)).toBe(learningRateAt(decaying, 20, 100))
  })
})
