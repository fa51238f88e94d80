import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../evidence.ts'
import { madeEvidence } from '../fixtures/made-evidence.ts'
import { type MadePlace, paperWorld, type World } from './fixtures/paper-world.ts'
import { claimsOf } from './registry.ts'

const claim = (number: number, world: World) => claimsOf(paperWorld(world))[number - 1]!
const paper = claimsOf(paperWorld())
const noisy = claimsOf(paperWorld({ noise: 1 }))

const isLinear = ({ profile }: MadePlace) => profile.kind === 'linear'
const plus = (holds: (place: MadePlace) => boolean, shift: number): World => ({
  value: (place, ofPaper) => ofPaper + (holds(place) ? shift : 0),
})

/** By number: a world in which the core of the claim is false. */
const otherwise: readonly World[] = [
  { value: ({ method }, ofPaper) => (method === 'baseline' ? 1.98 - ofPaper : ofPaper) },
  plus(({ method }) => method === 'oversampling', -0.02),
  plus(({ method }) => method === 'undersampling', 0.03),
  plus(({ method }) => method === 'two-phase-oversampling', 0.02),
  plus((place) => isLinear(place) && place.method === 'baseline', -0.02),
  plus((place) => isLinear(place) && place.method === 'baseline', -0.04),
  plus(({ method, metric }) => method === 'thresholding' && metric === 'accuracy', -0.1),
  plus(({ method }) => method.startsWith('oversampling(level='), 0.02),
  { snapshot: ({ method }, point) => ({ ...point, train: point.train + growing(method, point) }) },
  { snapshot: ({ method }, point) => ({ ...point, test: point.test * (method === 'undersampling' ? 0.1 : 1) }) },
]

function growing(method: string, { iteration }: Snapshot): number {
  return method === 'oversampling' ? iteration / 20_000 : 0
}

/** By number: a world that lacks what the claim is about, and what its reason then asks for. */
const lacking: readonly (readonly [World, string])[] = [
  [{ datasets: ['mnist'] }, 'it needs two of MNIST, Fashion-MNIST, CIFAR-10 and ImageNet'],
  [{ profiles: ({ kind }) => kind === 'balanced' }, 'it needs imbalanced cells with oversampling and baseline'],
  [{ profiles: ({ kind }) => kind === 'linear' }, 'it needs step cells of two mus'],
  [{ profiles: (profile) => 'rho' in profile && profile.rho === 2 }, 'are more than 0.005 apart'],
  [{ datasets: ['cifar-10'] }, 'it needs MNIST with linear cells of rho 1000 or more'],
  [{ profiles: ({ kind }) => kind !== 'linear' }, 'it needs linear cells and step cells of mu 0.5'],
  [{ profiles: ({ kind }) => kind === 'balanced' }, 'it needs imbalanced cells with thresholding'],
  [{ datasets: ['cifar-10'] }, 'such as oversampling(level=0.5)'],
  [{ profiles: ({ kind }) => kind === 'balanced' }, 'it needs imbalanced cells with snapshots of oversampling'],
  [{ profiles: (profile) => !('mu' in profile) || profile.mu < 0.8 }, 'in step cells of mu 0.8 and rho 50 or more'],
]

describe.each(paper.map(({ number, title }) => [number, title]))('claim %d: %s', (number) => {
  it('is borne out where it is true', () => {
    const { verdict, tests } = paper[number - 1]!
    expect(verdict).toBe('borne out')
    expect(new Set(tests.map(({ outcome }) => outcome))).toContain('supports')
  })

  it('is contradicted where it is false', () => {
    const { verdict, tests, parts } = claim(number, { ...otherwise[number - 1]!, datasets: ['mnist'] })
    expect(verdict).toBe('contradicted')
    expect(tests.some(({ outcome }) => outcome === 'opposes')).toBe(true)
    expect(parts.join(' ')).toMatch(/^Opposed: /)
  })

  it('is undecided where runs differ much', () => {
    const { verdict, parts } = noisy[number - 1]!
    expect(verdict).toBe('undecided at this scale')
    expect(parts.join(' ')).toContain('Open: ')
  })

  it('is undecided where its cells are missing', () => {
    const [world, missing] = lacking[number - 1]!
    const { verdict, parts } = claim(number, world)
    expect(verdict).toBe('undecided at this scale')
    expect(parts.join(' ')).toContain(missing)
  })
})

