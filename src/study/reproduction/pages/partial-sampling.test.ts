import { describe, expect, it } from 'vitest'
import { type MadePlace, madeEvidence } from '../fixtures/made-evidence.ts'
import { partialSampling } from './partial-sampling.ts'

const step = (rho: number, mu: number) => ({ kind: 'step', rho, mu }) as const
const scores: Record<string, number> = {
  baseline: 0.9,
  oversampling: 0.97,
  'oversampling(level=0.25)': 0.93,
  'oversampling(level=0.5)': 0.95,
  undersampling: 0.88,
  'undersampling(level=0.5)': 0.92,
}
const value = ({ method, replicate }: MadePlace) => scores[method]! + replicate / 1000
const study = { profiles: [step(1000, 0.5)], methods: Object.keys(scores), replicates: 2, value }

describe('partial-sampling', () => {
  it('draws both ways of sampling from the baseline to full', () => {
    const page = partialSampling(madeEvidence(study))!
    const [figure] = page.figures
    expect(figure!.caption).toBe('mnist, rho = 1000, mu = 0.5')
    expect(
      figure!.lines.map(({ id, points }) => [id, points.map(({ x, mean }) => [x, Number(mean.toFixed(6))])]),
    ).toEqual([
      [
        'oversampling',
        [
          [0, 0.9005],
          [0.25, 0.9305],
          [0.5, 0.9505],
          [1, 0.9705],
        ],
      ],
      [
        'undersampling',
        [
          [0, 0.9005],
          [0.5, 0.9205],
          [1, 0.8805],
        ],
      ],
    ])
    expect(page.tables[0]!.rows.map((row) => row.slice(1, 4))).toEqual([
      ['step rho=1000 mu=0.5', '0', '1000'],
      ['step rho=1000 mu=0.5', '0.25', '178'],
      ['step rho=1000 mu=0.5', '0.5', '31.6'],
      ['step rho=1000 mu=0.5', '1', '1'],
    ])
    expect(page.finding).toBe(
      'On mnist at rho = 1000 with mu = 0.5, oversampling is best at level 1 (full) with 0.9705 and undersampling is best at level ' +
        '0.5 with 0.9205, +0.0400 (95 % interval +0.0400 to +0.0400) against full.',
    )
  })

  it('looks at the largest rho with levels between, whatever else was run', () => {
    const page = partialSampling(
      madeEvidence(
        { ...study, profiles: [step(100, 0.2), step(500, 0.2)] },
        { ...study, profiles: [step(5000, 0.2)], methods: ['baseline', 'oversampling'] },
      ),
    )!
    expect(page.figures.map(({ caption }) => caption)).toEqual(['mnist, rho = 500, mu = 0.2'])
  })

  it('names every best level of a tie, and compares with nothing where full was not run', () => {
    const methods = ['baseline', 'undersampling(level=0.5)']
    const page = partialSampling(madeEvidence({ ...study, methods, replicates: 1, value: () => 0.9 }))!
    expect(page.finding).toBe(
      'On mnist at rho = 1000 with mu = 0.5, undersampling is best at level 0 (the baseline) and level 0.5 with 0.9000.',
    )
    expect(page.tables).toHaveLength(1)
  })

  it('is left out without levels between', () => {
    expect(partialSampling(madeEvidence({ ...study, methods: ['baseline', 'oversampling'] }))).toBeUndefined()
  })
})
