import { createHash } from 'node:crypto'
import { create, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProto,
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  type TensorProto,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { AttributeValue, DeferredForms, Emitter, Layout, PlacedParts, TensorData } from '../graph/emitter.ts'
import { type DType, type Shape, size } from '../graph/shape.ts'
import { type Form, plainTarget, type Target } from '../graph/target.ts'
import { type Tensor, topologicalOrder } from '../graph/tensor.ts'
import { inputName } from '../ops/leaf.ts'

/** ONNX operator set of the models written here; the oldest that has all that the lowering rules use. */
const OPSET = 17
/** ONNX file format version that belongs to it. */
const IR_VERSION = 8

/** The runtime's own operators on channels in blocks; lowering rules write them with this before the name. */
const BLOCKED = 'nchwc.'
const BLOCKED_DOMAIN = 'com.microsoft.nchwc'

interface Deferred {
  readonly shape: Shape
  readonly forms: DeferredForms
  readonly scope: Scope
  /** Name of the result, once it was read. */
  made?: string
}

interface Scope {
  readonly name: string
  readonly readers: number
  form?: Form
}

const dataTypes: Readonly<Record<DType, DataType>> = {
  float32: DataType.FLOAT,
  uint8: DataType.UINT8,
  int64: DataType.INT64,
  bool: DataType.BOOL,
}

/** Writes the graph behind `outputs` as an ONNX model: protobuf bytes, with inputs and outputs under their names. */
export function toOnnx(outputs: Readonly<Record<string, Tensor>>, target: Target = plainTarget): Uint8Array {
  return toBinary(ModelProtoSchema, modelOf(outputs, target))
}

/** The model that `toOnnx` writes, as a message. */
export function modelOf(outputs: Readonly<Record<string, Tensor>>, target: Target): ModelProto {
  const model = new ModelWriter(target)
  const names = new Map<Tensor, string>()
  const inputs: ValueInfoProto[] = []
  const order = topologicalOrder(Object.values(outputs))
  const readers = countReaders(order, Object.values(outputs))
  for (const [i, node] of order.entries()) {
    const name = inputName(node)
    if (name !== undefined) inputs.push(valueInfo(name, node))
    const operands = node.inputs.map((t) => names.get(t)!)
    names.set(
      node,
      model.lower(`${node.op.name}_${i}`, readers.get(node)!, () => node.op.lower(model, operands, node)),
    )
  }
  const results = Object.entries(outputs).map(([name, node]) => {
    model.alias(name, names.get(node)!)
    return valueInfo(name, node)
  })
  return model.finish(inputs, results)
}

/**
 * What a node of the model was emitted for, from its name: the place of the graph's node in topological order, and the form that it
 * took. Nothing for nodes of the runtime's own making.
 */
export function scopeOf(name: string): { index: number | undefined; form: Form | undefined } {
  const [, index, form] = /^[A-Za-z0-9]+_(\d+)(?:\.([a-z-]+))?\//.exec(name) ?? []
  return { index: index === undefined ? undefined : Number(index), form: form as Form | undefined }
}

/** How many nodes and outputs read each tensor. */
function countReaders(order: readonly Tensor[], outputs: readonly Tensor[]): Map<Tensor, number> {
  const readers = new Map<Tensor, number>()
  for (const tensor of [...order.flatMap(({ inputs }) => inputs), ...outputs]) {
    readers.set(tensor, (readers.get(tensor) ?? 0) + 1)
  }
  return readers
}

/**
 * Collects nodes and constants. Requests that are equal share one node (common subexpressions, constants), and a node
 * that is asked for more outputs later grows them.
 */
class ModelWriter implements Emitter {
  readonly target: Target
  readonly #nodes: NodeProto[] = []
  readonly #constants: TensorProto[] = []
  readonly #nodeByKey = new Map<string, NodeProto>()
  readonly #constantByKey = new Map<string, string>()
  /** Values computed in another layout when they are read, by the names that stand for them. */
  readonly #deferred = new Map<string, Deferred>()
  /** The graph's node that is being lowered: nodes are named after it, so that a profile can tell. */
  #scope: Scope = { name: '', readers: 0 }

  constructor(target: Target) {
    this.target = target
  }

  /** Lowers one node of the graph, which has so many readers. */
  lower(name: string, readers: number, lower: () => string): string {
    return this.#within({ name, readers }, lower)
  }

  takes(form: Form): void {
    this.#scope.form = form
  }

  #within<T>(scope: Scope, work: () => T): T {
    const outer = this.#scope
    this.#scope = scope
    try {
      return work()
    } finally {
      this.#scope = outer
    }
  }

  node(type: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}): string {
    return this.nodes(type, inputs, attributes, 1)[0]!
  }

  nodes(type: string, names: readonly string[], attributes: Record<string, AttributeValue>, outputs: number) {
    const inputs = names.map((name) => this.#plain(name))
    const key = JSON.stringify([type, inputs, attributes])
    let node = this.#nodeByKey.get(key)
    if (!node) {
      const attribute = Object.entries(attributes).map(([name, value]) => attributeProto(name, value))
      const [opType, domain] = type.startsWith(BLOCKED) ? [type.slice(BLOCKED.length), BLOCKED_DOMAIN] : [type, '']
      const { name: scope, form } = this.#scope
      const name = `${form ? `${scope}.${form}` : scope}/${opType}_${this.#nodes.length}`
      node = create(NodeProtoSchema, { name, opType, domain, input: inputs, attribute })
      this.#nodes.push(node)
      this.#nodeByKey.set(key, node)
    }
    while (node.output.length < outputs) node.output.push(`${node.name}_${node.output.length}`)
    return node.output
  }

  constant(dtype: DType, shape: Shape, data: TensorData): string {
    const key = `${dtype} ${shape} ${createHash('sha256').update(bytesOf(data)).digest('base64')}`
    const known = this.#constantByKey.get(key)
    if (known !== undefined) return known
    const name = `#constant_${this.#constants.length}`
    this.#constants.push(tensorProto(name, dtype, shape, data))
    this.#constantByKey.set(key, name)
    return name
  }

  integers(values: readonly number[]): string {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  defer(shape: Shape, forms: DeferredForms): string {
    const name = `#deferred_${this.#deferred.size}`
    this.#deferred.set(name, { shape, forms, scope: this.#scope })
    return name
  }

  layout(name: string): Layout {
    const value = this.#deferred.get(name)
    if (!value) return 'plain'
    return value.forms.blocked ? 'blocked' : 'batch-last'
  }

  batchLast(name: string, shape: Shape): string {
    const value = this.#deferred.get(name)
    if (value?.forms.batchLast) return this.#made(value, value.forms.batchLast)
    const [batch, ...rest] = shape as [number, ...number[]]
    return this.#transpose(this.#plain(name), [batch, size(rest)], [...rest, batch])
  }

  blocked(name: string): string {
    const value = this.#deferred.get(name)
    if (value?.forms.blocked) return this.#made(value, value.forms.blocked)
    return this.node(`${BLOCKED}ReorderInput`, [name])
  }

  /** A deferred value in its own layout, emitted once. */
  #made(value: Deferred, emit: () => string): string {
    value.made ??= this.#within(value.scope, emit)
    return value.made
  }

  rectified(name: string): string | undefined {
    const value = this.#deferred.get(name)
    const compute = value?.forms.rectified
    if (!compute || value.scope.readers > 1) return undefined
    return this.defer(value.shape, { blocked: () => this.#within(value.scope, compute) })
  }

  places(name: string, kernel: readonly [number, number]): readonly string[] | undefined {
    const value = this.#deferred.get(name)
    return value?.forms.places && this.#within(value.scope, () => value.forms.places!(kernel))
  }

  placed(name: string): PlacedParts | undefined {
    return this.#deferred.get(name)?.forms.placed
  }

  #plain(name: string): string {
    const value = this.#deferred.get(name)
    if (!value) return name
    const { shape, forms } = value
    const [batch, ...rest] = shape as [number, ...number[]]
    if (forms.blocked) return this.node(`${BLOCKED}ReorderOutput`, [this.blocked(name)], { channels: rest[0]! })
    return this.#transpose(this.batchLast(name, shape), [size(rest), batch], shape)
  }

  /** Transposes a value seen as a matrix, which is much faster than the same move of many axes. */
  #transpose(name: string, matrix: Shape, result: Shape): string {
    const flat = this.node('Reshape', [name, this.integers(matrix)])
    return this.node('Reshape', [this.node('Transpose', [flat], { perm: [1, 0] }), this.integers(result)])
  }

  /** Gives a value the name of a program's output. */
  alias(name: string, value: string): void {
    this.#nodes.push(create(NodeProtoSchema, { opType: 'Identity', input: [this.#plain(value)], output: [name] }))
  }

  finish(input: ValueInfoProto[], output: ValueInfoProto[]): ModelProto {
    const graph = create(GraphProtoSchema, {
      name: 'evenkeel',
      node: this.#nodes,
      initializer: this.#constants,
      input,
      output,
    })
    const opset = (domain: string, version: number) =>
      create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) })
    const isBlocked = this.#nodes.some(({ domain }) => domain === BLOCKED_DOMAIN)
    const opsetImport = [opset('', OPSET), ...(isBlocked ? [opset(BLOCKED_DOMAIN, 1)] : [])]
    return create(ModelProtoSchema, { irVersion: BigInt(IR_VERSION), opsetImport, producerName: 'evenkeel', graph })
  }
}

/** Numbers as a model stores them. */
export function tensorProto(name: string, dtype: DType, shape: Shape, data: TensorData): TensorProto {
  const dims = shape.map(BigInt)
  return create(TensorProtoSchema, { name, dims, dataType: dataTypes[dtype], rawData: bytesOf(data) })
}

function bytesOf({ buffer, byteOffset, byteLength }: TensorData): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
}

function attributeProto(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) })
  }
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value.float })
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
}

function valueInfo(name: string, { dtype, shape }: { dtype: DType; shape: Shape }): ValueInfoProto {
  const dim = shape.map((n) =>
    create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(n) } }),
  )
  const tensor = create(TypeProto_TensorSchema, {
    elemType: dataTypes[dtype],
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  })
}
