import type { Shape } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError, type Tensor } from '../graph/tensor.ts'
import { convolve, inputGradient, prefersBatchLast, prefersTurnedFilters, weightGradient } from './batch-last.ts'
import { sum } from './reduce.ts'

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

/** Size of a convolution's or pooling's result along one axis. */
export function windows(length: number, kernel: number, stride: number, pad: number): number {
  return Math.floor((length + 2 * pad - kernel) / stride) + 1
}

type Pair = readonly [number, number]
const spatial = (shape: Shape): Pair => [shape[2]!, shape[3]!]
const onnxPads = ([vertical, horizontal]: Pair) => [vertical, horizontal, vertical, horizontal]

const convOp = defineOp<ConvGeometry>({
  name: 'conv2d',
  infer: (inputs, { stride, pad }) => {
    const [x, weights] = inputs.map((t) => t.shape) as [number[], number[]]
    const out = [0, 1].map((axis) => windows(x[2 + axis]!, weights[2 + axis]!, stride[axis]!, pad[axis]!))
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
  lower: (emit, inputs, node) => {
    const { stride, pad } = node.attributes
    const shapes = node.inputs.map((t) => t.shape) as [Shape, Shape]
    if (!prefersBatchLast(shapes[0], shapes[1][0]!)) {
      return emit.node('Conv', inputs, { strides: stride, pads: onnxPads(pad) })
    }
    return convolve(emit, inputs, shapes, { stride, pad, kernel: spatial(shapes[1]), output: spatial(node.shape) })
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
  lower: (emit, inputs, node) => {
    const { stride, pad, input } = node.attributes
    const [dy, weights] = node.inputs.map((t) => spatial(t.shape)) as [Pair, Pair]
    const turnable = weights.every((n, axis) => pad[axis]! < n)
    if (
      turnable &&
      prefersBatchLast(node.shape, node.inputs[0]!.shape[1]!) &&
      prefersTurnedFilters(node.shape, { stride, pad, output: dy })
    ) {
      return inputGradient(
        emit,
        inputs,
        node.inputs.map((t) => t.shape),
        { kernel: weights, pad },
        input,
      )
    }
    // Rows and columns at the far edge that no window reached.
    const rest = input.map((n, axis) => n - ((dy[axis]! - 1) * stride[axis]! + weights[axis]! - 2 * pad[axis]!))
    return emit.node('ConvTranspose', inputs, { strides: stride, pads: onnxPads(pad), output_padding: rest })
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
  // A convolution again: examples and channels change places, the gradient slides over x as a kernel dilated by the
  // stride. Where the stride left a rest at the edge, the result is larger than the kernel and is cut.
  lower: (emit, inputs, node) => {
    const { stride, pad, kernel } = node.attributes
    const [x, dy] = node.inputs as [Tensor, Tensor]
    if (prefersBatchLast(x.shape, dy.shape[1]!)) {
      return weightGradient(emit, inputs, [x.shape, dy.shape], { stride, pad, kernel, output: spatial(dy.shape) })
    }
    const [xt, dyt] = inputs.map((name) => emit.node('Transpose', [name], { perm: [1, 0, 2, 3] })) as [string, string]
    const full = emit.node('Conv', [xt, dyt], { dilations: stride, pads: onnxPads(pad) })
    const reached = [0, 1].map(
      (axis) => x.shape[2 + axis]! + 2 * pad[axis]! - (dy.shape[2 + axis]! - 1) * stride[axis]!,
    )
    const exact = reached.every((n, axis) => n === kernel[axis])
    const cut = exact
      ? full
      : emit.node('Slice', [full, emit.integers([0, 0]), emit.integers(kernel), emit.integers([2, 3])])
    return emit.node('Transpose', [cut], { perm: [1, 0, 2, 3] })
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
  const expected = [0, 1].map((axis) => windows(input[axis]!, kernel[axis]!, stride[axis]!, pad[axis]!))
  if (expected.some((n, axis) => n !== output[axis])) {
    throw shapeError(op, `a result gradient of ${expected.join('x')} for input ${input.join('x')}`, inputs)
  }
}
