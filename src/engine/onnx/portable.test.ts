import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import {
  add,
  broadcastTo,
  compile,
  concat,
  constant,
  conv2d,
  dense,
  type FloatTensor,
  flatten,
  floats,
  globalAveragePool,
  input,
  l2Normalise,
  maximum,
  maxPool2d,
  mean,
  multiply,
  openOnnx,
  pad,
  portableModel,
  relu,
  reshape,
  slice,
  subtract,
  sum,
  transpose,
  value,
} from '../index.ts'

const SIZES = [1, 3, 64]

const images = (batch: number) => input('x', 'float32', [batch, 2, 6, 5])
const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => Math.sin(3 * i + 1))

describe('portableModel', () => {
  const column = (x: FloatTensor) => sum(flatten(x), [1])
  it.each<[string, (x: FloatTensor) => FloatTensor]>([
    ['reshapes', (x) => reshape(x, [x.shape[0]!, 5, 12])],
    ['the batch on another axis', (x) => transpose(transpose(x, [1, 0, 3, 2]), [1, 0, 2, 3])],
    ['columns that meet single numbers', (x) => maximum(column(x), 0.1)],
    ['columns of columns', (x) => multiply(reshape(column(x), [x.shape[0]!, 1, 1]), 3)],
    ['broadcasts', (x) => broadcastTo(mean(x, [1, 2, 3]), x.shape)],
    ['slices', (x) => slice(x, [0, 1, 0, 4], [x.shape[0]!, 2, 6, 5])],
    ['strided slices and padding', (x) => pad(slice(x, [], [], [1, 1, 2, 2]), [0, 1, 0, 0], [0, 0, 2, 0])],
    ['concatenation', (x) => concat([x, relu(x)], 1)],
    ['convolution and pooling', (x) => maxPool2d(conv2d(x, constant([3, 2, 3, 3], numbers(54))), { kernel: [2, 2] })],
    ['rows of length 1', (x) => l2Normalise(subtract(flatten(x), mean(flatten(x), [1])))],
    ['averages', (x) => globalAveragePool(x)],
  ])('writes %s for batches of any size', async (_, build) => {
    const model = await openOnnx(portableModel({ graph: (batch) => ({ y: build(images(batch)) }) }))
    expect(model.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: ['N', 2, 6, 5] }])
    for (const size of SIZES) {
      const x = floats([size, 2, 6, 5], numbers(size * 60))
      const program = await compile({ y: build(images(size)) })
      const [here, there] = [await program.run({ x }), await model.run({ x })]
      expect(there.y!.shape).toEqual(here.y!.shape)
      for (const [i, number] of there.y!.data.entries()) expect(number).toBeCloseTo(Number(here.y!.data[i]), 5)
      await program.dispose()
    }
    await model.dispose()
  })

  it.each(['uint8', 'int64'] as const)('moves %s as it is', async (dtype) => {
    const graph = (batch: number) => {
      const x = input('x', dtype, [batch, 1, 2, 3])
      return { turned: transpose(x, [0, 3, 1, 2]), flat: reshape(x, [batch, 6]), rotated: transpose(x, [0, 2, 3, 1]) }
    }
    const model = await openOnnx(portableModel({ graph }))
    const data = dtype === 'uint8' ? Uint8Array.of(1, 2, 3, 4, 5, 255) : BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 255n)
    const { turned, flat, rotated } = await model.run({ x: value(dtype, [1, 1, 2, 3], data) })
    expect([turned!.shape, turned!.dtype]).toEqual([[1, 3, 1, 2], dtype])
    expect(Array.from(turned!.data, Number)).toEqual([1, 4, 2, 5, 3, 255])
    expect([flat!.shape, rotated!.shape]).toEqual([[1, 6], [1, 2, 3, 1]]) // biome-ignore format: one line
    expect([flat!.data, rotated!.data]).toEqual([data, data])
    await model.dispose()
  })

  const weighted = (batch: number) => {
    const weights = input('dense.weights', 'float32', [2, 3])
    return { y: dense(input('x', 'float32', [batch, 3]), weights, constant([2], Float32Array.of(10, 20))) }
  }

  it('stores weights under their names, and says what the model is', async () => {
    const bytes = portableModel({
      graph: weighted,
      weights: { 'dense.weights': Float32Array.of(1, 2, 3, 4, 5, 6), other: new Float32Array(1) },
      description: 'two sums',
      descriptions: { x: 'three numbers', y: 'their sums' },
      metadata: { producer: 'evenkeel', labels: '["a","b"]' },
    })
    const { docString, graph, metadataProps, opsetImport, irVersion } = fromBinary(ModelProtoSchema, bytes)
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]])
    expect(irVersion).toBe(8n)
    expect(docString).toBe('two sums')
    expect(graph!.initializer.map(({ name }) => name)).toContain('dense.weights')
    expect(graph!.initializer.map(({ name }) => name)).not.toContain('other')
    const ports = [...graph!.input, ...graph!.output].map(({ name, docString }) => [name, docString])
    expect(ports).toEqual([['x', 'three numbers'], ['y', 'their sums']]) // biome-ignore format: one line
    expect(Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]))).toEqual({
      producer: 'evenkeel',
      labels: '["a","b"]',
    })
    const model = await openOnnx(bytes)
    const { y } = await model.run({ x: floats([1, 3], Float32Array.of(1, 10, 100)) })
    expect(y!.data).toEqual(Float32Array.of(331, 674))
    await model.dispose()
  })

  it.each<[string, (batch: number) => FloatTensor, RegExp]>([
    ['a mean over the batch', (n) => add(images(n), mean(images(n), [0])), /one graph for all, and multiply_\d/],
    ['a constant for each example', (n) => add(images(n), constant([n, 1, 1, 1], new Float32Array(n))), /add_\d/],
    ['examples that are mixed into rows', (n) => reshape(images(n), [2, n * 30]), /reshape_\d/],
    ['an example left out', (n) => slice(images(n), [0], [n - 1]), /slice_\d/],
    ['a result of another size', (n) => concat([images(n), images(n)], 0), /axis 0 of 'y' differs/],
  ])('refuses %s', (_, build, sentence) => {
    const attempt = () => portableModel({ graph: (batch) => ({ y: build(batch) }) })
    expect(attempt).toThrow(expect.objectContaining({ code: 'engine.batch', message: expect.stringMatching(sentence) }))
  })

  it.each<[string, Record<string, Float32Array>, string]>([
    ['are missing', {}, "input 'dense.weights' is not of the batch, and no weights are given for it"],
    [
      'are too few',
      { 'dense.weights': new Float32Array(5) },
      "weights 'dense.weights' need float32[2, 3], got 5 float32 numbers",
    ],
  ])('refuses weights that %s', (_, weights, message) => {
    const attempt = () => portableModel({ graph: weighted, weights })
    expect(attempt).toThrow(expect.objectContaining({ code: 'engine.value', message }))
  })
})
