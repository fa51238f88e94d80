import { describe, expect, it } from 'vitest'
import {
  accuracy,
  balancedAccuracy,
  cohenKappa,
  confusionMatrix,
  f1,
  f1Weighted,
  geometricMean,
  matthewsCorrelation,
  precision,
  recall,
  specificity,
  support,
} from './confusion.ts'

describe('confusionMatrix', () => {
  it('puts true classes in rows', () => {
    expect(confusionMatrix([0, 0, 1, 2], [0, 1, 1, 0], 3)).toEqual([
      [1, 1, 0],
      [0, 1, 0],
      [1, 0, 0],
    ])
  })

  it('refuses predictions of another length or class', () => {
    expect(() => confusionMatrix([0, 1], [0], 2)).toThrow('predictions must be as many as labels (2), got 1')
    expect(() => confusionMatrix([0, 1], [0, 1.5], 2)).toThrow('predictions[1] must be an integer in 0 .. 1, got 1.5')
  })
})

describe('measures of two classes, by hand', () => {
  // TN = 90, FP = 5, FN = 2, TP = 3 for class 1
  const confusion = [
    [90, 5],
    [2, 3],
  ]

  it('per class', () => {
    expect(support(confusion)).toEqual([95, 5])
    expect(recall(confusion)).toEqual([90 / 95, 0.6])
    expect(precision(confusion)).toEqual([90 / 92, 0.375])
    expect(f1(confusion)).toEqual([180 / 187, 6 / 13])
    expect(specificity(confusion)).toEqual([0.6, 90 / 95])
  })

  it('overall', () => {
    expect(accuracy(confusion)).toBe(0.93)
    expect(balancedAccuracy(confusion)).toBeCloseTo((90 / 95 + 0.6) / 2, 15)
    expect(geometricMean(confusion)).toBeCloseTo(Math.sqrt((90 / 95) * 0.6), 15)
    expect(f1Weighted(confusion)).toBeCloseTo((95 * (180 / 187) + 5 * (6 / 13)) / 100, 15)
    expect(matthewsCorrelation(confusion)).toBeCloseTo((90 * 3 - 5 * 2) / Math.sqrt(8 * 5 * 95 * 92), 15)
    const byChance = (95 * 92 + 5 * 8) / 10_000
    expect(cohenKappa(confusion)).toBeCloseTo((0.93 - byChance) / (1 - byChance), 14)
  })
})

describe('where 0 / 0 arises', () => {
  it('a class without examples has no recall; predicted, it has precision and F1 of 0', () => {
    const confusion = confusionMatrix([0, 0, 1], [0, 2, 1], 3)
    expect(recall(confusion)).toEqual([0.5, 1, undefined])
    expect(precision(confusion)).toEqual([1, 1, 0])
    expect(f1(confusion)).toEqual([2 / 3, 1, 0])
    expect(balancedAccuracy(confusion)).toBe(0.75)
    expect(geometricMean(confusion)).toBeCloseTo(Math.SQRT1_2, 15)
  })

  it('a class that neither occurs nor is predicted is left out', () => {
    const confusion = confusionMatrix([0, 1], [0, 1], 3)
    expect(precision(confusion)).toEqual([1, 1, undefined])
    expect(f1(confusion)).toEqual([1, 1, undefined])
    expect(f1Weighted(confusion)).toBe(1)
  })

  it('a class never predicted has precision 0, and the geometric mean is 0', () => {
    const confusion = confusionMatrix([0, 0, 1], [0, 0, 0], 2)
    expect(precision(confusion)).toEqual([2 / 3, 0])
    expect(geometricMean(confusion)).toBe(0)
    expect(matthewsCorrelation(confusion)).toBe(0)
    expect(cohenKappa(confusion)).toBe(0)
  })

  it('one class alone has no specificity and no kappa', () => {
    const confusion = confusionMatrix([1, 1], [1, 1], 2)
    expect(specificity(confusion)).toEqual([1, undefined])
    expect(cohenKappa(confusion)).toBeUndefined()
    expect(matthewsCorrelation(confusion)).toBe(0)
  })
})
