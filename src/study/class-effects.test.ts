import { describe, expect, it } from 'vitest'
import type { SplitOptions } from '../data/index.ts'
import { mean, pairedTest, wilsonLimits } from '../stats/index.ts'
import { compare } from './compare.ts'
import { ownStudy } from './fixtures/own-study.ts'
import { openStored } from './opened.ts'
import type { TrialResult } from './result.ts'
import type { StudySetup } from './setup.ts'

const stored = ownStudy({ gain: (method, label) => (method === 'oversampling' && label > 0 ? 2 : 0) })
const comparison = compare(stored)
const [cell] = comparison.cells
const { ledger } = openStored(stored)
const recalls = (method: string, label: number) =>
  [...ledger.entries(cell!.key, method).values()].map(({ result }) => result.test.perClass.recall[label]!)

/** Of a study in which every class (of those that change) has the given recalls, by replicate. */
function effectsOf(
  before: readonly number[],
  after: readonly number[],
  changes: (label: number) => boolean = () => true,
  split: Partial<SplitOptions> = {},
  testUnits?: readonly number[],
) {
  const made = ownStudy({ replicates: before.length, methods: ['oversampling'] })
  const trials = made.trials.map((trial) => {
    const result = trial.result as TrialResult
    const recall = result.test.perClass.recall.map(
      (_, label) => (trial.method === 'oversampling' && changes(label) ? after : before)[trial.replicate]!,
    )
    return { ...trial, result: { ...result, test: { ...result.test, perClass: { ...result.test.perClass, recall } } } }
  })
  const { config, datasets } = made.study.config as StudySetup
  const [dataset] = datasets
  const changed = { ...dataset!, split: { ...dataset!.split, ...split }, ...(testUnits && { testUnits }) }
  const study = { ...made.study, config: { config, datasets: [changed] } }
  return compare({ ...made, study, trials }).cells[0]!.classEffects!
}

