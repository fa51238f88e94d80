import { compile, floats, input, matmul, multiply, release, subtract, type Value } from '../engine/index.ts'

/**
 * The inverse square root of a symmetric positive definite matrix A [n, n] by products of matrices alone, which is much faster here
 * than eigenvectors are. The coupled Newton-Schulz iteration (Higham 2008, Functions of Matrices, equation 6.35) takes Y from
 * A and Z from I to the root and its inverse,
 *
 *     Y' = Y T,  Z' = T Z,  T = a (3 I - a^2 Z Y) / 2,
 *
 * where a = 1 is the plain iteration. Its factor is Chen and Chow's (2014, A stable scaling of Newton-Schulz): for eigenvalues of
 * the root in [l, 1] it is a^2 = 3 / (1 + l + l^2), which takes both ends to l' = a l (3 - a^2 l^2) / 2 and so halves the number of
 * steps. How many those are follows from l alone.
 *
 * @param matrix row by row
 * @param least lower bound of the eigenvalues, > 0; the result's relative error is about 1e-7 times the largest of them over this
 */
export async function inverseRoot(matrix: Float64Array, n: number, least: number): Promise<Float32Array> {
  const norm = Math.sqrt(matrix.reduce((total, number) => total + number * number, 0))
  const [y, z] = [input('y', 'float32', [n, n]), input('z', 'float32', [n, n])]
  const [linear, cubic] = [input('linear', 'float32', []), input('cubic', 'float32', [])]
  const product = matmul(z, y)
  const program = await compile({
    y: subtract(multiply(y, linear), multiply(matmul(y, product), cubic)),
    z: subtract(multiply(z, linear), multiply(matmul(product, z), cubic)),
  })

  const identity = new Float32Array(n * n)
  for (let i = 0; i < n; i++) identity[i * (n + 1)] = 1
  let state: Record<string, Value> = {
    y: floats([n, n], new Float32Array(matrix.map((number) => number / norm))),
    z: floats([n, n], identity),
  }
  let l = Math.sqrt(least / norm)
  while (1 - l > 2 ** -24) {
    const a = Math.sqrt(3 / (1 + l + l * l))
    const next = await program.run({ ...state, linear: floats([], 1.5 * a), cubic: floats([], 0.5 * a ** 3) })
    release(Object.values(state))
    state = next
    l *= 0.5 * a * (3 - (a * l) ** 2)
  }
  await program.dispose()
  return (state.z!.data as Float32Array).map((number) => number / Math.sqrt(norm))
}
