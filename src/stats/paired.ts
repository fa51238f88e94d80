/** Two samples whose i-th numbers belong together: two methods on the same replicate. */
import { EvenkeelError } from '../base/errors.ts'
import { compareMeans, type MeanComparison, type RankTest } from './comparison.ts'
import { normalTwoSided } from './distributions.ts'
import { mean, meanStandardError } from './intervals.ts'
import { midRanks, tieTerm } from './ranks.ts'
import { checkFraction, checkPairs } from './sample.ts'

/**
 * Student's t test of a mean difference a - b of 0, with its interval at `level`. Pairs from random splits of one set need the
 * `testToTrain` of `meanStandardError`, which makes it the corrected resampled t test. The standard error is taken to be at least
 * `leastError`: what the measuring itself is known to leave open, however little the pairs happen to vary.
 *
 * One pair gives only the difference. Differences that are all equal give no t without a `leastError`, and p = 1 when they are 0,
 * otherwise 0.
 * Errors: different lengths, no pairs, a number that is not finite, a level outside (0, 1), a negative `testToTrain` or `leastError`.
 */
export function pairedTest(
  a: readonly number[],
  b: readonly number[],
  level = 0.95,
  testToTrain = 0,
  leastError = 0,
): MeanComparison {
  checkFraction(level, 'level')
  if (!(leastError >= 0 && Number.isFinite(leastError))) {
    throw new EvenkeelError('stats.error', `leastError must be a number >= 0, got ${leastError}`)
  }
  const differences = pairedDifferences(a, b)
  const estimate = meanStandardError(differences, testToTrain)
  const standardError = estimate === undefined ? undefined : Math.max(estimate, leastError)
  const degreesOfFreedom = standardError === undefined ? undefined : differences.length - 1
  return compareMeans(mean(differences), standardError, degreesOfFreedom, level)
}

/**
 * Wilcoxon's signed-rank test (1945) that differences a - b are symmetric about 0. The statistic is the smaller of the rank
 * sums of positive and negative differences.
 *
 * Zero differences are dropped; when all are zero, the statistic is 0 and p = 1. Exact for at most 25 pairs without zeros and
 * ties, otherwise normal with tie correction and without continuity correction, which is too bold below about ten pairs.
 * Errors: as `pairedTest`.
 */
export function wilcoxonTest(a: readonly number[], b: readonly number[]): RankTest {
  const differences = pairedDifferences(a, b)
  const nonZero = differences.filter((difference) => difference !== 0)
  const n = nonZero.length
  if (n === 0) return { statistic: 0, p: 1, method: 'exact' }

  const sizes = nonZero.map(Math.abs)
  const ranks = midRanks(sizes)
  const total = (n * (n + 1)) / 2
  const positive = ranks.reduce((sum, rank, i) => sum + (nonZero[i]! > 0 ? rank : 0), 0)
  const statistic = Math.min(positive, total - positive)
  const ties = tieTerm(sizes)

  if (ties === 0 && n === differences.length && n <= 25) {
    return { statistic, p: Math.min(1, 2 * signedRankLower(statistic, n)), method: 'exact' }
  }
  const variance = (n * (n + 1) * (2 * n + 1) - ties / 2) / 24
  return { statistic, p: normalTwoSided((statistic - total / 2) / Math.sqrt(variance)), method: 'normal' }
}

/** P(W <= w) when each of the ranks 1 .. n is positive or negative with equal chance. */
function signedRankLower(w: number, n: number): number {
  const counts = new Float64Array(w + 1)
  counts[0] = 1
  for (let rank = 1; rank <= n; rank++) {
    for (let k = w; k >= rank; k--) counts[k]! += counts[k - rank]!
  }
  return counts.reduce((sum, count) => sum + count, 0) / 2 ** n
}

function pairedDifferences(a: readonly number[], b: readonly number[]): number[] {
  checkPairs(a, b)
  return a.map((value, i) => value - b[i]!)
}
