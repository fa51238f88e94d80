import { describe, expect, it } from 'vitest'
import {
  conv2d,
  dense,
  dump,
  exp,
  type FloatTensor,
  flatten,
  gradients,
  input,
  maxPool2d,
  mean,
  multiply,
  relu,
  sum,
  toFloat,
} from '../index.ts'
import { optimise } from './optimise.ts'

const float = (name: string, ...shape: number[]) => input(name, 'float32', shape)

/** A net whose body is a convolution and whose head is a dense layer, with a loss that need not make sense. */
function net() {
  const parameters = { filters: float('filters', 4, 3, 3, 3), weights: float('weights', 5, 16), bias: float('bias', 5) }
  const pixels = input('pixels', 'uint8', [2, 3, 6, 6])
  const features = flatten(maxPool2d(relu(conv2d(toFloat(pixels), parameters.filters)), { kernel: [2, 2] }))
  const logits = dense(features, parameters.weights, parameters.bias)
  return { ...parameters, loss: mean(multiply(logits, logits)) }
}

const named = (names: readonly string[], tensors: readonly FloatTensor[]) =>
  Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))

describe('what no output needs is no part of a program', () => {
  it('as a gradient that is built and not asked for', () => {
    const x = float('x', 2)
    const y = float('y', 2)
    const loss = sum(multiply(exp(x), y))
    const [dx] = gradients(loss, [x, y])
    expect(dump(optimise({ dx: dx! }))).toMatchInlineSnapshot(`
      "%0 = input() {name: y} : float32[2]
      %1 = input() {name: x} : float32[2]
      %2 = exp(%1) : float32[2]
      %3 = multiply(%0, %2) : float32[2]
      return dx = %3
      "
    `)
  })

  it('while one that is asked for twice stands there once', () => {
    const x = float('x', 2)
    expect(dump(optimise({ a: exp(x), b: exp(x) }))).toMatchInlineSnapshot(`
      "%0 = input() {name: x} : float32[2]
      %1 = exp(%0) : float32[2]
      return a = %1, b = %1
      "
    `)
  })

  it('as the gradient of a frozen body', () => {
    const { loss, weights, bias } = net()
    const graph = optimise(named(['weights', 'bias'], gradients(loss, [weights, bias])))
    expect(dump(graph)).toMatchInlineSnapshot(`
      "%0 = constant() {data: [0.10000000149011612]} : float32[1, 1]
      %1 = input() {name: pixels} : uint8[2, 3, 6, 6]
      %2 = cast(%1) : float32[2, 3, 6, 6]
      %3 = input() {name: filters} : float32[4, 3, 3, 3]
      %4 = conv2d(%2, %3) {stride: [1,1], pad: [0,0]} : float32[2, 4, 4, 4]
      %5 = relu(%4) : float32[2, 4, 4, 4]
      %6 = maxPool2d(%5) {kernel: [2,2], stride: [2,2], pads: [0,0,0,0]} : float32[2, 4, 2, 2]
      %7 = reshape(%6) : float32[2, 16]
      %8 = input() {name: weights} : float32[5, 16]
      %9 = input() {name: bias} : float32[5]
      %10 = dense(%7, %8, %9) : float32[2, 5]
      %11 = multiply(%0, %10) : float32[2, 5]
      %12 = add(%11, %11) : float32[2, 5]
      %13 = matmul(%12, %7) {transposeA: true, transposeB: false} : float32[5, 16]
      %14 = sum(%12) {axes: [0]} : float32[1, 5]
      %15 = reshape(%14) : float32[5]
      return weights = %13, bias = %15
      "
    `)
  })

  it('as the gradient of the pixels behind the first convolution', () => {
    const { loss, filters } = net()
    const graph = dump(optimise(named(['filters'], gradients(loss, [filters]))))
    expect(graph).toContain('conv2dWeightGradient')
    expect(graph).not.toContain('conv2dInputGradient')
  })
})
