/**
 * Several methods over several data sets (Demsar 2006, JMLR 7:1-30, section 3.2.2): the Friedman test asks whether any differ,
 * Nemenyi's critical difference which.
 */
import { EvenkeelError } from '../base/errors.ts'
import { chiSquareUpper, studentizedRangeQuantile } from './distributions.ts'
import { midRanks, tieTerm } from './ranks.ts'
import { checkFraction, checkSample } from './sample.ts'

export interface FriedmanTest {
  /** Mean rank of each method, 1 = best, ties sharing the mean of their ranks; in 1 .. k. */
  readonly meanRanks: readonly number[]
  /** Corrected for ties; undefined when every block ties all methods. */
  readonly chiSquare: number | undefined
  readonly degreesOfFreedom: number
  /** By the chi-square approximation, good from about 10 blocks or 5 methods on; 1 when every block ties all methods. */
  readonly p: number
}

/**
 * Friedman test (1937) of k methods on n blocks (data sets or replicates): `scores` [n, k], and which way is better.
 * Errors: no blocks, fewer than 2 methods, rows of different lengths, a number that is not finite.
 */
export function friedmanTest(scores: readonly (readonly number[])[], better: 'higher' | 'lower'): FriedmanTest {
  const n = scores.length
  if (n === 0) throw new EvenkeelError('stats.empty', 'scores must hold at least one block, got none')
  const k = scores[0]!.length
  checkMethods(k)
  for (const [i, row] of scores.entries()) {
    if (row.length !== k) {
      throw new EvenkeelError('stats.shape', `scores[${i}] must hold ${k} methods as scores[0] does, got ${row.length}`)
    }
    checkSample(row, `scores[${i}]`)
  }

  const sign = better === 'higher' ? -1 : 1
  const ranks = scores.map((row) => midRanks(row.map((score) => sign * score)))
  const meanRanks = Array.from({ length: k }, (_, j) => ranks.reduce((sum, row) => sum + row[j]!, 0) / n)
  const degreesOfFreedom = k - 1
  const correction = 1 - scores.reduce((sum, row) => sum + tieTerm(row), 0) / (n * (k ** 3 - k))
  if (correction === 0) return { meanRanks, chiSquare: undefined, degreesOfFreedom, p: 1 }

  const spread = meanRanks.reduce((sum, rank) => sum + (rank - (k + 1) / 2) ** 2, 0)
  const chiSquare = ((12 * n) / (k * (k + 1))) * (spread / correction)
  return { meanRanks, chiSquare, degreesOfFreedom, p: chiSquareUpper(chiSquare, degreesOfFreedom) }
}

/**
 * Nemenyi's critical difference (1963): two of k methods differ at level alpha when their mean ranks over n blocks differ by
 * more than q sqrt(k (k + 1) / (6 n)), q being the studentized range over sqrt(2) (Demsar 2006, table 5a).
 * Errors: fewer than 2 methods, blocks not a positive integer, alpha outside (0, 1).
 */
export function nemenyiCriticalDifference(methods: number, blocks: number, alpha = 0.05): number {
  checkMethods(methods)
  checkFraction(alpha, 'alpha')
  if (!Number.isInteger(blocks) || blocks < 1) {
    throw new EvenkeelError('stats.blocks', `blocks must be a positive integer, got ${blocks}`)
  }
  const q = studentizedRangeQuantile(1 - alpha, methods) / Math.SQRT2
  return q * Math.sqrt((methods * (methods + 1)) / (6 * blocks))
}

function checkMethods(methods: number): void {
  if (!Number.isInteger(methods) || methods < 2) {
    throw new EvenkeelError('stats.methods', `methods must be an integer >= 2, got ${methods}`)
  }
}