describe('classEffects', () => {
  const [neutrophil, , lymphocyte, monocyte, basophil] = cell!.classEffects!

  it('counts the images of each class, most frequent first', () => {
    expect(cell!.classEffects!.map(({ name }) => name)).toEqual([
      'neutrophil',
      'eosinophil',
      'lymphocyte',
      'monocyte',
      'basophil',
    ])
    // 30 % of 33 are tested, 15 % choose.
    expect(lymphocyte).toMatchObject({
      images: 33,
      trainingImages: 18,
      testImages: 10,
      isFrequent: false,
      sayable: true,
    })
    expect(neutrophil!.isFrequent).toBe(true)
    expect(neutrophil!.results.map(({ method }) => method)).toEqual(comparison.methods.map(({ id }) => id))
  })

  it('gives the recall with the limits that the test images of one split allow', () => {
    const recall = mean(recalls('baseline', 2))
    const { lower, upper } = wilsonLimits(recall, 10)
    expect(lymphocyte!.results[0]).toMatchObject({ tested: 50, recall: { mean: recall, low: lower, high: upper } })
    expect(lymphocyte!.results[0]!.recognised).toBe(Math.round(50 * recall))
    expect(lymphocyte!.results[0]!.contrast).toBeUndefined()
  })

  it('pairs with the baseline, widened for what splits share, and adjusts over the classes of the method', () => {
    const ratio = cell!.testToTrain!
    expect(ratio).toBeCloseTo((62 + 26 + 10 + 6 + 1) / (112 + 48 + 18 + 11 + 1), 12)
    // Each class by what splits share of its own images, and no surer than one of its test images allows.
    const ratios = [62 / 112, 26 / 48, 10 / 18, 6 / 11]
    const ps = [62, 26, 10, 6].map(
      (count, label) =>
        pairedTest(recalls('oversampling', label), recalls('baseline', label), 0.95, ratios[label], 1 / count).p!,
    )
    const { contrast } = lymphocyte!.results[1]!
    expect(contrast!.p).toBeCloseTo(ps[2]!, 14)
    // Holm's step for the smallest of four, were it the smallest.
    const smaller = ps.filter((p) => p < ps[2]!).length
    expect(contrast!.pHolm).toBeGreaterThanOrEqual((4 - smaller) * ps[2]! - 1e-12)
    expect(contrast!.pHolm).toBeLessThanOrEqual(4 * ps[2]!)
  })

  it('says of a class with too few test images only how often it was recognised', () => {
    expect(monocyte).toMatchObject({ testImages: 6, sayable: true })
    expect(basophil).toMatchObject({
      images: 3,
      testImages: 1,
      sayable: false,
      reason: 'fewer than 5 of its images are tested in a split',
    })
    for (const result of basophil!.results) {
      expect(result).toMatchObject({ tested: 5, recall: undefined, contrast: undefined })
    }
  })

  it('takes the same difference in every split for no certainty', () => {
    // Every image is recognised with the remedy, and half of each class without.
    const [first] = effectsOf([0.5, 0.5], [1, 1])
    expect(first!.results[1]!.contrast).toMatchObject({
      difference: 0.5,
      low: undefined,
      p: 1,
      verdict: 'undecided',
    })
  })

  it('nor where it is the same but for rounding, and counts such classes among those that are looked at', () => {
    // 4 / 5 - 3 / 5 and 2 / 5 - 1 / 5 differ in the last bit.
    for (const { results, sayable } of effectsOf([2 / 5, 3 / 5, 1 / 5], [3 / 5, 4 / 5, 2 / 5])) {
      if (sayable) expect(results[1]!.contrast).toMatchObject({ low: undefined, p: 1, pHolm: 1, verdict: 'undecided' })
    }
    const [large] = effectsOf([0.5, 0.5, 0.5], [0.9, 0.9, 0.905], (label) => label === 0)
    const { p, pHolm } = large!.results[1]!.contrast!
    expect(pHolm).toBeCloseTo(4 * p!, 12)
  })

  it('takes no class for surer than one of its test images allows', () => {
    const small = effectsOf([0.2, 0.2, 0.2], [0.4, 0.4, 0.401])[3]!
    const { low, high, verdict } = small.results[1]!.contrast!
    // t(0.975, 2) = 4.302653 over 6 test images
    expect(high! - low!).toBeCloseTo((2 * 4.302653) / 6, 5)
    expect(verdict).toBe('undecided')
  })

  it('finds nothing for official test images whose limits before and after hold both recalls', () => {
    const verdicts = (after: number[]) =>
      effectsOf([0.5, 0.5, 0.5], after, () => true, { test: 'official' }).map(
        ({ results }) => results[1]!.contrast?.verdict,
      )
    // 62 images: 0.5 has the limits 0.38 and 0.62.
    expect(verdicts([0.6, 0.6, 0.601])[0]).toBe('undecided')
    expect(verdicts([0.8, 0.8, 0.801])[0]).toBe('better')
  })

  it('counts what is different on the test images, of which one may be on many', () => {
    const [first, second] = effectsOf([0.5, 0.5], [0.6, 0.7], () => true, {}, [1, 8, 10, 6, 1])
    expect(first).toMatchObject({
      testImages: 62,
      testUnits: 1,
      sayable: false,
      reason: 'fewer than 5 different things are on its images that are tested in a split',
    })
    const { lower, upper } = wilsonLimits(0.5, 8)
    expect(second).toMatchObject({ testUnits: 8, results: [{ recall: { low: lower, high: upper } }, {}] })
  })

  it('belongs to natural profiles, once a trial has finished', () => {
    expect(compare({ ...stored, trials: [] }).cells[0]).not.toHaveProperty('classEffects')
    expect(comparison.notes[0]).toContain('split the same images')
  })
})

it('a mean over splits of one set has a wider interval, and one replicate none', () => {
  const { mean: centre, sd, low, high, n } = cell!.results[0]!.metrics.accuracy!
  // t(0.975, 4) = 2.776445
  expect(n).toBe(5)
  expect(high! - centre).toBeCloseTo(2.776445 * sd! * Math.sqrt(1 / 5 + cell!.testToTrain!), 6)
  expect(centre - low!).toBeCloseTo(high! - centre, 12)
  const [single] = compare(ownStudy({ replicates: 1, methods: ['oversampling'] })).cells
  expect(single!.results[0]!.metrics.accuracy).toMatchObject({ low: undefined, high: undefined, n: 1 })
})
