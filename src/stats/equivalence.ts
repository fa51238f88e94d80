/**
 * Equivalence by two one-sided tests (Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657-680): a small p says that the
 * difference lies between -margin and margin, where a large p of a test of difference says nothing.
 */
import { EvenkeelError } from '../base/errors.ts'
import { type MeanComparison, oneSidedP } from './comparison.ts'
import type { Interval } from './intervals.ts'
import { pairedTest } from './paired.ts'
import { checkPairs } from './sample.ts'
import { welchTest } from './two-sample.ts'

export interface EquivalenceTest {
  /** Mean of a minus mean of b. */
  readonly difference: number
  /** For the difference, at 2 level - 1: it lies within the margins exactly when p < 1 - level. Undefined with p. */
  readonly interval: Interval | undefined
  readonly degreesOfFreedom: number | undefined
  /** The larger of the two one-sided p; undefined where a sample is too small to vary. */
  readonly p: number | undefined
}

/**
 * Student's paired tests that the mean of a - b is above -margin and below margin, in the unit of a and b. The default level
 * of 0.95 comes with a 90 % interval.
 *
 * One pair gives only the difference. Differences that are all equal give p = 0 strictly within the margins, otherwise 1.
 * Errors: as `pairedTest`; a margin that is not a positive number, a level outside (0.5, 1).
 */
export function equivalenceTest(
  a: readonly number[],
  b: readonly number[],
  margin: number,
  level = 0.95,
): EquivalenceTest {
  checkPairs(a, b)
  const differences = a.map((value, i) => value - b[i]!)
  const against = (bound: number, at: number) =>
    pairedTest(
      differences,
      differences.map(() => bound),
      at,
    )
  return twoOneSided(against, margin, level)
}

/** The same for two independent samples, by Welch's tests. Errors: as `welchTest` and `equivalenceTest`. */
export function welchEquivalenceTest(
  a: readonly number[],
  b: readonly number[],
  margin: number,
  level = 0.95,
): EquivalenceTest {
  const against = (bound: number, at: number) =>
    welchTest(
      a.map((value) => value - bound),
      b,
      at,
    )
  return twoOneSided(against, margin, level)
}

/** `against` compares the difference with a bound. */
function twoOneSided(
  against: (bound: number, level: number) => MeanComparison,
  margin: number,
  level: number,
): EquivalenceTest {
  if (!(margin > 0 && Number.isFinite(margin))) {
    throw new EvenkeelError('stats.margin', `margin must be a positive number, got ${margin}`)
  }
  if (!(level > 0.5 && level < 1)) {
    throw new EvenkeelError('stats.fraction', `level of an equivalence test must be between 0.5 and 1, got ${level}`)
  }
  const intervalLevel = 2 * level - 1
  const { difference, interval, degreesOfFreedom } = against(0, intervalLevel)
  const above = oneSidedP(against(-margin, intervalLevel), 'above')
  const below = oneSidedP(against(margin, intervalLevel), 'below')
  const p = above === undefined || below === undefined ? undefined : Math.max(above, below)
  return { difference, interval, degreesOfFreedom, p }
}
