import {
  dense as affine,
  conv2d as convolve,
  l2Normalise,
  matmul,
  multiply,
  type Shape,
  size,
} from '../../engine/index.ts'
import type { Initialiser, Parameter } from '../parameter.ts'
import { type LayerFactory, layerOf } from './layer.ts'

/** Layers with weights: convolution, dense, cosine. */

export interface AffineOptions {
  /** Factor on the learning rate of biases. @defaultValue 1 */
  readonly biasLearningRate?: number
  /** Factor on the weight decay of biases. @defaultValue 1, as in PyTorch and Caffe */
  readonly biasWeightDecay?: number
  /** How the weights start, whatever the run says. @defaultValue as the run says */
  readonly start?: Initialiser
}

function weightsOf(name: string, shape: Shape, { start }: AffineOptions): Parameter {
  const fanIn = size(shape.slice(1))
  const fanOut = size(shape) / shape[1]!
  const multipliers = { learningRateMultiplier: 1, weightDecayMultiplier: 1 }
  return { name: `${name}.weights`, shape, role: 'weights', fanIn, fanOut, start, ...multipliers }
}

function biasOf(name: string, weights: Parameter, options: AffineOptions): Parameter {
  return {
    ...weights,
    name: `${name}.bias`,
    shape: [weights.shape[0]!],
    role: 'bias',
    start: { kind: 'constant', value: 0 },
    learningRateMultiplier: options.biasLearningRate ?? 1,
    weightDecayMultiplier: options.biasWeightDecay ?? 1,
  }
}

export interface Conv2dOptions extends AffineOptions {
  /** Output channels. */
  readonly filters: number
  /** Side of the square kernel. */
  readonly kernel: number
  /** @defaultValue 1 */
  readonly stride?: number
  /** Zeros on each side. @defaultValue 0 */
  readonly pad?: number
  /** Whether a number is added to each channel; a normalisation behind makes it idle. @defaultValue true */
  readonly bias?: boolean
}

/** Convolution: [C, H, W] -> [filters, H', W']. */
export function conv2d(name: string, options: Conv2dOptions): LayerFactory {
  const { filters, kernel, stride = 1, pad = 0, bias: withBias = true } = options
  return (shape) => {
    const weights = weightsOf(name, [filters, shape[0]!, kernel, kernel], options)
    const bias = withBias ? biasOf(name, weights, options) : undefined
    return layerOf(shape, bias ? [weights, bias] : [weights], (x, context) =>
      convolve(x, context.parameter(weights.name), bias && context.parameter(bias.name), {
        stride: [stride, stride],
        pad: [pad, pad],
      }),
    )
  }
}

/** Dense layer with bias: [in] -> [out]. */
export function dense(name: string, out: number, options: AffineOptions = {}): LayerFactory {
  return (shape) => {
    const weights = weightsOf(name, [out, shape[0]!], options)
    const bias = biasOf(name, weights, options)
    return layerOf(shape, [weights, bias], (x, context) =>
      affine(x, context.parameter(weights.name), context.parameter(bias.name)),
    )
  }
}

export interface CosineDenseOptions {
  /** Factor on the cosines, which alone are too flat for a softmax, > 0. @defaultValue 30, LDAM's s */
  readonly scale?: number
}

/**
 * Cosine classifier: scale * cos(x, w_c) for each class, [in] -> [classes]. No class wins by the norm of its weights, which
 * grows with its frequency (Gidaris and Komodakis 2018, equation 4, where the scale is learned from 10; Cao et al. 2019, LDAM,
 * whose NormedLinear leaves the scale of 30 to the loss).
 */
export function cosineDense(name: string, classes: number, { scale = 30 }: CosineDenseOptions = {}): LayerFactory {
  return (shape) => {
    const weights = weightsOf(name, [classes, shape[0]!], {})
    return layerOf(shape, [weights], (x, context) =>
      multiply(matmul(l2Normalise(x), l2Normalise(context.parameter(weights.name)), { transposeB: true }), scale),
    )
  }
}
