import { create, equals, toBinary } from '@bufbuild/protobuf'
import {
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  type TensorShapeProto_Dimension,
  type TypeProto_Tensor,
  type ValueInfoProto,
} from 'onnx-buf'
import { EvenkeelError } from '../../base/errors.ts'
import { describe, size } from '../graph/shape.ts'
import { portableTarget } from '../graph/target.ts'
import { type Tensor, topologicalOrder } from '../graph/tensor.ts'
import { inputName } from '../ops/leaf.ts'
import { optimise } from '../passes/optimise.ts'
import { modelOf, tensorProto } from './model.ts'

/** A graph that is to run elsewhere. */
export interface PortableOptions {
  /** The outputs by name, for batches of so many examples: what it is built of may not depend on how many. */
  graph(batch: number): Readonly<Record<string, Tensor>>
  /** float32 numbers of the graph's inputs that are stored in the model, by name; others may be there. */
  readonly weights?: Readonly<Record<string, Float32Array>>
  /** What the model is, for its doc string. */
  readonly description?: string
  /** What its inputs and outputs hold, by name, for theirs. */
  readonly descriptions?: Readonly<Record<string, string>>
  /** Entries of `metadata_props`. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Sizes of a batch at which the graph is built, to see what depends on it. They are primes, so large that hardly another size of a
 * network is one of them.
 */
const PROBES = [1009, 2003] as const

/** What the size of a batch is called in the model. */
const BATCH = 'N'

/**
 * Writes a model that any runtime of ONNX reads (operator set 17: ONNX Runtime 1.12 of 2022 and later, in Python, in browsers, in
 * Node): the standard's operators alone, weights stored under their names, and a batch of any size, `N`.
 *
 * @throws EvenkeelError `engine.batch` where something in the model would depend on the size of the batch, `engine.value` where
 *   weights are missing, or not as many as the graph says
 */
export function portableModel(options: PortableOptions): Uint8Array {
  const { weights = {}, description, descriptions = {}, metadata = {} } = options
  const graphs = PROBES.map((batch) => optimise(options.graph(batch)))
  const [model, other] = graphs.map((graph) => modelOf(graph, portableTarget)) as [ModelProto, ModelProto]
  const [written, compared] = [model.graph!, other.graph!]
  const place = dependentNode(written, compared)
  if (place !== undefined) throw dependent(place)

  const isStored = (name: string) => Object.hasOwn(weights, name)
  for (const node of topologicalOrder(Object.values(graphs[0]!))) {
    const name = inputName(node)
    if (name !== undefined && isStored(name)) written.initializer.push(storedWeights(name, node, weights[name]!))
  }
  for (const part of ['input', 'output'] as const) {
    for (const [i, info] of written[part].entries()) freeBatch(info, compared[part][i]!)
  }
  written.input = written.input.filter(({ name }) => !isStored(name))
  const lacking = written.input.find((info) => dimensionsOf(info).every(({ value }) => value.case !== 'dimParam'))
  if (lacking) {
    throw new EvenkeelError(
      'engine.value',
      `input '${lacking.name}' is not of the batch, and no weights are given for it`,
    )
  }
  for (const info of [...written.input, ...written.output]) info.docString = descriptions[info.name] ?? ''
  if (description !== undefined) model.docString = description
  model.metadataProps = Object.entries(metadata).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  )
  return toBinary(ModelProtoSchema, model)
}

function dependent(place: string): EvenkeelError {
  return new EvenkeelError(
    'engine.batch',
    `a model for batches of any size needs one graph for all, and ${place} differs`,
  )
}

/** The first node that differs between two models, itself or in a constant that it reads. */
function dependentNode(a: GraphProto, b: GraphProto): string | undefined {
  const changed = new Set<string>()
  for (const [i, constant] of a.initializer.entries()) {
    const other = b.initializer[i]
    if (!other || !equals(TensorProtoSchema, constant, other)) changed.add(constant.name)
  }
  const differs = (node: NodeProto, other: NodeProto | undefined) =>
    !other || !equals(NodeProtoSchema, node, other) || node.input.some((name) => changed.has(name))
  const node = a.node.find((node, i) => differs(node, b.node[i]))
  return node?.output[0]
}

/** A size that is the batch's in both models becomes free. */
function freeBatch(info: ValueInfoProto, other: ValueInfoProto): void {
  const [dimensions, others] = [dimensionsOf(info), dimensionsOf(other)]
  for (const [axis, dimension] of dimensions.entries()) {
    const [n, m] = [dimension, others[axis]!].map(({ value }) => Number(value.value))
    if (n === m) continue
    if (n !== PROBES[0] || m !== PROBES[1]) throw dependent(`axis ${axis} of '${info.name}'`)
    dimension.value = { case: 'dimParam', value: BATCH }
  }
}

function dimensionsOf({ type }: ValueInfoProto): TensorShapeProto_Dimension[] {
  const { value } = type!.value as { value: TypeProto_Tensor }
  return value.shape!.dim
}

function storedWeights(name: string, { dtype, shape }: Tensor, numbers: Float32Array): TensorProto {
  if (dtype !== 'float32' || numbers.length !== size(shape)) {
    const need = describe({ dtype, shape })
    throw new EvenkeelError('engine.value', `weights '${name}' need ${need}, got ${numbers.length} float32 numbers`)
  }
  return tensorProto(name, dtype, shape, numbers)
}
