import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from 'onnx-buf'
import { EvenkeelError } from '../../base/errors.ts'

/** A model by others, and what of ours comes before and behind it; each takes one tensor and gives one. */
export interface Wrapping {
  readonly before: Uint8Array
  readonly inner: Uint8Array
  /** Name of the inner model's output that goes on. */
  readonly output: string
  /** Whether that is maps [N, F, h, w], of which the averages [N, F] go on. */
  readonly averaged: boolean
  readonly behind: Uint8Array
}

/** The oldest operator set in which everything of ours means what it means in the one that it is written for. */
const OLDEST = 13

/** Operators that are the same from operator set 13 to 24, where they are used as we use them. */
const UNCHANGED = new Set(
  'Add Cast Concat Constant Div Exp Flatten Gemm GlobalAveragePool Identity MatMul Mul ReduceSum Relu Reshape Softmax Sqrt Squeeze Sub Transpose Unsqueeze'.split(
    ' ',
  ),
)

/**
 * One model of three: what `before` gives goes into `inner`, what that gives into `behind`. The whole has the inner model's operator
 * set, and the doc strings and metadata of `behind`.
 *
 * @throws EvenkeelError `engine.onnx` where the inner model is older than operator set 13, or has other than one input
 */
export function wrapModel({ before, inner, output, averaged, behind }: Wrapping): Uint8Array {
  const [first, middle, last] = [before, inner, behind].map((bytes) => fromBinary(ModelProtoSchema, bytes)) as [
    ModelProto,
    ModelProto,
    ModelProto,
  ]
  const opset = middle.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n
  if (opset < OLDEST) {
    throw new EvenkeelError(
      'engine.onnx',
      `the model is written in operator set ${opset}, and ${OLDEST} or a later one is needed`,
      `export it again with opset_version=${OLDEST} or more`,
    )
  }
  for (const { graph } of [first, last]) {
    const changed = graph!.node.find(({ opType, domain }) => domain !== '' || !UNCHANGED.has(opType))
    if (changed) throw new EvenkeelError('engine.onnx', `${changed.opType} cannot stand beside operator set ${opset}`)
  }
  const parts = [first, middle, last].map(({ graph }, i) => prefixed(graph!, ['before/', 'inner/', 'behind/'][i]!))
  const [head, body, tail] = parts as [GraphProto, GraphProto, GraphProto]
  const stored = new Set(body.initializer.map(({ name }) => name))
  const inputs = body.input.filter(({ name }) => !stored.has(name))
  if (inputs.length !== 1) {
    throw new EvenkeelError('engine.onnx', `the model must take one tensor, got ${inputs.length}`)
  }
  const graph = create(GraphProtoSchema, {
    name: 'evenkeel',
    node: [
      ...head.node,
      node('Identity', head.output[0]!.name, inputs[0]!.name),
      ...body.node,
      ...(averaged
        ? [node('GlobalAveragePool', `inner/${output}`, 'averages'), node('Flatten', 'averages', tail.input[0]!.name)]
        : [node('Identity', `inner/${output}`, tail.input[0]!.name)]),
      ...tail.node,
      node('Identity', tail.output[0]!.name, last.graph!.output[0]!.name),
    ],
    initializer: parts.flatMap(({ initializer }) => initializer),
    sparseInitializer: body.sparseInitializer,
    input: first.graph!.input,
    output: last.graph!.output,
  })
  // What goes in keeps its name: the nodes read it by the prefixed one.
  graph.node.unshift(node('Identity', first.graph!.input[0]!.name, head.input[0]!.name))
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: middle.irVersion > last.irVersion ? middle.irVersion : last.irVersion,
      opsetImport: middle.opsetImport,
      functions: middle.functions,
      producerName: last.producerName,
      docString: last.docString,
      metadataProps: last.metadataProps,
      graph,
    }),
  )
}

function node(opType: string, input: string, output: string): NodeProto {
  return create(NodeProtoSchema, { name: output, opType, input: [input], output: [output] })
}

/** A graph in which every name begins so, those of graphs within its nodes too; the empty name means that nothing is given. */
function prefixed(given: GraphProto, prefix: string): GraphProto {
  const graph = structuredClone(given)
  const name = (text: string) => (text === '' ? '' : prefix + text)
  const rename = (part: GraphProto) => {
    for (const value of [...part.input, ...part.output, ...part.valueInfo, ...part.initializer])
      value.name = name(value.name)
    for (const { values } of part.sparseInitializer) if (values) values.name = name(values.name)
    for (const node of part.node) {
      node.name = name(node.name)
      node.input = node.input.map(name)
      node.output = node.output.map(name)
      for (const { g, graphs } of node.attribute) for (const inner of g ? [g, ...graphs] : graphs) rename(inner)
    }
  }
  rename(graph)
  return graph
}
