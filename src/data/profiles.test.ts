import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imbalanceRatio } from './dataset.ts'
import { type Profile, profileCounts, profileKey, profileLabel } from './profiles.ts'

const PAPER_POOL = Array<number>(10).fill(5000)
const BY_LABEL = [...Array(10).keys()]

describe('profileCounts', () => {
  it('gives the sizes of the paper: step', () => {
    const smallest = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000].map(
      (rho) => profileCounts({ kind: 'step', rho, mu: 0.5 }, PAPER_POOL, BY_LABEL)[9],
    )
    expect(smallest).toEqual([500, 200, 100, 50, 20, 10, 5, 2, 1])
    expect(profileCounts({ kind: 'step', rho: 10, mu: 0.2 }, PAPER_POOL, [...BY_LABEL].reverse())).toEqual([
      500, 500, 5000, 5000, 5000, 5000, 5000, 5000, 5000, 5000,
    ])
  })

  it('gives the sizes of the paper: linear', () => {
    expect(profileCounts({ kind: 'linear', rho: 10 }, PAPER_POOL, BY_LABEL)).toEqual([
      5000, 4500, 4000, 3500, 3000, 2500, 2000, 1500, 1000, 500,
    ])
    expect(profileCounts({ kind: 'linear', rho: 5000 }, PAPER_POOL, BY_LABEL)).toEqual([
      5000, 4445, 3889, 3334, 2778, 2223, 1667, 1112, 556, 1,
    ])
  })

  it('takes the smallest class for the largest size, follows the order, rounds halves up and keeps one', () => {
    const available = [12, 9, 5, 20]
    expect(profileCounts({ kind: 'step', rho: 2, mu: 0.5 }, available, [3, 1, 0, 2])).toEqual([3, 5, 3, 5])
    expect(profileCounts({ kind: 'step', rho: 100, mu: 0.25 }, available, [3, 1, 0, 2])).toEqual([5, 5, 1, 5])
    expect(profileCounts({ kind: 'balanced' }, available, [])).toEqual([5, 5, 5, 5])
    expect(profileCounts({ kind: 'natural' }, available, [])).toEqual(available)
    expect(profileCounts({ kind: 'counts', counts: [1, 9, 2, 20] }, available, [])).toEqual([1, 9, 2, 20])
  })

  it('never asks for more than there is, and linear and step with mu 0.5 have about the same total', () => {
    const pools = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(pools, fc.integer({ min: 4, max: 40_000 }), (half, quarters) => {
        const rho = quarters / 4
        const available = [...half, ...half]
        const order = available.map((_, c) => c)
        const step = profileCounts({ kind: 'step', rho, mu: 0.5 }, available, order)
        const linear = profileCounts({ kind: 'linear', rho }, available, order)
        for (const counts of [step, linear]) {
          expect(counts.every((count, c) => Number.isInteger(count) && count >= 1 && count <= available[c]!)).toBe(true)
          expect(counts).toEqual(counts.toSorted((a, b) => b - a))
        }
        expect(imbalanceRatio(step)).toBe(imbalanceRatio(linear))
        const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0)
        expect(Math.abs(total(step) - total(linear))).toBeLessThanOrEqual(available.length)
      }),
    )
  })

  it.each<[Profile, string, string]>([
    [{ kind: 'step', rho: 0.5, mu: 0.5 }, 'profile.value', 'step.rho must be a number >= 1, got 0.5'],
    [
      { kind: 'linear', rho: Number.POSITIVE_INFINITY },
      'profile.value',
      'linear.rho must be a number >= 1, got Infinity',
    ],
    [
      { kind: 'step', rho: 2, mu: 0.04 },
      'profile.value',
      'step.mu must leave 1 to 3 minority classes of 4, got 0.04, which gives 0',
    ],
    [
      { kind: 'step', rho: 2, mu: 0.9 },
      'profile.value',
      'step.mu must leave 1 to 3 minority classes of 4, got 0.9, which gives 4',
    ],
    [{ kind: 'counts', counts: [1, 2] }, 'profile.counts', 'counts must name 4 classes, got 2'],
    [{ kind: 'counts', counts: [1, 2, 7, 1] }, 'profile.counts', 'counts[2] must be an integer from 1 to 5, got 7'],
    [{ kind: 'counts', counts: [1, 0, 3, 1] }, 'profile.counts', 'counts[1] must be an integer from 1 to 5, got 0'],
  ])('refuses %j', (profile, code, message) => {
    expect(() => profileCounts(profile, [5, 5, 5, 5], [0, 1, 2, 3])).toThrow(expect.objectContaining({ code, message }))
  })

  it('refuses what no profile can do', () => {
    expect(() => profileCounts({ kind: 'natural' }, [5, 0], [0, 1])).toThrow('class 1 has no example to train on')
    expect(() => profileCounts({ kind: 'linear', rho: 2 }, [5], [0])).toThrow('linear needs at least 2 classes, got 1')
  })
})

describe('a profile as text', () => {
  const profiles: Profile[] = [
    { kind: 'step', rho: 100, mu: 0.5 },
    { kind: 'linear', rho: 100 },
    { kind: 'counts', counts: [30, 20, 10] },
    { kind: 'counts', counts: Array.from({ length: 11 }, (_, c) => 50 - c) },
    { kind: 'balanced' },
    { kind: 'natural' },
  ]

  it('is short for people', () => {
    expect(profiles.map(profileLabel)).toEqual([
      'step rho=100 mu=0.5',
      'linear rho=100',
      'counts 30/20/10',
      'counts of 11 classes, 50 to 40',
      'balanced',
      'natural',
    ])
  })

  it('is unique for programs, whatever the order of the fields', () => {
    expect(new Set(profiles.map(profileKey)).size).toBe(profiles.length)
    const written = JSON.parse('{"mu":0.5,"rho":100,"kind":"step"}') as Profile
    expect(profileKey(written)).toBe(profileKey(profiles[0]!))
    expect(profileKey(profiles[2]!)).toBe('{"kind":"counts","counts":[30,20,10]}')
  })
})
