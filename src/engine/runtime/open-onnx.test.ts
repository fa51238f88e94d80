import { describe, expect, it } from 'vitest'
import {
  add,
  floats,
  input,
  openOnnx,
  portableModel,
  reshape,
  sum,
  type Tensor,
  toOnnx,
  type Value,
  value,
} from '../index.ts'

const double = (batch: number) => {
  const x = input('x', 'float32', [batch, 3])
  return { y: add(x, x) }
}

describe('openOnnx', () => {
  it('says what a model takes and gives, and runs it', async () => {
    const model = await openOnnx(portableModel({ graph: double }))
    const shape = ['N', 3]
    expect(model.inputs).toEqual([{ name: 'x', dtype: 'float32', shape }])
    expect(model.outputs).toEqual([{ name: 'y', dtype: 'float32', shape }])
    const { y } = await model.run({ x: floats([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)) })
    expect(y).toEqual(floats([2, 3], Float32Array.of(2, 4, 6, 8, 10, 12)))
    await model.dispose()
  })

  it('takes scalars', async () => {
    const x = input('x', 'float32', [])
    const model = await openOnnx(toOnnx({ y: add(x, 1), total: sum(reshape(x, [1])) }))
    expect(model.inputs[0]!.shape).toEqual([])
    expect((await model.run({ x: floats([], 2) })).y).toEqual(floats([], 3))
    await model.dispose()
  })

  it.each<[string, Uint8Array]>([
    ['an empty file', new Uint8Array(0)],
    ['text', new TextEncoder().encode('{"not": "a model"}'.repeat(10))],
    ['a model that was cut short', portableModel({ graph: double }).subarray(0, 60)],
  ])('refuses %s', async (_, bytes) => {
    const attempt = openOnnx(bytes, 'cat.onnx')
    await expect(attempt).rejects.toThrow(/^cat\.onnx is not an ONNX model that can be run: [^\n]+$/)
    await expect(attempt).rejects.toMatchObject({ code: 'engine.onnx' })
  })

  it.each<[string, Record<string, Value>, string]>([
    ['missing', {}, "input 'x' needs float32[N, 3], got nothing"],
    [
      'of another dtype',
      { x: value('uint8', [1, 3], new Uint8Array(3)) },
      "input 'x' needs float32[N, 3], got uint8[1, 3]",
    ],
    ['of another size', { x: floats([1, 4], new Float32Array(4)) }, "input 'x' needs float32[N, 3], got float32[1, 4]"],
    ['of another rank', { x: floats([3], new Float32Array(3)) }, "input 'x' needs float32[N, 3], got float32[3]"],
  ])('refuses a feed that is %s', async (_, feeds, message) => {
    const model = await openOnnx(portableModel({ graph: double }))
    await expect(model.run(feeds)).rejects.toThrow(expect.objectContaining({ code: 'engine.feed', message }))
    await model.dispose()
  })

  it('says where a model fails on its inputs', async () => {
    const graph = (batch: number): Record<string, Tensor> => {
      const [a, b] = ['a', 'b'].map((name) => input(name, 'float32', [batch, 2])) as [never, never]
      return { y: add(a, b) }
    }
    const model = await openOnnx(portableModel({ graph }), 'sum.onnx')
    const feeds = { a: floats([2, 2], new Float32Array(4)), b: floats([3, 2], new Float32Array(6)) }
    await expect(model.run(feeds)).rejects.toThrow(/^sum\.onnx fails on its inputs: [^\n]+$/)
    await model.dispose()
  })
})
