import { EvenkeelError } from '../base/errors.ts'

/**
 * Holm's step-down adjustment (1979): p values [m] in the given order, each to be compared with the family's error rate,
 * whatever the dependence between tests. The i-th smallest becomes max over j <= i of min(1, (m - j + 1) p_j).
 * Errors: a p outside [0, 1].
 */
export function holm(pValues: readonly number[]): number[] {
  for (const [i, p] of pValues.entries()) {
    if (!(p >= 0 && p <= 1)) throw new EvenkeelError('stats.p', `p[${i}] must be in [0, 1], got ${p}`)
  }
  const adjusted = new Array<number>(pValues.length)
  let largest = 0
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!)
  for (const [smaller, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - smaller) * pValues[i]!))
    adjusted[i] = largest
  }
  return adjusted
}
