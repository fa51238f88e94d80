import { expect } from 'vitest'
import { random } from '../base/random.ts'
import {
  type CompileOptions,
  compile,
  type FloatTensor,
  floats,
  gradients,
  input,
  multiply,
  type Shape,
  size,
  sum,
} from './index.ts'

interface CheckOptions extends CompileOptions {
  readonly seed?: number
  readonly step?: number
  readonly tolerance?: number
  readonly draw?: (uniform: number) => number
}

/**
 * Checks an op's gradient rules against central differences, for tests. The loss is sum(r * f(inputs)) with random r;
 * each input is moved along random directions. Functions that are linear in each input are exact for any step, so the
 * step is large enough that float32 rounding does not drown the difference.
 */
export async function checkGradients(
  shapes: readonly Shape[],
  build: (...inputs: FloatTensor[]) => FloatTensor,
  { seed = 0, step = 0.03, tolerance = 3e-3, draw = (u: number) => 2 * u - 1, ...options }: CheckOptions = {},
): Promise<void> {
  const stream = random('gradient-check', seed)
  const drawn = (shape: Shape) => Float32Array.from({ length: size(shape) }, () => draw(stream.uniform()))
  const inputs = shapes.map((shape, i) => input(`x${i}`, 'float32', shape))
  const result = build(...inputs)
  const projection = input('r', 'float32', result.shape)
  const loss = sum(multiply(result, projection))
  const outputs = Object.fromEntries(gradients(loss, inputs).map((gradient, i) => [`d${i}`, gradient]))
  const program = await compile({ loss, ...outputs }, options)

  const points = shapes.map(drawn)
  const r = Float32Array.from({ length: size(result.shape) }, () => 2 * stream.uniform() - 1)
  const run = (values: readonly Float32Array[]) => {
    const feeds = Object.fromEntries(values.map((data, i) => [`x${i}`, floats(shapes[i]!, data)]))
    return program.run({ ...feeds, r: floats(result.shape, r) })
  }
  const analytic = await run(points)
  for (const [i, point] of points.entries()) {
    const direction = Float32Array.from(point, () => 2 * stream.uniform() - 1)
    const moved = (sign: number) =>
      points.map((p, j) => (j === i ? p.map((x, k) => x + sign * step * direction[k]!) : p))
    const [ahead, behind] = [(await run(moved(1))).loss!, (await run(moved(-1))).loss!]
    const numeric = (Number(ahead.data[0]) - Number(behind.data[0])) / (2 * step)
    const gradient = analytic[`d${i}`]!.data as Float32Array
    const exact = gradient.reduce((total, g, k) => total + g * direction[k]!, 0)
    const scale = Math.sqrt(gradient.reduce((total, g) => total + g * g, 0)) + 1
    expect(
      Math.abs(numeric - exact) / scale,
      `input ${i} of ${shapes.map((s) => `[${s}]`)}: ${exact} vs ${numeric}`,
    ).toBeLessThan(tolerance)
  }
  await program.dispose()
}
