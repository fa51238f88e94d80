import { fromBinary } from '@bufbuild/protobuf'
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type SparseTensorProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'
import { EvenkeelError } from '../../base/errors.ts'

/** An input or output of a model: 'uint8' or as ONNX names a type, and sizes, undefined where they are free. */
export interface Port {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly (number | undefined)[]
}

export interface Signature {
  readonly inputs: readonly Port[]
  readonly outputs: readonly Port[]
}

/**
 * What an ONNX model takes and gives, read from its file without running it.
 *
 * @throws EvenkeelError `engine.onnx` for bytes that are no model, and for a model whose numbers lie in files elsewhere
 */
export function signatureOf(model: Uint8Array): Signature {
  const { graph, functions, trainingInfo } = parse(model)
  if (!graph) throw new EvenkeelError('engine.onnx', 'it is an ONNX model without a graph')
  const training = trainingInfo.flatMap(({ initialization, algorithm }) =>
    [initialization ?? [], algorithm ?? []].flat(),
  )
  const tensors = [...[graph, ...training].flatMap(tensorsIn), ...functions.flatMap(tensorsOfNodes)]
  if (tensors.some(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)) {
    throw new EvenkeelError('engine.onnx', 'it is an ONNX model whose numbers lie in another file')
  }
  const constants = new Set(graph.initializer.map(({ name }) => name))
  return {
    inputs: graph.input.filter(({ name }) => !constants.has(name)).map(portOf),
    outputs: graph.output.map(portOf),
  }
}

/** All constants of a graph, those of the graphs within its nodes (branches, loops) too. */
function tensorsIn(graph: GraphProto): TensorProto[] {
  return [...graph.initializer, ...graph.sparseInitializer.flatMap(tensorsOfSparse), ...tensorsOfNodes(graph)]
}

function tensorsOfNodes({ node }: Pick<GraphProto | FunctionProto, 'node'>): TensorProto[] {
  return node.flatMap(({ attribute }) =>
    attribute.flatMap(({ t, tensors, sparseTensor, sparseTensors, g, graphs }) => [
      ...(t ? [t] : []),
      ...tensors,
      ...[...(sparseTensor ? [sparseTensor] : []), ...sparseTensors].flatMap(tensorsOfSparse),
      ...[...(g ? [g] : []), ...graphs].flatMap(tensorsIn),
    ]),
  )
}

function tensorsOfSparse({ values, indices }: SparseTensorProto): TensorProto[] {
  return [...(values ? [values] : []), ...(indices ? [indices] : [])]
}

function parse(model: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, model)
  } catch (cause) {
    throw new EvenkeelError('engine.onnx', 'it is no ONNX model', undefined, { cause })
  }
}

function portOf({ name, type }: ValueInfoProto): Port {
  if (type?.value.case !== 'tensorType') throw new EvenkeelError('engine.onnx', `its '${name}' is no tensor`)
  const { elemType, shape } = type.value.value
  return {
    name,
    dtype: (DataType[elemType] ?? 'unknown').toLowerCase().replace(/^float$/, 'float32'),
    shape: (shape?.dim ?? []).map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : undefined)),
  }
}
