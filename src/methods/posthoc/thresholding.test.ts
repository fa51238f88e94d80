import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../metrics/index.ts'
import { unchanged } from './posthoc.ts'
import { thresholding } from './thresholding.ts'

describe('thresholding', () => {
  it('divides each column by its class prior: counts 80, 15, 5', () => {
    const probabilities = Float32Array.of(0.75, 0.125, 0.125, 0.5, 0.25, 0.25)
    const scores = thresholding().apply(probabilities, [80, 15, 5])
    const expected = [0.75 / 0.8, 0.125 / 0.15, 0.125 / 0.05, 0.5 / 0.8, 0.25 / 0.15, 0.25 / 0.05]
    expect(scores).toHaveLength(6)
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo(expected[i]!, 12)
  })

  it('of equal counts scales every score alike, so no decision changes', () => {
    const scores = thresholding().apply(Float32Array.of(0.5, 0.25, 0.25), [7, 7, 7])
    for (const [i, score] of scores.entries()) expect(score).toBeCloseTo([1.5, 0.75, 0.75][i]!, 12)
  })

  it('leaves the ROC AUC of every class as it was, bit for bit', () => {
    const softmaxRow = fc
      .array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 3, maxLength: 3 })
      .map((row) => {
        const powers = row.map(Math.exp)
        const total = powers.reduce((sum, p) => sum + p, 0)
        return powers.map((p) => p / total)
      })
    const examples = fc.array(fc.tuple(softmaxRow, fc.integer({ min: 0, max: 2 })), { minLength: 3, maxLength: 40 })
    const counts = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(examples, counts, (rows, n) => {
        const labels = Uint16Array.from(rows, ([, label]) => label)
        const probabilities = Float32Array.from(rows.flatMap(([row]) => row))
        const before = evaluate(labels, { values: unchanged().apply(probabilities, n), classes: 3 })
        const after = evaluate(labels, { values: thresholding().apply(probabilities, n), classes: 3 })
        expect(after.perClass.rocAuc).toEqual(before.perClass.rocAuc)
        expect(after.perClass.averagePrecision).toEqual(before.perClass.averagePrecision)
      }),
      { numRuns: 200, seed: 20181013 },
    )
  })

  it('can turn a wrong decision into a right one', () => {
    const labels = [0, 1, 1]
    const probabilities = Float32Array.of(0.95, 0.05, 0.7, 0.3, 0.6, 0.4)
    const accuracy = (values: Float64Array) => evaluate(labels, { values, classes: 2 }).metrics.accuracy
    expect(accuracy(unchanged().apply(probabilities, [80, 20]))).toBeCloseTo(1 / 3, 12)
    expect(accuracy(thresholding().apply(probabilities, [80, 20]))).toBe(1)
  })

  it('names an empty class', () => {
    expect(() => thresholding().apply(Float32Array.of(0.5, 0.5), [3, 0])).toThrow(
      expect.objectContaining({
        code: 'posthoc.prior',
        message: 'thresholding needs examples of every class, class 1 has none',
      }),
    )
  })
})

describe('unchanged', () => {
  it('hands the probabilities on, and leaves the ones it was given', () => {
    const probabilities = Float32Array.of(0.1, 0.9)
    const scores = unchanged().apply(probabilities, [1, 1])
    expect(scores).toEqual(Float64Array.from(probabilities))
    scores[0] = 5
    expect(probabilities[0]).toBe(Math.fround(0.1))
  })
})
