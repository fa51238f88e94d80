import { describe, expect, it } from 'vitest'
import { everywhere, independent, type Measured, paired, somewhere } from './hypothesis.ts'

const where = { place: 'here', metric: 'ROC AUC' }
const byReplicate = (...values: readonly number[]) => new Map(values.entries())

/** Mean 0.02, standard deviation 0.01 over three: standard error 0.01 / sqrt(3); with 2 degrees of freedom all is in closed form. */
const differences = byReplicate(0.01, 0.02, 0.03)
const twoSided = (t: number) => 1 - t / Math.sqrt(t * t + 2)

describe('paired', () => {
  it('by hand', () => {
    const [test] = paired(where, differences, 'above')
    const t = 2 * Math.sqrt(3)
    expect(test!.effect).toBeCloseTo(0.02, 15)
    expect(test!.p).toBeCloseTo(twoSided(t), 12)
    expect(test!.pAgainst).toBe(test!.p)
    expect([test!.low, test!.high].map((x) => x!.toFixed(6))).toEqual(['-0.004841', '0.044841'])
    expect(test).toMatchObject({ ...where, test: 'paired t', replicates: 3, favourable: true })
    expect(paired(where, differences, 'below')[0]).toMatchObject({ p: test!.p, favourable: false })
  })

  it('against one bound has half the p on its side, and the rest on the other', () => {
    const t = (0.025 * Math.sqrt(3)) / 0.01
    const [test] = paired(where, differences, { atLeast: -0.005 })
    expect(test!.p).toBeCloseTo(twoSided(t) / 2, 12)
    expect(test!.pAgainst).toBeCloseTo(1 - twoSided(t) / 2, 12)
    expect(test).toMatchObject({ test: 'paired t, one-sided, margin 0.005', favourable: true })
    const [mirrored] = paired(where, byReplicate(-0.01, -0.02, -0.03), { atMost: 0.005 })
    expect(mirrored!.p).toBeCloseTo(test!.p, 12)
    const [beyond] = paired(where, differences, { atMost: 0.005 })
    expect(beyond!.pAgainst).toBeCloseTo(twoSided(0.015 * Math.sqrt(3) * 100) / 2, 12)
    expect(beyond!.favourable).toBe(false)
  })

  it('within a margin on both sides is equivalence, refuted by an effect beyond it', () => {
    const [test] = paired(where, differences, { within: 0.05 })
    expect(test!.p).toBeCloseTo(twoSided(0.03 * Math.sqrt(3) * 100) / 2, 12)
    expect(test).toMatchObject({ test: expect.stringContaining('equivalence'), favourable: true })
    const [beyond] = paired(where, differences, { within: 0.005 })
    expect(beyond!.p).toBeGreaterThan(0.5)
    expect(beyond!.pAgainst).toBeCloseTo(twoSided(0.015 * Math.sqrt(3) * 100), 12)
    expect(beyond!.favourable).toBe(false)
  })

  it('says nothing of a single replicate', () => {
    expect(paired(where, byReplicate(0.1), 'above')).toEqual([])
    expect(independent(where, byReplicate(0.1), byReplicate(0.2, 0.3), 'above')).toEqual([])
  })
})

it('independent, by hand', () => {
  // means 2 and 6, variances 1 and 4, each over 3; degrees of freedom 50 / 17
  const [test] = independent(where, byReplicate(1, 2, 3), byReplicate(4, 6, 8), 'below')
  expect(test).toMatchObject({ test: 'Welch t', replicates: 3, effect: -4, favourable: true })
  expect(test!.low! + test!.high!).toBeCloseTo(-8, 12)
  const [tie] = independent(where, byReplicate(1, 2, 3), byReplicate(1, 2, 3), { within: 100 })
  expect(tie!.p).toBeLessThan(1e-3)
})

describe('several places', () => {
  const at = (place: string, p: number, favourable: boolean): Measured => ({
    ...where,
    place,
    test: 'paired t',
    replicates: 3,
    effect: favourable ? 1 : -1,
    low: undefined,
    high: undefined,
    p,
    pAgainst: p,
    favourable,
  })

  it('everywhere is as sure as the least sure, and refuted by one', () => {
    const sure = [at('a', 0.01, true), at('b', 0.03, true), at('c', 0.02, true)]
    expect(everywhere(sure)).toMatchObject([{ place: 'the weakest of 3 cells, b', p: 0.03, favourable: true }])
    const refuted = [at('a', 0.01, true), at('b', 0.4, false), at('c', 0.02, false)]
    expect(everywhere(refuted)).toMatchObject([
      { place: 'the weakest of 3 cells, c', pAgainst: 0.06, favourable: false },
    ])
    expect(everywhere([])).toEqual([])
  })

  it('somewhere pays for the number of places, and is refuted by all', () => {
    const one = [at('a', 0.01, true), at('b', 0.001, false), at('c', 0.2, true)]
    expect(somewhere(one)).toMatchObject([{ place: 'the surest of 3 cells, a', p: 0.03, favourable: true }])
    const none = [at('a', 0.01, false), at('b', 0.04, false)]
    expect(somewhere(none)).toMatchObject([{ place: 'the surest of 2 cells, b', pAgainst: 0.04, favourable: false }])
  })
})
