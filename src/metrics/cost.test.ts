import { describe, expect, it } from 'vitest'
import { meanCost, minimumCostDecisions } from './cost.ts'

/** Missing class 1 costs nine times a false alarm, so the threshold on p_1 is 1 / (1 + 9). */
const cost = [
  [0, 1],
  [9, 0],
]

describe('minimumCostDecisions', () => {
  it('moves the binary threshold to C_FP / (C_FP + C_FN)', () => {
    const values = [0.95, 0.05, 0.901, 0.099, 0.899, 0.101, 0.1, 0.9]
    expect([...minimumCostDecisions({ values, classes: 2 }, cost)]).toEqual([0, 0, 1, 1])
  })

  it('gives equal costs to the lowest class, and ignores the scale of a row', () => {
    expect([...minimumCostDecisions({ values: [9, 1, 18, 2.5], classes: 2 }, cost)]).toEqual([0, 1])
  })
})

describe('meanCost', () => {
  it('weighs the counts by hand', () => {
    const confusion = [
      [6, 2],
      [1, 1],
    ]
    expect(meanCost(confusion, cost)).toBe((2 * 1 + 1 * 9) / 10)
  })

  it('refuses a matrix that does not fit', () => {
    expect(() => meanCost([[1]], cost)).toThrow('cost must be a 1 x 1 matrix, got rows of 2, 2 values')
    expect(() => minimumCostDecisions({ values: [0.5, 0.5], classes: 2 }, [[0], [1, 0]])).toThrow('rows of 1, 2 values')
    const infinite = [
      [0, 1],
      [Number.POSITIVE_INFINITY, 0],
    ]
    expect(() => meanCost(cost, infinite)).toThrow('cost[1][0] must be a finite number, got Infinity')
  })
})
