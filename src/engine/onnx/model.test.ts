import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { add, constant, exp, input, multiply, sum, type Tensor, toOnnx } from '../index.ts'

/** The model as it stands in the file: how many nodes of each type, and its constants. */
function written(outputs: Record<string, Tensor>) {
  const { graph } = fromBinary(ModelProtoSchema, toOnnx(outputs))
  const nodes: Record<string, number> = {}
  for (const { opType } of graph!.node) nodes[opType] = (nodes[opType] ?? 0) + 1
  return { nodes, constants: graph!.initializer, graph: graph! }
}

const x = input('x', 'float32', [2, 3])

describe('toOnnx', () => {
  it('names inputs and outputs with their types and sizes', () => {
    const { graph } = written({ y: exp(x), total: sum(x) })
    const signature = [...graph.input, ...graph.output].map(({ name, type }) => {
      const { case: kind, value } = type!.value
      if (kind !== 'tensorType') throw new Error(`${name} is a ${kind}`)
      return [name, value.elemType, value.shape!.dim.map((dim) => Number(dim.value.value))]
    })
    expect(signature).toEqual([['x', 1, [2, 3]], ['y', 1, [2, 3]], ['total', 1, []]]) // biome-ignore format: one line
  })

  it('shares one node among common subexpressions', () => {
    const { nodes } = written({ a: multiply(exp(x), 2), b: add(exp(x), 2), c: add(exp(x), 2) })
    expect(nodes).toEqual({ Exp: 1, Mul: 1, Add: 1, Identity: 3 })
  })

  it('stores equal constants once, and tells apart those that differ in value, shape or sign', () => {
    const row = () => constant([3], Float32Array.of(1, 2, 3))
    expect(written({ a: add(x, row()), b: multiply(x, row()) }).constants).toHaveLength(1)
    const column = constant([1, 3], Float32Array.of(1, 2, 3))
    const zeros = [constant([], Float32Array.of(0)), constant([], Float32Array.of(-0))] as const
    const { constants } = written({ a: add(x, row()), b: add(x, column), c: add(x, zeros[0]), d: add(x, zeros[1]) })
    expect(constants).toHaveLength(4)
  })
})
