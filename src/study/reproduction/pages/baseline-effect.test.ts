import { describe, expect, it } from 'vitest'
import { type MadePlace, madeEvidence } from '../fixtures/made-evidence.ts'
import { effectOfMinority } from './effect-of-minority.ts'
import { effectOfRho } from './effect-of-rho.ts'

const step = (rho: number, mu: number) => ({ kind: 'step', rho, mu }) as const
const linear = (rho: number) => ({ kind: 'linear', rho }) as const

/** 1 - mu rho / 1000 with replicates a thousandth apart; linear imbalance costs a tenth. */
const value = ({ profile, replicate }: MadePlace) => {
  const mu = 'mu' in profile ? profile.mu : 0.1
  return 1 - (mu * ('rho' in profile ? profile.rho : 1)) / 1000 + replicate / 1000
}

const grid = madeEvidence({
  profiles: [
    step(100, 0.8),
    step(10, 0.8),
    step(10, 0.2),
    step(100, 0.2),
    linear(100),
    linear(10),
    { kind: 'natural' },
  ],
  methods: ['baseline', 'oversampling'],
  replicates: 2,
  value,
})

describe('effect-of-rho', () => {
  it('draws a line for each mu and one for linear, ascending in rho', () => {
    const [figure, ...others] = effectOfRho(grid)!.figures
    expect(others).toEqual([])
    expect(figure!.x).toEqual({ label: 'rho', scale: 'log' })
    expect(figure!.lines.map(({ id, title }) => [id, title])).toEqual([
      ['mu=0.2', 'mu = 0.2'],
      ['mu=0.8', 'mu = 0.8'],
      ['linear', 'linear'],
    ])
    expect(figure!.lines.map(({ points }) => points.map(({ x }) => x))).toEqual([
      [10, 100],
      [10, 100],
      [10, 100],
    ])
    // replicates 0.92 and 0.921: half the interval is t_1(0.975) / 2000
    const last = figure!.lines[1]!.points[1]!
    expect(last.mean).toBeCloseTo(0.9205, 12)
    expect(last.high! - last.mean).toBeCloseTo(12.7062047 / 2000, 8)
    expect(last.mean - last.low!).toBeCloseTo(12.7062047 / 2000, 8)
  })

  it('says how far it changes along the lines', () => {
    expect(effectOfRho(grid)!.finding).toBe(
      "On mnist the baseline's ROC AUC changes by between -0.0720 (95 % interval -0.0720 to -0.0720) from rho = 10 to 100 " +
        '(mu = 0.8) and -0.0180 (95 % interval -0.0180 to -0.0180) from rho = 10 to 100 (mu = 0.2) over 2 lines of step ' +
        'imbalance, and by -0.0090 (95 % interval -0.0090 to -0.0090) from rho = 10 to 100 (linear); it falls along 3 of 3 lines.',
    )
  })

  it('has a panel for each dataset, and no interval for a single replicate', () => {
    const profiles = [step(2, 0.5), step(50, 0.5)]
    const page = effectOfRho(
      madeEvidence(
        { dataset: 'b', profiles, methods: ['baseline'], replicates: 1, value },
        { dataset: 'a', profiles, methods: ['baseline'], replicates: 1, value: () => 0.5 },
      ),
    )!
    expect(page.figures.map(({ caption }) => caption)).toEqual(['b, baseline', 'a, baseline'])
    expect(page.figures[1]!.lines[0]!.points[0]).toEqual({ x: 2, mean: 0.5, low: undefined, high: undefined })
    expect(page.finding).toBe(
      "On b the baseline's ROC AUC changes by -0.0240 from rho = 2 to 50 (mu = 0.5); it falls along 1 of 1 line. " +
        "On a the baseline's ROC AUC changes by 0.0000 from rho = 2 to 50 (mu = 0.5); it falls along 0 of 1 line.",
    )
  })

  it('is left out where no rho differs', () => {
    const profiles = [step(10, 0.2), step(10, 0.5), linear(10)]
    expect(effectOfRho(madeEvidence({ profiles, methods: ['baseline'], replicates: 2, value }))).toBeUndefined()
  })
})

describe('effect-of-minority', () => {
  it('draws a line for each rho over the number of minority classes', () => {
    const page = effectOfMinority(grid)!
    expect(page.figures[0]!.lines.map(({ id, points }) => [id, points.map(({ x }) => x)])).toEqual([
      ['rho=10', [2, 8]],
      ['rho=100', [2, 8]],
    ])
    expect(page.tables[0]!.columns).toEqual(['dataset', 'mu', 'minority classes', 'rho = 10', 'rho = 100'])
    expect(page.tables[0]!.rows.map((row) => row.slice(0, 3))).toEqual([
      ['mnist', '0.2', 2],
      ['mnist', '0.8', 8],
    ])
    expect(page.finding).toContain('from 2 to 8 of 10 classes in the minority (rho = 100)')
  })

  it('is left out without step imbalance', () => {
    const profiles = [linear(10), linear(100)]
    expect(effectOfMinority(madeEvidence({ profiles, methods: ['baseline'], replicates: 2, value }))).toBeUndefined()
  })
})
