import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../base/random.ts'
import { add, compile, divide, floats, input, multiply, type Shape, size, subtract } from '../index.ts'

/** An element of a tensor of `shape` where a broadcast result has its element at `position`. */
function elementAt(data: Float32Array, shape: Shape, position: readonly number[]): number {
  const offset = position.length - shape.length
  const index = shape.reduce((sum, n, axis) => sum * n + (n === 1 ? 0 : position[offset + axis]!), 0)
  return data[index]!
}

/** Every position of a tensor, in row-major order. */
function positions([n, ...rest]: Shape): number[][] {
  if (n === undefined) return [[]]
  return Array.from({ length: n }, (_, i) => positions(rest).map((tail) => [i, ...tail])).flat()
}

/** A shape, and two that broadcast to its end: axes shrunk to 1, never in both, and leading ones left out. */
const broadcastPair = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom('both', 'left', 'right')), { maxLength: 4 })
  .chain((axes) =>
    fc.record({
      shape: fc.constant(axes.map(([n]) => n)),
      left: cut(axes.map(([n, owner]) => (owner === 'right' ? 1 : n))),
      right: cut(axes.map(([n, owner]) => (owner === 'left' ? 1 : n))),
    }),
  )

/** A shape without some of its leading ones. */
function cut(shape: readonly number[]): fc.Arbitrary<number[]> {
  const leadingOnes = [...shape, 0].findIndex((n) => n !== 1)
  return fc.integer({ min: 0, max: leadingOnes }).map((from) => shape.slice(from))
}

describe('operations on two tensors', () => {
  it('broadcast as a plain loop does', async () => {
    const property = fc.asyncProperty(broadcastPair, fc.nat(), async ({ shape, left, right }, seed) => {
      const result = shape.slice(shape.length - Math.max(left.length, right.length))
      const stream = random('broadcast', seed)
      const drawn = (shape: Shape) => Float32Array.from({ length: size(shape) }, () => 0.5 + stream.uniform())
      const [a, b] = [input('a', 'float32', left), input('b', 'float32', right)]
      const program = await compile({
        sum: add(a, b),
        difference: subtract(a, b),
        product: multiply(a, b),
        ratio: divide(a, b),
      })
      const [x, y] = [drawn(left), drawn(right)]
      const got = await program.run({ a: floats(left, x), b: floats(right, y) })
      await program.dispose()

      const expected = (f: (m: number, n: number) => number) =>
        Float32Array.from(positions(result), (at) => f(elementAt(x, left, at), elementAt(y, right, at)))
      expect(got.sum!.shape).toEqual(result)
      expect(got.sum!.data).toEqual(expected((m, n) => m + n))
      expect(got.difference!.data).toEqual(expected((m, n) => m - n))
      expect(got.product!.data).toEqual(expected((m, n) => m * n))
      expect(got.ratio!.data).toEqual(expected((m, n) => m / n))
    })
    await fc.assert(property, { numRuns: 60, seed: 20181013 })
  })
})
