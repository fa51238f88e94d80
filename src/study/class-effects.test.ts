import { describe, expect, it } from 'vitest'
import { mean, pairedTest, wilsonLimits } from '../stats/index.ts'
import { compare } from './compare.ts'
import { ownStudy } from './fixtures/own-study.ts'
import { openStored } from './opened.ts'

const stored = ownStudy({ gain: (method, label) => (method === 'oversampling' && label > 0 ? 2 : 0) })
const comparison = compare(stored)
const [cell] = comparison.cells
const { ledger } = openStored(stored)
const recalls = (method: string, label: number) =>
  [...ledger.entries(cell!.key, method).values()].map(({ result }) => result.test.perClass.recall[label]!)

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
    const ps = [0, 1, 2, 3].map(
      (label) => pairedTest(recalls('oversampling', label), recalls('baseline', label), 0.95, ratio).p!,
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
    // Two splits in which every image is recognised with the remedy, and half of each class without.
    const made = ownStudy({
      replicates: 2,
      methods: ['oversampling'],
      gain: (method) => (method === 'oversampling' ? 99 : 0),
    })
    const trials = made.trials.map((trial) => {
      const result = trial.result as { test: { perClass: { recall: number[] } } }
      const recall = result.test.perClass.recall.map(() => (trial.method === 'baseline' ? 0.5 : 1))
      return {
        ...trial,
        result: { ...result, test: { ...result.test, perClass: { ...result.test.perClass, recall } } },
      }
    })
    const [first] = compare({ ...made, trials }).cells[0]!.classEffects!
    expect(first!.results[1]!.contrast).toMatchObject({
      difference: 0.5,
      low: undefined,
      p: undefined,
      verdict: 'undecided',
    })
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
