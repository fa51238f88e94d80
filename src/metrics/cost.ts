/**
 * Decisions and their price when mistakes differ in cost (Elkan 2001). The costs are the user's; they are not a class weight
 * of the training loss.
 */
import { EvenkeelError } from '../base/errors.ts'
import type { Confusion } from './confusion.ts'
import type { Scores } from './scores.ts'

/** Costs [C, C] in the user's unit: `cost[i][j]` is paid when an example of class i is taken for j. */
export type CostMatrix = readonly (readonly number[])[]

/** Mean cost per example of the decisions counted in `confusion`. Errors: a cost matrix that is not [C, C] and finite. */
export function meanCost(confusion: Confusion, cost: CostMatrix): number {
  checkCost(cost, confusion.length)
  let total = 0
  let examples = 0
  for (const [i, row] of confusion.entries()) {
    for (const [j, count] of row.entries()) {
      total += count * cost[i]![j]!
      examples += count
    }
  }
  return total / examples
}

/**
 * The class of least expected cost for each row, argmin_j sum_k p_k cost[k][j] (Elkan 2001, equation 1), [N]; of equal costs
 * the lowest class wins. The rows [N, C] are probabilities under the prior of deployment; a positive factor per row changes
 * nothing. Errors: a cost matrix that is not [C, C] and finite.
 */
export function minimumCostDecisions(probabilities: Scores, cost: CostMatrix): Int32Array {
  const { values, classes } = probabilities
  checkCost(cost, classes)
  return Int32Array.from({ length: values.length / classes }, (_, n) => {
    let best = 0
    let lowest = Number.POSITIVE_INFINITY
    for (let j = 0; j < classes; j++) {
      let expected = 0
      for (let k = 0; k < classes; k++) expected += values[n * classes + k]! * cost[k]![j]!
      if (expected < lowest) {
        best = j
        lowest = expected
      }
    }
    return best
  })
}

function checkCost(cost: CostMatrix, classes: number): void {
  if (cost.length !== classes || cost.some((row) => row.length !== classes)) {
    throw new EvenkeelError(
      'metrics.cost',
      `cost must be a ${classes} x ${classes} matrix, got rows of ${cost.map((row) => row.length).join(', ')} values`,
      'cost[i][j] is paid when an example of class i is taken for j',
    )
  }
  for (const [i, row] of cost.entries()) {
    const j = row.findIndex((value) => !Number.isFinite(value))
    if (j >= 0) throw new EvenkeelError('metrics.cost', `cost[${i}][${j}] must be a finite number, got ${row[j]}`)
  }
}
