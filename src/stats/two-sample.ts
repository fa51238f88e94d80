/** Two independent samples: different replicates, data sets or seeds. For results that share replicates use paired.ts. */
import { compareMeans, type MeanComparison, type RankTest } from './comparison.ts'
import { normalTwoSided } from './distributions.ts'
import { mean, standardDeviation } from './intervals.ts'
import { midRanks, tieTerm } from './ranks.ts'
import { checkFraction, checkSample } from './sample.ts'

/**
 * Welch's t test (1947) of equal means without equal variances, with an interval for the difference at `level`.
 *
 * A sample of one number gives only the difference. Two samples without any variation give no t, and p = 1 when their means
 * are equal, otherwise 0. Errors: an empty sample, a number that is not finite, a level outside (0, 1).
 */
export function welchTest(a: readonly number[], b: readonly number[], level = 0.95): MeanComparison {
  checkFraction(level, 'level')
  checkSample(a, 'a')
  checkSample(b, 'b')
  const difference = mean(a) - mean(b)
  const deviationA = standardDeviation(a)
  const deviationB = standardDeviation(b)
  if (deviationA === undefined || deviationB === undefined) return compareMeans(difference, undefined, undefined, level)

  const varianceA = deviationA ** 2 / a.length
  const varianceB = deviationB ** 2 / b.length
  const variance = varianceA + varianceB
  const degreesOfFreedom = variance ** 2 / (varianceA ** 2 / (a.length - 1) + varianceB ** 2 / (b.length - 1))
  return compareMeans(difference, Math.sqrt(variance), variance === 0 ? undefined : degreesOfFreedom, level)
}

/**
 * Mann-Whitney U test (1947) that neither sample tends to larger values. The statistic is U of a: the pairs in which a is
 * larger, ties counting one half; U / (|a| |b|) is the probability of superiority.
 *
 * Exact without ties when a sample has at most 8 numbers, otherwise normal with tie and continuity correction (as SciPy 1.10).
 * All numbers equal: p = 1. Errors: an empty sample, a number that is not finite.
 */
export function mannWhitneyTest(a: readonly number[], b: readonly number[]): RankTest {
  checkSample(a, 'a')
  checkSample(b, 'b')
  const pooled = [...a, ...b]
  const rankSum = midRanks(pooled)
    .slice(0, a.length)
    .reduce((sum, rank) => sum + rank, 0)
  const statistic = rankSum - (a.length * (a.length + 1)) / 2
  const smaller = Math.min(statistic, a.length * b.length - statistic)
  const ties = tieTerm(pooled)

  if (ties === 0 && Math.min(a.length, b.length) <= 8) {
    return { statistic, p: Math.min(1, 2 * mannWhitneyLower(smaller, a.length, b.length)), method: 'exact' }
  }
  const n = pooled.length
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)))
  const distance = (a.length * b.length) / 2 - smaller - 0.5
  const p = variance === 0 || distance <= 0 ? 1 : normalTwoSided(distance / Math.sqrt(variance))
  return { statistic, p, method: 'normal' }
}

/**
 * P(U <= u) when all orders of m + n distinct numbers are equally likely. The number of orders with U = u is the coefficient
 * of q^u in the Gaussian binomial (m + n choose m), the product over i = 1 .. m of (1 - q^(n+i)) / (1 - q^i).
 */
function mannWhitneyLower(u: number, m: number, n: number): number {
  if (m > n) return mannWhitneyLower(u, n, m)
  const counts = new Float64Array(u + 1)
  counts[0] = 1
  let orders = 1
  for (let i = 1; i <= m; i++) {
    for (let k = u; k >= n + i; k--) counts[k]! -= counts[k - n - i]!
    for (let k = i; k <= u; k++) counts[k]! += counts[k - i]!
    orders *= (n + i) / i
  }
  return counts.reduce((sum, count) => sum + count, 0) / orders
}
