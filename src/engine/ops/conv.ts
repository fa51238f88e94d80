import { type Shape, size } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError, type Tensor } from '../graph/tensor.ts'
import * as batchLast from './batch-last.ts'
import * as blocked from './blocked.ts'
import { forwardForm, inputGradientForm, weightGradientForm } from './conv-forms.ts'
import * as plain from './plain.ts'
import { sum } from './reduce.ts'
import { checkWindows, type Pair, resultLength, type Windows } from './windows.ts'

/**
 * Convolution in two dimensions and its two adjoints. The three are linear in each operand and close under
 * differentiation: each one's gradients are the other two.
 */
export interface ConvGeometry {
  /** Step between windows, [vertical, horizontal]. */
  readonly stride: readonly [number, number]
  /** Zeros added on each side, [top and bottom, left and right]. */
  readonly pad: readonly [number, number]
}

const spatial = (shape: Shape): Pair => [shape[2]!, shape[3]!]

/** The geometry of a convolution x -> y with these weights. */
function windowsOf({ stride, pad }: ConvGeometry, x: Shape, weights: Shape, y: Shape): Windows {
  return { stride, pad, kernel: spatial(weights), input: spatial(x), output: spatial(y) }
}

/** A product and a sum for each tap of each filter at each place of the output. */
function convolutionFlops(weights: Shape, output: Shape): number {
  return (2 * size(weights) * size(output)) / output[1]!
}

/** Each form has all three parts. */
const forms = { blocked, 'batch-last': batchLast, plain } as const

const convOp = defineOp<ConvGeometry>({
  name: 'conv2d',
  infer: (inputs, { stride, pad }) => {
    checkWindows('conv2d', { stride, pad })
    const [x, weights] = inputs.map((t) => t.shape) as [number[], number[]]
    const out = [0, 1].map((axis) => resultLength(x[2 + axis]!, weights[2 + axis]!, stride[axis]!, pad[axis]!))
    const fits = areFloats(inputs) && x.length === 4 && weights.length === 4 && x[1] === weights[1]
    if (!fits || !out.every((n) => n >= 1)) {
      const place = `stride ${stride.join('x')}, pad ${pad.join('x')}`
      throw shapeError('conv2d', `float32 x [N, in, H, W] and weights [out, in, h, w] that fit at ${place}`, inputs)
    }
    return { dtype: 'float32', shape: [x[0]!, weights[0]!, ...out] }
  },
  gradient: (dy, node) => {
    const [x, weights] = node.inputs as [FloatTensor, FloatTensor]
    const { stride, pad } = node.attributes
    const bias = node.inputs[2]
    const gradients = [
      conv2dInputGradient(dy, weights, { stride, pad, input: spatial(x.shape) }),
      conv2dWeightGradient(x, dy, { stride, pad, kernel: spatial(weights.shape) }),
    ]
    return bias ? [...gradients, sum(dy, [0, 2, 3], false)] : gradients
  },
  flops: ({ inputs, shape }) => convolutionFlops(inputs[1]!.shape, shape),
  lower: (emit, inputs, node) => {
    const shapes = node.inputs.map((t) => t.shape)
    const [x, weights] = shapes as [Shape, Shape]
    const geometry = windowsOf(node.attributes, x, weights, node.shape)
    return forms[forwardForm(emit, x, weights[0]!)].convolve(emit, inputs, shapes, geometry)
  },
})

/** Cross-correlation: x [N, in, H, W], weights [out, in, h, w], bias [out] -> [N, out, H', W']. */
export function conv2d(
  x: FloatTensor,
  weights: FloatTensor,
  bias?: FloatTensor,
  { stride = [1, 1], pad = [0, 0] }: Partial<ConvGeometry> = {},
): FloatTensor {
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== weights.shape[0])) {
    throw shapeError('conv2d', 'weights [out, in, h, w] and bias [out]', [weights, bias])
  }
  return convOp(bias ? [x, weights, bias] : [x, weights], { stride, pad })
}

