import { describe, expect, it } from 'vitest'
import { madeEvidence } from '../fixtures/made-evidence.ts'
import { convergence } from './convergence.ts'

const step = (rho: number, mu: number) => ({ kind: 'step', rho, mu }) as const

/** The baseline's gap widens by a point every 100 iterations, that of oversampling stays. */
const study = {
  profiles: [step(50, 0.5)],
  methods: ['baseline', 'oversampling'],
  replicates: 2,
  value: () => 0.9,
  snapshots: ({ method, replicate }: { readonly method: string; readonly replicate: number }) =>
    [100, 200, 300, 400, 500].map((iteration) => ({
      iteration,
      train: 0.8 + replicate / 100 + (method === 'baseline' ? iteration / 10000 : 0),
      test: 0.75,
    })),
}

describe('convergence', () => {
  it('draws training and test accuracy of each method', () => {
    const page = convergence(madeEvidence(study))!
    expect(page.figures.map(({ caption }) => caption)).toEqual([
      'mnist, step rho=50 mu=0.5, baseline',
      'mnist, step rho=50 mu=0.5, oversampling',
    ])
    const [train, test] = page.figures[0]!.lines
    expect([train!.id, test!.id]).toEqual(['train', 'test'])
    expect(train!.points.map(({ x, mean }) => [x, Number(mean.toFixed(6))])).toEqual([
      [100, 0.815],
      [200, 0.825],
      [300, 0.835],
      [400, 0.845],
      [500, 0.855],
    ])
    expect(test!.points[0]).toEqual({ x: 100, mean: 0.75, low: 0.75, high: 0.75 })
  })

  it('compares the gap at the end with that of the snapshot nearest the middle', () => {
    const page = convergence(madeEvidence(study))!
    expect(page.tables[0]!.columns.slice(3)).toEqual([
      'training accuracy at the end',
      'test accuracy at the end',
      'gap at the end',
      'growth over the last half',
    ])
    expect(page.tables[0]!.rows[0]!.slice(3).map((cell) => (cell as { mean: number }).mean)).toEqual(
      [0.855, 0.75, 0.105, 0.03].map((number) => expect.closeTo(number, 12)),
    )
    expect(page.finding).toContain(
      'On mnist the gap between training and test accuracy ends for the baseline at +10.5 points (95 % interval +4.1 to +16.9) ' +
        '(+3.0 points (95 % interval +3.0 to +3.0) over the last half of training, from iteration 200) and for oversampling at +5.5 points',
    )
    expect(page.finding).toContain('its gap holds this shift of the priors too')
  })

  it('counts over several settings', () => {
    const page = convergence(madeEvidence({ ...study, profiles: [step(10, 0.5), step(50, 0.5)] }))!
    expect(page.finding).toContain(
      'for the baseline at +10.5 points (growing over the last half of training, from iteration 200, in 2 of 2 settings, by +3.0 points)',
    )
  })

  it('says nothing of growth for a single snapshot, and is left out without any', () => {
    const once = convergence(madeEvidence({ ...study, snapshots: (place) => study.snapshots(place).slice(-1) }))!
    expect(once.figures).toEqual([])
    expect(once.finding).not.toContain('last half')
    const { snapshots: _, ...without } = study
    expect(convergence(madeEvidence(without))).toBeUndefined()
  })
})
