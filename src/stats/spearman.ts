import { midRanks } from './ranks.ts'
import { checkPairs } from './sample.ts'

/**
 * Spearman's rank correlation (1904) of x [n] and y [n], the correlation of their mid-ranks, in [-1, 1]. Undefined when all x
 * or all y are equal. Errors: different lengths, no pairs, a number that is not finite.
 */
export function spearman(x: readonly number[], y: readonly number[]): number | undefined {
  checkPairs(x, y)
  const a = centredRanks(x)
  const b = centredRanks(y)
  const scale = Math.sqrt(dot(a, a) * dot(b, b))
  return scale === 0 ? undefined : dot(a, b) / scale
}

function centredRanks(values: readonly number[]): number[] {
  const centre = (values.length + 1) / 2
  return midRanks(values).map((rank) => rank - centre)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}
