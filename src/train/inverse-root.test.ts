import { describe, expect, it } from 'vitest'
import { random } from '../base/random.ts'
import { inverseRoot } from './inverse-root.ts'

/** A B for matrices [n, n], row by row. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, n: number): number[] {
  return Array.from({ length: n * n }, (_, at) => {
    const [row, column] = [Math.floor(at / n), at % n]
    let total = 0
    for (let k = 0; k < n; k++) total += a[row * n + k]! * b[k * n + column]!
    return total
  })
}

describe('inverseRoot', () => {
  it('is 1 over the root of one number', async () => {
    const [root] = await inverseRoot(Float64Array.of(16), 1, 16)
    expect(root).toBeCloseTo(0.25, 6)
  })

  it('of a diagonal is the diagonal of inverse roots, over six orders of magnitude', async () => {
    const root = await inverseRoot(Float64Array.of(100, 0, 0, 0, 1, 0, 0, 0, 1e-4), 3, 1e-4)
    for (const [i, expected] of [0.1, 0, 0, 0, 1, 0, 0, 0, 100].entries()) {
      expect(Math.abs(root[i]! - expected)).toBeLessThan(1e-4 * Math.max(expected, 0.01))
    }
  })

  it.each([0.1, 1e-3])('takes a full matrix to the identity from both sides: least eigenvalue %d', async (least) => {
    const n = 40
    const stream = random('inverse root')
    const factor = Float64Array.from({ length: n * n }, () => stream.normal())
    const transposed = factor.map((_, at) => factor[(at % n) * n + Math.floor(at / n)]!)
    // Of rank n / 2, so that half of the eigenvalues are the least one.
    for (let at = (n * n) / 2; at < n * n; at++) factor[at] = 0
    for (let at = 0; at < n * n; at++) if (at % n >= n / 2) transposed[at] = 0
    const matrix = Float64Array.from(product(transposed, factor, n))
    for (let i = 0; i < n; i++) matrix[i * (n + 1)]! += least
    const root = await inverseRoot(matrix, n, least)
    for (const [at, number] of product(product(root, matrix, n), root, n).entries()) {
      expect(Math.abs(number - (at % (n + 1) === 0 ? 1 : 0))).toBeLessThan(1e-5 / least)
    }
  })
})
