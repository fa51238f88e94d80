import { describe, expect, it } from 'vitest'
import type { Measured } from './hypothesis.ts'
import { judge, type Part } from './verdict.ts'

const test = (p: number, favourable = true, place = 'mnist'): Measured => ({
  place,
  metric: 'ROC AUC',
  test: 'paired t',
  replicates: 5,
  effect: favourable ? 0.01 : -0.01,
  low: undefined,
  high: undefined,
  p,
  pAgainst: p,
  favourable,
})
const part = (core: boolean, ...tests: readonly Measured[]): Part => ({
  statement: core ? 'the core' : 'the rest',
  core,
  tests,
  needs: 'more cells',
})

describe('judge', () => {
  it.each([
    ['all supported', [part(true, test(0.001)), part(false, test(0.001))], 'borne out'],
    ['core supported, rest untested', [part(true, test(0.001)), part(false)], 'borne out'],
    ['supported on one dataset, within the noise on another', [part(true, test(0.001), test(0.5))], 'borne out'],
    [
      'supported on one dataset, leaning the other way on another',
      [part(true, test(0.001), test(0.5, false))],
      'undecided at this scale',
    ],
    ['supported on one dataset, opposed on another', [part(true, test(0.001), test(0.002, false))], 'contradicted'],
    ['core opposed, rest supported', [part(true, test(0.001, false)), part(false, test(0.001))], 'contradicted'],
    ['rest opposed', [part(true, test(0.001)), part(false, test(0.001, false))], 'undecided at this scale'],
    ['rest open', [part(true, test(0.001)), part(false, test(0.5))], 'undecided at this scale'],
    ['core untested', [part(true), part(false, test(0.001))], 'undecided at this scale'],
    ['significant before Holm alone', [part(true, test(0.03), test(0.5))], 'undecided at this scale'],
  ] as const)('%s', (_, parts, verdict) => {
    expect(judge(parts).verdict).toBe(verdict)
  })

  it('adjusts over all tests of the claim, and over single cells apart', () => {
    const cells = [test(0.02, true, 'a'), test(0.04, true, 'b')]
    const { tests, parts } = judge([{ ...part(true, test(0.01)), cells, listCells: true }, part(false, test(0.02))])
    expect(tests.map(({ place, pHolm, outcome }) => [place, pHolm, outcome])).toEqual([
      ['mnist', 0.02, 'supports'],
      ['a', 0.04, 'supports'],
      ['b', 0.04, 'supports'],
      ['mnist', 0.02, 'supports'],
    ])
    expect(parts.join(' ')).toContain('so in 2 of 2 cells, shown in 2 and refuted in 0')
  })

  it('says of each part what was found, or what is missing', () => {
    const { parts } = judge([
      part(true, { ...test(0.001), low: 0.005, high: 0.015 }, test(0.9, true, 'cifar-10')),
      { ...part(false), note: 'A note.' },
    ])
    expect(parts.join(' ')).toBe(
      'Supported: the core (mnist: +0.0100, between +0.0050 and +0.0150; open on cifar-10). Not tested here: the rest; it needs more cells. A note.',
    )
  })

  it('prints factors as factors', () => {
    const { parts } = judge([{ ...part(true, { ...test(0.001), effect: 98, low: 45, high: 210 }), isFactor: true }])
    expect(parts).toEqual(['Supported: the core (mnist: 98 times, between 45 times and 210 times).'])
  })

  it('shows the p of the opposite where that was found', () => {
    const { tests } = judge([part(true, { ...test(0.999, false), pAgainst: 0.001 })])
    expect(tests).toMatchObject([{ p: 0.001, pHolm: 0.001, outcome: 'opposes' }])
  })
})
