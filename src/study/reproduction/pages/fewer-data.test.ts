import { describe, expect, it } from 'vitest'
import type { Profile } from '../../../data/index.ts'
import { type MadePlace, madeEvidence } from '../fixtures/made-evidence.ts'
import type { Page } from '../page.ts'
import { fewerData } from './fewer-data.ts'

const step = (rho: number, mu: number) => ({ kind: 'step', rho, mu }) as const
const linear = (rho: number) => ({ kind: 'linear', rho }) as const
const sampled = ['baseline', 'oversampling', 'undersampling']

/** The baseline falls with mu, undersampling does not. */
const value = ({ profile, method, replicate }: MadePlace) => {
  const noise = replicate / 1000
  if (profile.kind === 'balanced') return 0.99 + noise
  if (method === 'oversampling') return 0.98 + noise
  if (method === 'undersampling') return 0.93 + noise
  return (profile.kind === 'step' ? 1 - profile.mu / 10 : 0.97) + noise
}

const made = (profiles: readonly Profile[], methods: readonly string[] = sampled) =>
  fewerData(madeEvidence({ profiles, methods, replicates: 3, value }))

const linesOf = ({ figures }: Page) =>
  figures.map(({ caption, lines }) => [caption, ...lines.map(({ id, points }) => [id, points.map(({ x }) => x)])])

describe('fewer-data', () => {
  const profiles = [
    step(10, 0.5),
    step(100, 0.5),
    step(100, 0.8),
    linear(10),
    linear(100),
    { kind: 'balanced' } as const,
  ]
  const page = made(profiles)!

  it('draws by the unique images that a network sees', () => {
    expect(linesOf(page)).toEqual([
      [
        'mnist, mu = 0.5, from the least to the greatest rho',
        ['baseline', [25250, 27500]],
        ['oversampling', [25250, 27500]],
        ['undersampling', [500, 5000]],
        ['full', [50000]],
      ],
      [
        'mnist, linear, from the least to the greatest rho',
        ['baseline', [25250, 27500]],
        ['oversampling', [25250, 27500]],
        ['undersampling', [500, 5000]],
        ['full', [50000]],
      ],
      ['mnist, baseline: linear against step', ['mu=0.5', [25250, 27500]], ['linear', [25250, 27500]]],
    ])
  })

  it('holds the three arguments as paired differences', () => {
    const [, differences, shapes] = page.tables
    expect(differences!.columns.slice(2)).toEqual([
      'oversampling - baseline',
      'full set - oversampling',
      'undersampling - baseline',
      'undersampling - oversampling',
    ])
    const hard = differences!.rows.find((row) => row[1] === 'step rho=100 mu=0.8')!
    expect(hard.slice(2).map((cell) => (cell as { mean: number }).mean)).toEqual(
      [0.06, 0.01, 0.01, -0.05].map((difference) => expect.closeTo(difference, 12)),
    )
    expect(shapes!.rows.map((row) => [row[1], row[2], row[3]])).toEqual([
      ['10', 27500, expect.objectContaining({ mean: expect.closeTo(0.02, 12), n: 3 })],
      ['100', 25250, expect.objectContaining({ mean: expect.closeTo(0.02, 12), n: 3 })],
    ])
    expect(page.finding).toBe(
      'On mnist oversampling, with the same images, is above the baseline in 5 of 5 settings, by +0.0280 on average; the full set ' +
        'is above oversampling in 5 of 5 settings, by +0.0100 on average; undersampling, with fewer images, is above the baseline ' +
        'in 1 of 5 settings, by -0.0220 on average (0 of 2 with mu = 0.5, 1 of 1 with mu = 0.8 and 0 of 2 with linear imbalance); ' +
        'undersampling is above oversampling in 0 of 5 settings, by -0.0500 on average; with as many images up to rounding, linear ' +
        'is above step imbalance with mu = 0.5 in 2 of 2 settings, by +0.0200 on average.',
    )
  })

  it('says what there is', () => {
    expect(made([step(10, 0.2)], ['baseline', 'undersampling'])!.finding).toBe(
      'On mnist undersampling, with fewer images, is above the baseline in 0 of 1 setting, by -0.0500 on average (0 of 1 with mu = 0.2).',
    )
    expect(made([step(10, 0.5), linear(10)], ['baseline'])!.tables.map(({ rows }) => rows.length)).toEqual([2, 1])
    expect(made([step(10, 0.2), linear(10), { kind: 'balanced' }], ['baseline'])).toBeUndefined()
  })
})