describe('claimsOf', () => {
  it('tests nothing of no cells, and nothing of one replicate', () => {
    for (const evidence of [madeEvidence(), paperWorld({ replicates: 1 })]) {
      const claims = claimsOf(evidence)
      expect(claims.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      for (const { verdict, tests } of claims) {
        expect({ verdict, tests }).toEqual({ verdict: 'undecided at this scale', tests: [] })
      }
    }
  })

  it('takes whatever there is', () => {
    const world = fc.record({
      replicates: fc.integer({ min: 0, max: 3 }),
      noise: fc.constantFrom(0, 1e-4, 1),
      datasets: fc.subarray(['mnist', 'cifar-10']),
      profiles: fc.func(fc.boolean()),
    })
    fc.assert(
      fc.property(world, (some) => {
        for (const { tests, verdict } of claimsOf(paperWorld(some))) {
          const found = new Set(tests.map(({ outcome }) => outcome))
          if (verdict === 'borne out') expect([...found]).toContain('supports')
          if (verdict === 'contradicted') expect([...found]).toContain('opposes')
          for (const { p, pHolm, replicates } of tests) {
            expect(pHolm).toBeGreaterThanOrEqual(p!)
            expect(replicates).toBeGreaterThanOrEqual(2)
          }
        }
      }),
      { numRuns: 12 },
    )
  })

  it('leaves profiles that are not made from balanced classes to the rules', () => {
    const evidence = madeEvidence({
      profiles: [{ kind: 'counts', counts: [5000, 50, 50, 50, 50, 50, 50, 50, 50, 50] }],
      methods: ['baseline', 'oversampling'],
      replicates: 3,
      value: ({ method, replicate }) => (method === 'baseline' ? 0.9 : 0.8) + replicate / 1000,
    })
    expect(claimsOf(evidence).flatMap(({ tests }) => tests)).toEqual([])
  })
})

describe('claim 1', () => {
  it('finds the factor between two tasks of equal drop', () => {
    // CIFAR-10 loses at rho what MNIST loses at 100 rho, both more than balanced classes, which have a rho of 1.
    const tests = paper[0]!.tests.filter(({ metric }) => metric.startsWith('rho'))
    expect(tests.map(({ outcome }) => outcome)).toEqual(['supports', 'supports', 'supports'])
    for (const { effect } of tests) expect(Math.abs(effect - 100)).toBeLessThan(15)
  })

  it('bounds the factor where the curves share no drop', () => {
    const mild = { value: ({ dataset }: MadePlace, v: number) => (dataset === 'mnist' ? 0.99 - (0.99 - v) / 100 : v) }
    const { tests, parts } = claim(1, mild)
    expect(tests.filter(({ metric }) => metric.startsWith('rho'))).toEqual([])
    expect(parts.join(' ')).toContain(
      'At mu 0.5 cifar-10 loses more by rho 2 than mnist by rho 1000: a similar drop takes more than 500 times the imbalance on mnist.',
    )
  })

  it('compares datasets by Welch, since they share nothing', () => {
    const [test] = paper[0]!.tests.filter(({ place }) => place.startsWith('cifar-10 against mnist, drop from'))
    expect(test).toMatchObject({ test: 'Welch t', outcome: 'supports' })
    expect(test!.place).toBe('cifar-10 against mnist, drop from rho 1, mean over 3 settings')
  })
})

it('claim 2 tells its count of cells and lists them', () => {
  const { tests, parts } = paper[1]!
  expect(parts.join(' ')).toContain('Oversampling has the highest mean ROC AUC in 24 of 24 cells.')
  expect(tests.filter(({ place }) => place === 'mnist/step rho=100 mu=0.5')).toMatchObject([
    { statement: 'oversampling is above baseline', replicates: 3, outcome: 'supports' },
  ])
})

it('a mean over cells is tested over replicates, not over cells', () => {
  const shared = [0.01, 0.02, 0.03]
  const evidence = madeEvidence({
    profiles: [10, 100].map((rho) => ({ kind: 'step', rho, mu: 0.5 }) as const),
    methods: ['baseline', 'oversampling'],
    replicates: 3,
    value: ({ method, replicate }) => (method === 'baseline' ? 0.8 : 0.8 + shared[replicate]!),
  })
  const [test] = claimsOf(evidence)[1]!.tests.filter(({ place }) => place === 'mnist, mean over 2 cells')
  const t = 2 * Math.sqrt(3)
  expect(test!.p).toBeCloseTo(1 - t / Math.sqrt(t * t + 2), 9)
  expect(test!.replicates).toBe(3)
})