interface InputGradientAttributes extends ConvGeometry {
  /** [H, W] of the convolution's input, which the stride alone does not tell. */
  readonly input: Pair
}

const inputGradientOp = defineOp<InputGradientAttributes>({
  name: 'conv2dInputGradient',
  infer: (inputs, { stride, pad, input }) => {
    const [dy, weights] = inputs.map((t) => t.shape) as [number[], number[]]
    checkGeometry('conv2dInputGradient', inputs, input, spatial(weights), spatial(dy), { stride, pad })
    return { dtype: 'float32', shape: [dy[0]!, weights[1]!, ...input] }
  },
  gradient: (g, node) => {
    const [dy, weights] = node.inputs as [FloatTensor, FloatTensor]
    const { stride, pad } = node.attributes
    return [
      conv2d(g, weights, undefined, { stride, pad }),
      conv2dWeightGradient(g, dy, { stride, pad, kernel: spatial(weights.shape) }),
    ]
  },
  flops: ({ inputs: [dy, weights] }) => convolutionFlops(weights!.shape, dy!.shape),
  lower: (emit, inputs, node) => {
    const shapes = node.inputs.map((t) => t.shape)
    const [dy, weights] = shapes as [Shape, Shape]
    const geometry = windowsOf(node.attributes, node.shape, weights, dy)
    return forms[inputGradientForm(emit, node.shape, weights[0]!, geometry)].inputGradient(
      emit,
      inputs,
      shapes,
      geometry,
    )
  },
})

/** Gradient of a convolution for its input: dy [N, out, H', W'], weights [out, in, h, w] -> [N, in, ...input]. */
export function conv2dInputGradient(
  dy: FloatTensor,
  weights: FloatTensor,
  attributes: InputGradientAttributes,
): FloatTensor {
  return inputGradientOp([dy, weights], attributes)
}

interface WeightGradientAttributes extends ConvGeometry {
  /** [h, w] of the weights. */
  readonly kernel: Pair
}

const weightGradientOp = defineOp<WeightGradientAttributes>({
  name: 'conv2dWeightGradient',
  infer: (inputs, { stride, pad, kernel }) => {
    const [x, dy] = inputs.map((t) => t.shape) as [number[], number[]]
    checkGeometry('conv2dWeightGradient', inputs, spatial(x), kernel, spatial(dy), { stride, pad })
    return { dtype: 'float32', shape: [dy[1]!, x[1]!, ...kernel] }
  },
  gradient: (g, node) => {
    const [x, dy] = node.inputs as [FloatTensor, FloatTensor]
    const { stride, pad } = node.attributes
    return [
      conv2dInputGradient(dy, g, { stride, pad, input: spatial(x.shape) }),
      conv2d(x, g, undefined, { stride, pad }),
    ]
  },
  flops: ({ inputs: [, dy], shape }) => convolutionFlops(shape, dy!.shape),
  lower: (emit, inputs, node) => {
    const shapes = node.inputs.map((t) => t.shape)
    const [x, dy] = shapes as [Shape, Shape]
    const geometry = windowsOf(node.attributes, x, node.shape, dy)
    return forms[weightGradientForm(emit, x, dy[1]!)].weightGradient(emit, inputs, shapes, geometry)
  },
})

/** Gradient of a convolution for its weights: x [N, in, H, W], dy [N, out, H', W'] -> [out, in, ...kernel]. */
export function conv2dWeightGradient(
  x: FloatTensor,
  dy: FloatTensor,
  attributes: WeightGradientAttributes,
): FloatTensor {
  return weightGradientOp([x, dy], attributes)
}

function checkGeometry(
  op: string,
  inputs: readonly Tensor[],
  input: Pair,
  kernel: Pair,
  output: Pair,
  { stride, pad }: ConvGeometry,
): void {
  const expected = [0, 1].map((axis) => resultLength(input[axis]!, kernel[axis]!, stride[axis]!, pad[axis]!))
  if (expected.some((n, axis) => n !== output[axis])) {
    throw shapeError(op, `a result gradient of ${expected.join('x')} for input ${input.join('x')}`, inputs)
  }
}
