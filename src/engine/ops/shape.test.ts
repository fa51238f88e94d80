import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGradients } from '../gradient-check.ts'
import { compile, concat, type FloatTensor, floats, input, pad, type Shape, size, slice } from '../index.ts'

/** The result of an operation on 0, 1, 2... in tensors of these shapes. */
async function onCounted(build: (...inputs: FloatTensor[]) => FloatTensor, ...shapes: Shape[]) {
  const inputs = shapes.map((shape, i) => input(`x${i}`, 'float32', shape))
  const program = await compile({ y: build(...inputs) })
  let next = 0
  const counted = (shape: Shape) =>
    floats(
      shape,
      Float32Array.from({ length: size(shape) }, () => next++),
    )
  const { y } = await program.run(Object.fromEntries(shapes.map((shape, i) => [`x${i}`, counted(shape)])))
  await program.dispose()
  return { shape: y!.shape, data: [...(y!.data as Float32Array)] }
}

describe('concat', () => {
  it('puts tensors end to end', async () => {
    const rows = await onCounted((a, b) => concat([a, b], 0), [1, 2], [2, 2])
    expect(rows).toEqual({ shape: [3, 2], data: [0, 1, 2, 3, 4, 5] })
    const columns = await onCounted((a, b) => concat([a, b], 1), [2, 1], [2, 2])
    expect(columns).toEqual({ shape: [2, 3], data: [0, 2, 3, 1, 4, 5] })
  })

  it('has the right derivatives', () =>
    checkGradients([[2, 3, 2], [2, 1, 2], [2, 2, 2]], (...parts) => concat(parts, 1))) // biome-ignore format: one line
})

describe('slice', () => {
  it('takes a range of each axis, and every axis without one whole', async () => {
    const corner = await onCounted((x) => slice(x, [1, 0], [3, 2]), [3, 3])
    expect(corner).toEqual({ shape: [2, 2], data: [3, 4, 6, 7] })
    const rows = await onCounted((x) => slice(x, [1], [2]), [3, 2])
    expect(rows).toEqual({ shape: [1, 2], data: [2, 3] })
    const even = await onCounted((x) => slice(x, [0, 0], [3, 4], [2, 3]), [3, 4])
    expect(even).toEqual({ shape: [2, 2], data: [0, 3, 8, 11] })
  })

  it('has the right derivatives for any range and step', async () => {
    const axis = fc
      .record({ length: fc.integer({ min: 1, max: 6 }), step: fc.integer({ min: 1, max: 4 }) })
      .chain(({ length, step }) =>
        fc.integer({ min: 0, max: length - 1 }).chain(
          (start) =>
          fc.record({ length: fc.constant(length), step: fc.constant(step), start: fc.constant(start), end: fc.integer({ min: start + 1, max: length }) }), // biome-ignore format: one line
        ),
      )
    const property = fc.asyncProperty(fc.array(axis, { minLength: 1, maxLength: 3 }), (axes) => {
      const [starts, ends, steps] = [axes.map((a) => a.start), axes.map((a) => a.end), axes.map((a) => a.step)]
      return checkGradients([axes.map((a) => a.length)], (x) => slice(x, starts, ends, steps))
    })
    await fc.assert(property, { numRuns: 25, seed: 20181013 })
  })
})

describe('pad', () => {
  it('puts zeros around', async () => {
    const padded = await onCounted((x) => pad(x, [1, 0], [0, 2]), [1, 2])
    expect(padded).toEqual({ shape: [2, 4], data: [0, 0, 0, 0, 0, 1, 0, 0] })
  })

  it('has the right derivatives', () => checkGradients([[2, 3]], (x) => pad(x, [1, 0], [2, 3])))
})

it('what changes nothing is the tensor itself', () => {
  const x = input('x', 'float32', [2, 3])
  expect([concat([x], 1), slice(x, [0], [2]), pad(x, [0, 0], [0, 0])]).toEqual([x, x, x])
})
