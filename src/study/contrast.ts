import { holm, pairedTest } from '../stats/index.ts'
import type { Contrast } from './comparison.ts'

/** Differences whose Holm-adjusted p is below this count as found. */
export const SIGNIFICANCE = 0.05

/** Differences of shares of images are not exact: those that lie no further apart are the same. */
const ROUNDING = 1e-9

type ByReplicate = ReadonlyMap<number, number | undefined>

/**
 * The paired t test over the replicates that both sides have; undefined when they share none.
 *
 * The same difference in every replicate is a coincidence of few images rather than a certainty: it has no limits, and p is 1.
 *
 * @param testToTrain how much replicates share, see `testToTrainOf`
 * @param leastError what the standard error cannot be less than
 */
export function pairUp(
  values: ByReplicate,
  reference: ByReplicate,
  testToTrain = 0,
  leastError = 0,
): Omit<Contrast, 'pHolm' | 'verdict'> | undefined {
  const pairs = [...values].flatMap(([replicate, a]) => {
    const b = reference.get(replicate)
    return a === undefined || b === undefined ? [] : [[a, b] as const]
  })
  const [first, ...more] = pairs
  if (!first) return undefined
  const unknown = { difference: first[0] - first[1], low: undefined, high: undefined, p: undefined }
  if (more.length === 0) return unknown
  if (more.every(([a, b]) => Math.abs(a - b - unknown.difference) <= ROUNDING)) {
    return { ...unknown, p: 1 }
  }
  const { difference, interval, p } = pairedTest(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
    0.95,
    testToTrain,
    leastError,
  )
  return { difference, low: interval?.lower, high: interval?.upper, p }
}

/** Adjusts a family of contrasts for their number and judges each. */
export function judged<T extends Omit<Contrast, 'pHolm' | 'verdict'>>(
  family: readonly T[],
  direction: 'higher' | 'lower',
): (T & Contrast)[] {
  const adjusted = holm(family.flatMap(({ p }) => p ?? []))
  let next = 0
  return family.map((contrast) => {
    const pHolm = contrast.p === undefined ? undefined : adjusted[next++]
    const good = contrast.difference > 0 === (direction === 'higher')
    const verdict = pHolm === undefined || pHolm >= SIGNIFICANCE ? 'undecided' : good ? 'better' : 'worse'
    return { ...contrast, pHolm, verdict }
  })
}
