/** What a comparison of two samples says, whichever test made it. */
import { studentTwoSided } from './distributions.ts'
import { type Interval, studentInterval } from './intervals.ts'

/** A comparison of means by Student's t, with the effect and how sure it is. */
export interface MeanComparison {
  /** Mean of a minus mean of b. */
  readonly difference: number
  /** For the difference; undefined where a sample is too small to vary. To show equivalence, ask whether it lies within bounds. */
  readonly interval: Interval | undefined
  /** Undefined where it would be infinite or 0 / 0. */
  readonly t: number | undefined
  readonly degreesOfFreedom: number | undefined
  /** Two-sided; undefined with the interval. */
  readonly p: number | undefined
}

export interface RankTest {
  readonly statistic: number
  /** Two-sided. */
  readonly p: number
  /** Whether p counts all arrangements or approximates their distribution by a normal one. */
  readonly method: 'exact' | 'normal'
}

/**
 * The comparison that a difference and its standard error make; a standard error of undefined is one that is not known.
 * Its degrees of freedom may be undefined when it is 0.
 */
export function compareMeans(
  difference: number,
  standardError: number | undefined,
  degreesOfFreedom: number | undefined,
  level: number,
): MeanComparison {
  if (standardError === undefined) {
    return { difference, interval: undefined, t: undefined, degreesOfFreedom, p: undefined }
  }
  if (standardError === 0 || degreesOfFreedom === undefined) {
    const interval = { lower: difference, upper: difference }
    return { difference, interval, t: undefined, degreesOfFreedom, p: difference === 0 ? 1 : 0 }
  }
  const t = difference / standardError
  return {
    difference,
    interval: studentInterval(difference, standardError, degreesOfFreedom, level),
    t,
    degreesOfFreedom,
    p: studentTwoSided(t, degreesOfFreedom),
  }
}

/**
 * The p of a comparison for the one-sided alternative that the difference is above or below 0; undefined where the two-sided one
 * is. Without variation it is 0 for a difference on the alternative's side, otherwise 1.
 */
export function oneSidedP({ difference, t, p }: MeanComparison, alternative: 'above' | 'below'): number | undefined {
  if (p === undefined) return undefined
  const towards = alternative === 'above' ? difference : -difference
  if (t === undefined) return towards > 0 ? 0 : 1
  return towards > 0 ? p / 2 : 1 - p / 2
}
