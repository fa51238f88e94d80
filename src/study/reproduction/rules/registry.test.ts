import { describe, expect, it } from 'vitest'
import { paperWorld, type World } from '../claims/fixtures/paper-world.ts'
import { madeEvidence } from '../fixtures/made-evidence.ts'
import { readRules, rules, rulesFor } from './registry.ts'
import type { Situation } from './rule.ts'

const usual: Situation = { rho: 100, mu: 0.5, difficulty: 'moderate', time: 'enough' }
const ids = (situation: Partial<Situation>) => rulesFor({ ...usual, ...situation }).map(({ id }) => id)

describe('rulesFor', () => {
  it('recommends oversampling, and thresholding where accuracy counts', () => {
    expect(ids({})).toEqual([
      'oversample',
      'threshold-for-accuracy',
      'no-thresholding-with-undersampling',
      'no-two-phase-training',
      'oversampling-does-not-overfit',
    ])
    expect(ids({ goal: 'accuracy' })).toEqual(ids({}))
    expect(ids({ goal: 'ranking' })).toEqual(['oversample', 'no-two-phase-training', 'oversampling-does-not-overfit'])
  })

  it('recommends undersampling only in extreme imbalance with many minority classes, when time is short', () => {
    const extreme = { rho: 100, mu: 0.9, time: 'short' } as const
    expect(ids(extreme)).toContain('undersample-when-time-is-short')
    expect(ids(extreme)).toContain('undersample-part-of-the-way')
    expect(ids(extreme)).not.toContain('oversample')
    for (const less of [{ rho: 10 }, { mu: 0.5 }, { time: 'enough' }] as const) {
      expect(ids({ ...extreme, ...less })).toContain('oversample')
      expect(ids({ ...extreme, ...less }).filter((id) => id.startsWith('undersample'))).toEqual([])
    }
  })

  it('warns of large hard tasks, and has nothing for balanced classes', () => {
    expect(ids({ difficulty: 'hard' })).toContain('caution-on-large-tasks')
    expect(ids({ difficulty: 'hard' })).not.toContain('oversample')
    expect(ids({})).not.toContain('caution-on-large-tasks')
    expect(ids({ rho: 1 })).toEqual([])
  })
})

describe('readRules', () => {
  const read = (world: World, id: string) => readRules(paperWorld(world)).find((rule) => rule.id === id)!.ours

  it('agrees with the paper where its world is, and says nothing of what was not run', () => {
    const readings = readRules(paperWorld())
    expect(readings.map(({ id }) => id)).toEqual(rules.map(({ id }) => id))
    for (const { id, ours } of readings) {
      if (id === 'caution-on-large-tasks') expect(ours).toBeUndefined()
      else expect({ id, verdict: ours?.verdict }).toEqual({ id, verdict: 'agrees' })
    }
    expect(readRules(madeEvidence()).map(({ ours }) => ours)).toEqual(rules.map(() => undefined))
  })

  it('disagrees where the opposite is found, with numbers', () => {
    const worse: World = { value: ({ method }, ofPaper) => ofPaper - (method === 'oversampling' ? 0.02 : 0) }
    expect(read(worse, 'oversample')?.verdict).toBe('disagrees')
    expect(read(worse, 'oversample')?.sentence).toMatch(/Opposed: oversampling is above baseline \(mnist.*-0\.01/)
    const gain: World = { value: ({ method }, ofPaper) => ofPaper + (method === 'two-phase-oversampling' ? 0.02 : 0) }
    expect(read(gain, 'no-two-phase-training')?.verdict).toBe('disagrees')
    const slow: World = { snapshot: ({ method }, at) => ({ ...at, test: method === 'undersampling' ? 0 : at.test }) }
    expect(read(slow, 'undersample-when-time-is-short')?.verdict).toBe('disagrees')
  })

  it('holds what the paper says of few classes against few classes alone', () => {
    const large = madeEvidence({
      classes: 200,
      profiles: [{ kind: 'step', rho: 50, mu: 0.5 }],
      methods: ['baseline', 'oversampling', 'undersampling'],
      replicates: 3,
      value: ({ method, replicate }) => (method === 'baseline' ? 0.95 : 0.9) + replicate / 1000,
    })
    const [oversample, caution] = readRules(large)
    expect(oversample!.ours).toBeUndefined()
    expect(caution!.ours?.verdict).toBe('agrees')
  })

  it('holds advice for extreme imbalance against extreme imbalance alone', () => {
    const mild = paperWorld({ profiles: (profile) => 'mu' in profile && profile.mu < 0.8 })
    const read = readRules(mild).filter(({ id }) => id.startsWith('undersample'))
    expect(read.map(({ ours }) => ours)).toEqual([undefined, undefined])
  })

  it('is undecided with a single replicate', () => {
    for (const { ours } of readRules(paperWorld({ replicates: 1 }))) {
      expect([undefined, 'undecided']).toContain(ours?.verdict)
    }
    expect(read({ replicates: 1 }, 'oversample')?.sentence).toContain('in two replicates or more')
  })

  it('takes imbalance as it is found, too', () => {
    const counts = [5000, 500, 500, 500, 500, 500, 500, 500, 500, 50]
    const evidence = madeEvidence({
      dataset: 'own',
      profiles: [{ kind: 'counts', counts }],
      methods: ['baseline', 'oversampling', 'undersampling'],
      replicates: 3,
      value: ({ method, replicate }) => (method === 'oversampling' ? 0.9 : 0.8 - replicate / 1000),
    })
    expect(readRules(evidence)[0]!.ours?.verdict).toBe('agrees')
    expect(readRules(evidence)[0]!.ours?.sentence).toContain('own/counts 5000/500')
  })
})
