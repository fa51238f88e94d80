import { describe, expect, it } from 'vitest'
import { digits } from '../data/index.ts'
import { resolveConfig } from './config.ts'
import { ledgerOf } from './ledger.ts'
import { planStudy } from './plan.ts'
import { describeDataset } from './setup.ts'

const dataset = await digits()

/** Two rates and two repeats of one cell, with scores by hand. */
function runs(
  choose: 'honest' | 'paper',
  score: (rate: number, repeat: number) => { selection: number; test: number },
) {
  const config = resolveConfig({
    profiles: [{ kind: 'step', rho: 10, mu: 0.5 }],
    methods: ['baseline'],
    replicates: 2,
    search: { learningRates: [0.1, 0.01], repeats: 2 },
    choose,
  })
  const plan = planStudy(config, [describeDataset(config, 'digits', dataset)])
  const trials = plan.trials.map((trial) => {
    const { selection, test } = score(trial.run.learningRate, trial.run.repeat)
    const judged = (rocAuc: number) => ({ metrics: { rocAuc } })
    return { ...trial, result: { selection: judged(selection), test: judged(test) } }
  })
  return { plan, trials, cell: plan.cells[0]!.key }
}

describe('a ledger', () => {
  const scores = (rate: number, repeat: number) => ({
    selection: rate === 0.1 && repeat === 1 ? 0.9 : 0.8,
    test: rate === 0.01 && repeat === 0 ? 0.95 : 0.7,
  })

  it('counts the run that is best on the selection images', () => {
    const { plan, trials, cell } = runs('honest', scores)
    expect(trials).toHaveLength(8)
    const ledger = ledgerOf(plan, trials, [], new Set())
    const entries = [...ledger.entries(cell, 'baseline').values()]
    expect(entries.map(({ replicate, run }) => [replicate, run])).toEqual([
      [0, { learningRate: 0.1, repeat: 1 }],
      [1, { learningRate: 0.1, repeat: 1 }],
    ])
    expect(entries.map(({ result }) => result.test.metrics.rocAuc)).toEqual([0.7, 0.7])
    expect(ledger.testSelected).toBe(false)
  })

  it('counts the run that is best on the test images where the paper is followed, and says so', () => {
    const { plan, trials, cell } = runs('paper', scores)
    const ledger = ledgerOf(plan, trials, [], new Set())
    const entries = [...ledger.entries(cell, 'baseline').values()]
    expect(entries.map(({ run }) => run)).toEqual([
      { learningRate: 0.01, repeat: 0 },
      { learningRate: 0.01, repeat: 0 },
    ])
    expect(ledger.testSelected).toBe(true)
  })

  it('counts no replicate of which a run is still to come', () => {
    const { plan, trials, cell } = runs('honest', scores)
    expect([...ledgerOf(plan, trials.slice(1), [], new Set()).entries(cell, 'baseline').keys()]).toEqual([1])
  })

  it('loses a replicate only when every run of it failed', () => {
    const { plan, trials, cell } = runs('honest', scores)
    const first = trials.filter(({ replicate }) => replicate === 0)
    const failed = new Set(first.slice(0, 3).map(({ key }) => key))
    const left = trials.filter(({ key }) => !failed.has(key))
    expect(ledgerOf(plan, left, [], failed).lost(cell, 'baseline')).toBe(0)
    expect(ledgerOf(plan, left, [], failed).entries(cell, 'baseline').size).toBe(2)
    const all = new Set(first.map(({ key }) => key))
    const rest = trials.filter(({ key }) => !all.has(key))
    expect(ledgerOf(plan, rest, [], all).lost(cell, 'baseline')).toBe(1)
    expect(ledgerOf(plan, rest, [], all).entries(cell, 'baseline').size).toBe(1)
  })
})
