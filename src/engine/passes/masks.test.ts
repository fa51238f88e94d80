import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import {
  add,
  dump,
  exp,
  type FloatTensor,
  gradients,
  input,
  maxPool2d,
  multiply,
  relu,
  sum,
  type Tensor,
  toOnnx,
} from '../index.ts'
import { optimise } from './optimise.ts'

/** The nodes of a type in the written model. */
function written(graph: Readonly<Record<string, Tensor>>, type: string) {
  return fromBinary(ModelProtoSchema, toOnnx(graph)).graph!.node.filter(({ opType }) => opType === type)
}

/** One layer's result with two readers, each of which sends a gradient back. */
function readTwice(x: FloatTensor, layer: (x: FloatTensor) => FloatTensor) {
  const y = layer(x)
  const loss = sum(add(exp(y), multiply(y, 3)))
  return optimise({ loss, dx: gradients(loss, [x])[0]! })
}

describe('the forward pass and the gradient share', () => {
  it("relu's result and its one mask, for any number of readers", () => {
    const graph = readTwice(input('x', 'float32', [2, 3]), relu)
    expect(dump(graph)).toMatchInlineSnapshot(`
      "%0 = input() {name: x} : float32[2, 3]
      %1 = relu(%0) : float32[2, 3]
      %2 = exp(%1) : float32[2, 3]
      %3 = constant() {data: [3]} : float32[]
      %4 = multiply(%1, %3) : float32[2, 3]
      %5 = add(%2, %4) : float32[2, 3]
      %6 = sum(%5) {axes: [0,1]} : float32[1, 1]
      %7 = reshape(%6) : float32[]
      %8 = constant() {data: [3]} : float32[1, 1]
      %9 = add(%8, %2) : float32[2, 3]
      %10 = isPositive(%1) : float32[2, 3]
      %11 = multiply(%9, %10) : float32[2, 3]
      return loss = %7, dx = %11
      "
    `)
    expect(written(graph, 'Relu')).toHaveLength(1)
    expect(written(graph, 'HardSigmoid')).toHaveLength(1)
  })

  it("max-pooling's maxima, for any number of readers", () => {
    const graph = readTwice(input('x', 'float32', [1, 1, 4, 4]), (x) => maxPool2d(x, { kernel: [2, 2] }))
    expect(dump(graph)).toMatchInlineSnapshot(`
      "%0 = input() {name: x} : float32[1, 1, 4, 4]
      %1 = maxPool2d(%0) {kernel: [2,2], stride: [2,2], pads: [0,0,0,0]} : float32[1, 1, 2, 2]
      %2 = exp(%1) : float32[1, 1, 2, 2]
      %3 = constant() {data: [3]} : float32[]
      %4 = multiply(%1, %3) : float32[1, 1, 2, 2]
      %5 = add(%2, %4) : float32[1, 1, 2, 2]
      %6 = sum(%5) {axes: [0,1,2,3]} : float32[1, 1, 1, 1]
      %7 = reshape(%6) : float32[]
      %8 = constant() {data: [3]} : float32[1, 1, 1, 1]
      %9 = add(%8, %2) : float32[1, 1, 2, 2]
      %10 = maxPool2dGradient(%0, %9) {kernel: [2,2], stride: [2,2], pads: [0,0,0,0]} : float32[1, 1, 4, 4]
      return loss = %7, dx = %10
      "
    `)
    const kernels = written(graph, 'MaxPool').map(({ attribute }) =>
      attribute.find(({ name }) => name === 'kernel_shape')!.ints.map(Number),
    )
    // The gradient asks for the maxima of whole windows, as the forward pass does, and of their rows.
    expect(kernels).toEqual([[2, 2], [1, 2]]) // biome-ignore format: one line
  })
})
