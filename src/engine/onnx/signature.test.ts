import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { TensorProto_DataLocation as DataLocation, type ModelProto, ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { add, constant, input, toFloat, toOnnx } from '../index.ts'
import { signatureOf } from './signature.ts'

const weights = constant([3], Float32Array.of(1, 2, 3))
const written = toOnnx({ y: add(toFloat(input('x', 'uint8', [2, 3])), weights) })

/** The model with something changed by hand. */
function changed(change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, written)
  change(model)
  return toBinary(ModelProtoSchema, model)
}

describe('signatureOf', () => {
  it('reads names, types and sizes', () => {
    expect(signatureOf(written)).toEqual({
      inputs: [{ name: 'x', dtype: 'uint8', shape: [2, 3] }],
      outputs: [{ name: 'y', dtype: 'float32', shape: [2, 3] }],
    })
  })

  it('leaves a free size open', () => {
    const free = changed(({ graph }) => {
      const { value } = graph!.input[0]!.type!.value as { value: { shape: { dim: { value: unknown }[] } } }
      value.shape.dim[0]!.value = { case: 'dimParam', value: 'N' }
    })
    expect(signatureOf(free).inputs[0]!.shape).toEqual([undefined, 3])
  })

  it('refuses a model whose numbers lie in another file', () => {
    const elsewhere = changed(({ graph }) => {
      graph!.initializer[0]!.dataLocation = DataLocation.EXTERNAL
    })
    expect(() => signatureOf(elsewhere)).toThrow('it is an ONNX model whose numbers lie in another file')
  })

  it.each([
    ['text', new TextEncoder().encode('not a model'), 'it is no ONNX model'],
    ['a cut file', written.subarray(0, written.length - 5), 'it is no ONNX model'],
    ['nothing', new Uint8Array(), 'it is an ONNX model without a graph'],
    ['a model of something else', toBinary(ModelProtoSchema, create(ModelProtoSchema)), 'without a graph'],
  ])('refuses %s', (_, bytes, sentence) => {
    expect(() => signatureOf(bytes)).toThrow(expect.objectContaining({ code: 'engine.onnx' }))
    expect(() => signatureOf(bytes)).toThrow(sentence)
  })
})
