import { describe, expect, it } from 'vitest'
import { madeEvidence } from '../fixtures/made-evidence.ts'
import { methodsCompared } from './methods-compared.ts'

const step = (rho: number, mu: number) => ({ kind: 'step', rho, mu }) as const
const scores: Record<string, number> = { baseline: 0.9, oversampling: 0.95, undersampling: 0.9, thresholding: 0.9 }

describe('methods-compared', () => {
  it('draws along rho for each mu, for linear, and along mu for each rho', () => {
    const page = methodsCompared(
      madeEvidence({
        profiles: [step(10, 0.2), step(100, 0.2), step(10, 0.5), step(100, 0.5), { kind: 'linear', rho: 10 }],
        methods: Object.keys(scores),
        replicates: 2,
        value: ({ method, replicate }) => scores[method]! + replicate / 1000,
      }),
    )!
    expect(page.figures.map(({ caption, x }) => [caption, x.scale])).toEqual([
      ['mnist, mu = 0.2', 'log'],
      ['mnist, mu = 0.5', 'log'],
      ['mnist, rho = 10', 'linear'],
      ['mnist, rho = 100', 'linear'],
    ])
    expect(page.figures[3]!.lines.map(({ id, points }) => [id, points.map(({ x }) => x)])).toEqual([
      ['baseline', [0.2, 0.5]],
      ['oversampling', [0.2, 0.5]],
      ['undersampling', [0.2, 0.5]],
    ])
    expect(page.tables[0]!.columns).toEqual(['dataset', 'imbalance', ...Object.keys(scores)])
    expect(page.tables[0]!.rows.map((row) => row[1])).toEqual([
      'step rho=10 mu=0.2',
      'step rho=100 mu=0.2',
      'step rho=10 mu=0.5',
      'step rho=100 mu=0.5',
      'linear rho=10',
    ])
    expect(page.finding).toBe(
      'On mnist, mean ROC AUC over 5 settings is 0.9505 for oversampling (the highest in 5), 0.9005 for the baseline (the highest ' +
        'in 0) and 0.9005 for undersampling (the highest in 0).',
    )
  })

  it('chooses among many settings, and the table holds all', () => {
    const mus = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    const page = methodsCompared(
      madeEvidence({
        profiles: mus.flatMap((mu) => [2, 5, 10, 50].map((rho) => step(rho, mu))),
        methods: ['baseline', 'oversampling'],
        replicates: 1,
        value: () => 0.9,
      }),
    )!
    expect(page.figures.map(({ caption }) => caption)).toEqual(
      ['mu = 0.2', 'mu = 0.5', 'mu = 0.8', 'rho = 2', 'rho = 5', 'rho = 50'].map((panel) => `mnist, ${panel}`),
    )
    expect(page.tables[0]!.rows).toHaveLength(36)
    expect(page.finding).toContain('(the highest in 36); where several are highest, each counts.')
  })

  it('leaves partial levels to their page, and itself out where one method was run', () => {
    const levels = ['baseline', 'oversampling(level=0.5)']
    const study = { profiles: [step(10, 0.2), step(50, 0.2)], replicates: 2, value: () => 0.9 }
    expect(methodsCompared(madeEvidence({ ...study, methods: levels }))).toBeUndefined()
    const both = methodsCompared(madeEvidence({ ...study, methods: [...levels, 'undersampling'] }))!
    expect(both.tables[0]!.columns).toEqual(['dataset', 'imbalance', 'baseline', 'undersampling'])
  })

  it('says so where no setting has every method', () => {
    const study = { replicates: 1, value: () => 0.9 }
    const page = methodsCompared(
      madeEvidence(
        { ...study, profiles: [step(10, 0.2)], methods: ['baseline'] },
        { ...study, profiles: [step(50, 0.2)], methods: ['oversampling'] },
      ),
    )!
    expect(page.finding).toBe('On mnist no setting has results of every method.')
  })
})
