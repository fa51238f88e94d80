import { describe, expect, it } from 'vitest'
import { type MadePlace, madeEvidence } from '../fixtures/made-evidence.ts'
import { thresholding } from './thresholding.ts'

const step = (rho: number, mu: number) => ({ kind: 'step', rho, mu }) as const
const methods = ['baseline', 'thresholding', 'oversampling', 'oversampling-thresholding']

const value = ({ method, metric, replicate }: MadePlace) =>
  metric === 'rocAuc' ? 0.9 : (method.includes('thresholding') ? 0.8 : 0.7) + replicate / 100

const study = { profiles: [step(10, 0.5), step(100, 0.5)], methods, replicates: 2, value }

describe('thresholding', () => {
  it('draws accuracy with and without it', () => {
    const page = thresholding(madeEvidence(study))!
    expect(page.figures.map(({ caption, y, lines }) => [caption, y.label, lines.map(({ id }) => id)])).toEqual([
      ['mnist, mu = 0.5', 'accuracy', methods],
    ])
    expect(page.figures[0]!.lines[1]!.points.map(({ x, mean }) => [x, mean])).toEqual([
      [10, expect.closeTo(0.805, 12)],
      [100, expect.closeTo(0.805, 12)],
    ])
    expect(page.tables[1]!.rows[0]![2]).toMatchObject({ mean: expect.closeTo(0.1, 12), n: 2 })
    expect(page.finding).toBe(
      'On mnist thresholding changes mean accuracy of the baseline from 70.5 % to 80.5 % (higher in 2 of 2 settings) and of ' +
        'oversampling from 70.5 % to 80.5 % (higher in 2 of 2 settings). ROC AUC is exactly the same with and without it in all 8 ' +
        'pairs of results.',
    )
  })

  it('reports the largest difference of ROC AUC', () => {
    const shifted = (place: MadePlace) =>
      value(place) + (place.method === 'thresholding' && place.metric === 'rocAuc' ? place.replicate / 4096 : 0)
    const page = thresholding(madeEvidence({ ...study, value: shifted }))!
    expect(page.finding).toContain(
      'The largest difference that it makes to a ROC AUC is 0.00024, of 8 pairs of results.',
    )
  })

  it('is left out without a method both ways', () => {
    expect(thresholding(madeEvidence({ ...study, methods: ['baseline', 'oversampling-thresholding'] }))).toBeUndefined()
  })
})
