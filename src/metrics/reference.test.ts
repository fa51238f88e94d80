import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { confusionMatrix } from './confusion.ts'
import { type CostMatrix, meanCost, minimumCostDecisions } from './cost.ts'
import { evaluate } from './evaluate.ts'
import { rocAucOneVsOne, sortScores } from './ranking.ts'
import type { MetricId } from './registry.ts'
import { argmax } from './scores.ts'

interface ReferenceCase {
  readonly name: string
  readonly classes: number
  readonly labels: number[]
  readonly probabilities: number[][]
  readonly expected: {
    readonly rocAucPerClass: number[]
    readonly rocAucMacroOvR: number
    readonly rocAucMacroOvO?: number
    readonly averagePrecisionPerClass: number[]
    readonly accuracy: number
    readonly sensitivityMacro: number
    readonly specificityMacro: number
    readonly f1PerClass: number[]
    readonly f1Macro: number
    readonly f1Weighted: number
    readonly recallPerClass: number[]
    readonly precisionPerClass: number[]
    readonly confusion: number[][]
    readonly mcc: number
    readonly cohenKappa: number
    readonly geometricMean: number
    readonly logLoss: number
    readonly brierMulticlass: number
    readonly ece15: number
    readonly costMatrix: CostMatrix
    readonly meanCost: number
    readonly bayesMinCostPrediction: number[]
  }
}

const file = new URL('../../../shared/reference/metrics.json', import.meta.url)
const available = existsSync(file)
const cases: ReferenceCase[] = available ? JSON.parse(readFileSync(file, 'utf8')).cases : []

function expectNear(actual: readonly (number | undefined)[], expected: readonly number[]) {
  expect(actual).toHaveLength(expected.length)
  for (const [k, value] of expected.entries()) expect(Math.abs(actual[k]! - value)).toBeLessThan(1e-9)
}

describe.skipIf(!available)('agrees with scikit-learn 1.2.1 (needs the shared reference numbers)', () => {
  it.each(cases)('$name', ({ labels, classes, probabilities, expected }) => {
    const scores = { values: Float64Array.from(probabilities.flat()), classes }
    const { metrics, perClass, confusion, undefinedClasses } = evaluate(labels, scores, { cost: expected.costMatrix })

    expect(confusion).toEqual(expected.confusion)
    expect(undefinedClasses).toEqual([])
    expectNear(perClass.rocAuc, expected.rocAucPerClass)
    expectNear(perClass.averagePrecision, expected.averagePrecisionPerClass)
    expectNear(perClass.recall, expected.recallPerClass)
    expectNear(perClass.precision, expected.precisionPerClass)
    expectNear(perClass.f1, expected.f1PerClass)
    const scalars: Partial<Record<MetricId, number>> = {
      rocAuc: expected.rocAucMacroOvR,
      averagePrecision: expected.averagePrecisionPerClass.reduce((sum, value) => sum + value, 0) / classes,
      accuracy: expected.accuracy,
      balancedAccuracy: expected.sensitivityMacro,
      specificityMacro: expected.specificityMacro,
      f1Macro: expected.f1Macro,
      f1Weighted: expected.f1Weighted,
      matthewsCorrelation: expected.mcc,
      cohenKappa: expected.cohenKappa,
      geometricMean: expected.geometricMean,
      logLoss: expected.logLoss,
      brier: expected.brierMulticlass,
      expectedCalibrationError: expected.ece15,
      meanCost: expected.meanCost,
    }
    for (const [id, value] of Object.entries(scalars)) {
      expect(Math.abs(metrics[id as MetricId]! - value), id).toBeLessThan(1e-9)
    }

    // Its one-vs-one area was taken after dividing each row by its sum, where rounding breaks ties; the others before.
    const divided = probabilities.flatMap((row) => row.map((p) => p / row.reduce((sum, value) => sum + value, 0)))
    const oneVsOne = rocAucOneVsOne(sortScores(labels, { values: divided, classes }))!
    if (classes > 2) expect(Math.abs(oneVsOne - expected.rocAucMacroOvO!)).toBeLessThan(1e-9)

    const decisions = minimumCostDecisions(scores, expected.costMatrix)
    expect([...decisions]).toEqual(expected.bayesMinCostPrediction)
    expect(metrics.minimumCost).toBe(meanCost(confusionMatrix(labels, decisions, classes), expected.costMatrix))
    expect(confusionMatrix(labels, argmax(scores), classes)).toEqual(expected.confusion)
  })
})
