import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  FunctionProtoSchema,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  NodeProtoSchema,
  SparseTensorProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TrainingInfoProtoSchema,
} from 'onnx-buf'
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

  it.each<[string, (model: ModelProto, tensor: TensorProto) => void]>([
    [
      'a branch of a node',
      ({ graph }, tensor) => {
        const branch = create(GraphProtoSchema, { initializer: [tensor] })
        graph!.node[0]!.attribute.push(create(AttributeProtoSchema, { name: 'then_branch', g: branch }))
      },
    ],
    [
      'a branch within a branch',
      ({ graph }, tensor) => {
        const constant = create(AttributeProtoSchema, { name: 'value', t: tensor })
        const inner = create(GraphProtoSchema, { node: [create(NodeProtoSchema, { attribute: [constant] })] })
        const branches = create(AttributeProtoSchema, { name: 'branches', graphs: [inner] })
        const outer = create(GraphProtoSchema, { node: [create(NodeProtoSchema, { attribute: [branches] })] })
        graph!.node[0]!.attribute.push(create(AttributeProtoSchema, { name: 'body', g: outer }))
      },
    ],
    [
      'a list of tensors',
      ({ graph }, tensor) =>
        graph!.node[0]!.attribute.push(create(AttributeProtoSchema, { name: 'values', tensors: [tensor] })),
    ],
    [
      'a sparse tensor',
      ({ graph }, tensor) => graph!.sparseInitializer.push(create(SparseTensorProtoSchema, { values: tensor })),
    ],
    [
      'a function',
      ({ functions }, tensor) => {
        const attribute = [create(AttributeProtoSchema, { name: 'value', t: tensor })]
        functions.push(create(FunctionProtoSchema, { node: [create(NodeProtoSchema, { attribute })] }))
      },
    ],
    [
      'what initialises a training',
      ({ trainingInfo }, tensor) => {
        const initialization = create(GraphProtoSchema, { initializer: [tensor] })
        trainingInfo.push(create(TrainingInfoProtoSchema, { initialization }))
      },
    ],
  ])('refuses numbers of another file in %s', (_, put) => {
    const holding = (dataLocation: DataLocation) =>
      changed((model) => put(model, create(TensorProtoSchema, { name: 'w', dataLocation })))
    expect(() => signatureOf(holding(DataLocation.DEFAULT))).not.toThrow()
    expect(() => signatureOf(holding(DataLocation.EXTERNAL))).toThrow('whose numbers lie in another file')
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
