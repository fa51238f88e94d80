import type { Emitter } from '../graph/emitter.ts'
import { type Shape, sameShape, size } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError, type Tensor } from '../graph/tensor.ts'
import { constant } from './leaf.ts'
import { sum } from './reduce.ts'

/**
 * Work on each channel of images [N, C, H, W], or of vectors [N, C]: what batch normalisation is made of. The operations are linear
 * in each operand and close under differentiation.
 *
 * With channels in blocks each is one pass of the runtime's depthwise convolution: a 1x1 kernel is a factor for each
 * channel, and a kernel as large as the image is the inner product of two images.
 */

const zeros = (channels: number): FloatTensor => constant([channels], new Float32Array(channels))

/** Whether these are images [N, C, H, W] or vectors [N, C]. */
export function hasChannels(x: Tensor): boolean {
  return x.shape.length === 4 || x.shape.length === 2
}

const affineOp = defineOp<object>({
  name: 'channelAffine',
  infer: (inputs) => {
    const [shift, x] = inputs as [Tensor, Tensor]
    const isChannelVector = ({ shape }: Tensor) => sameShape(shape, [x.shape[1]!])
    const fits = termsOf(inputs).every(([image, scale]) => sameShape(image.shape, x.shape) && isChannelVector(scale))
    if (!areFloats(inputs) || !hasChannels(x) || !isChannelVector(shift) || !fits) {
      throw shapeError('channelAffine', 'float32 shift [C], then x [N, C, ...] and scale [C] for each term', inputs)
    }
    return { dtype: 'float32', shape: x.shape }
  },
  gradient: (dy, node) => [
    channelSum(dy),
    ...termsOf(node.inputs as FloatTensor[]).flatMap(([x, scale]) => [
      channelAffine([[dy, scale]], zeros(dy.shape[1]!)),
      channelDot(dy, x),
    ]),
  ],
  lower: (emit, inputs, node) => affine(emit, termsOf(inputs), inputs[0]!, node.shape),
})

/** The terms of an input list shift, x, scale, x, scale, ... */
function termsOf<T>(inputs: readonly T[]): [x: T, scale: T][] {
  return Array.from({ length: (inputs.length - 1) / 2 }, (_, i) => [inputs[2 * i + 1]!, inputs[2 * i + 2]!])
}

/** Sum of x * scale over some terms, plus shift: x [N, C, H, W] or [N, C], scale [C], shift [C]. */
export function channelAffine(
  terms: readonly (readonly [x: FloatTensor, scale: FloatTensor])[],
  shift: FloatTensor,
): FloatTensor {
  return affineOp([shift, ...terms.flat()], {})
}

/** Emits what `channelAffine` computes, in the layout that its images lie in. */
export function affine(
  emit: Emitter,
  terms: readonly (readonly [x: string, scale: string])[],
  shift: string,
  shape: Shape,
): string {
  if (terms.some(([x]) => emit.layout(x) === 'blocked')) {
    const compute = (activation: { activation?: string }) => blockedAffine(emit, terms, shift, shape[1]!, activation)
    return emit.defer(shape, { blocked: () => compute({}), rectified: () => compute({ activation: 'Relu' }) })
  }
  const perChannel = (vector: string) => emit.node('Reshape', [vector, emit.integers(besideChannels(shape))])
  const scaled = ([x, scale]: readonly [string, string]) => emit.node('Mul', [x, perChannel(scale)])
  const [first, ...others] = terms as [readonly [string, string], ...(readonly [string, string])[]]
  const start =
    emit.target.device === 'cpu' && shape.length === 4
      ? normalisation(emit, ...first, shift, shape[1]!)
      : emit.node('Add', [scaled(first), perChannel(shift)])
  return others.reduce((total, term) => emit.node('Add', [total, scaled(term)]), start)
}

/** The last term goes last, for it alone may be rectified; each adds to the sum of those before it. */
function blockedAffine(
  emit: Emitter,
  terms: readonly (readonly [x: string, scale: string])[],
  shift: string,
  channels: number,
  activation: { activation?: string },
): string {
  let total: string[] = [shift]
  for (const [i, [x, scale]] of terms.entries()) {
    const weights = emit.node('Reshape', [scale, emit.integers([channels, 1, 1, 1])])
    const last = i === terms.length - 1 ? activation : {}
    const sum = emit.node('nchwc.Conv', [emit.blocked(x), weights, ...total], {
      kernel_shape: [1, 1],
      group: channels,
      ...last,
    })
    total = ['', sum]
  }
  return total[1]!
}

/** x * scale + shift in one pass: normalisation by mean 0 and variance 1. */
function normalisation(emit: Emitter, x: string, scale: string, shift: string, channels: number): string {
  const [mean, variance] = [0, 1].map((n) => emit.constant('float32', [channels], new Float32Array(channels).fill(n)))
  return emit.node('BatchNormalization', [x, scale, shift, mean!, variance!], { epsilon: { float: 0 } })
}

/** A channel vector's shape where it meets images: [1, C, 1, 1]. */
function besideChannels(shape: Shape): number[] {
  return shape.map((n, axis) => (axis === 1 ? n : 1))
}

/** All axes but the channels'. */
const otherAxes = (shape: Shape) => shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))

/** Sum over all but the channels: x [N, C, H, W] or [N, C] -> [C]. */
export function channelSum(x: FloatTensor): FloatTensor {
  return sum(x, otherAxes(x.shape), false)
}

/** Places of an image from which a convolution is faster than a product and a sum, where channels are not in blocks. */
const LARGE_IMAGE = 256

const dotOp = defineOp<object>({
  name: 'channelDot',
  infer: (inputs) => {
    const [a, b] = inputs as [Tensor, Tensor]
    if (!areFloats(inputs) || !hasChannels(a) || !sameShape(a.shape, b.shape)) {
      throw shapeError('channelDot', 'two float32 tensors of one shape [N, C, H, W] or [N, C]', inputs)
    }
    return { dtype: 'float32', shape: [a.shape[1]!] }
  },
  gradient: (dy, node) => {
    const [a, b] = node.inputs as [FloatTensor, FloatTensor]
    const none = zeros(dy.shape[0]!)
    return [channelAffine([[b, dy]], none), channelAffine([[a, dy]], none)]
  },
  lower: (emit, inputs, node) => {
    const { shape } = node.inputs[0]!
    if (inputs.some((name) => emit.layout(name) === 'blocked')) {
      return imageDots(emit, 'nchwc.Conv', inputs.map((name) => emit.blocked(name)), shape) // biome-ignore format: one line
    }
    if (emit.target.device === 'cpu' && size(shape.slice(2)) >= LARGE_IMAGE)
      return imageDots(emit, 'Conv', inputs, shape)
    return emit.node('ReduceSum', [emit.node('Mul', inputs), emit.integers(otherAxes(shape))], { keepdims: 0 })
  },
})

/** The inner product of each image with its partner, by a depthwise convolution of all, then the sum over the batch. */
function imageDots(emit: Emitter, type: string, inputs: readonly string[], shape: Shape): string {
  const [batch, channels, ...image] = shape as [number, number, number, number]
  const [a, b] = inputs as [string, string]
  const images = emit.node('Reshape', [a, emit.integers([1, batch * channels, ...image])])
  const kernels = emit.node('Reshape', [b, emit.integers([batch * channels, 1, ...image])])
  const products = emit.node(type, [images, kernels], { kernel_shape: image, group: batch * channels })
  const perImage = emit.node('Reshape', [products, emit.integers([batch, channels])])
  return emit.node('ReduceSum', [perImage, emit.integers([0])], { keepdims: 0 })
}

/** Sum of a * b over all but the channels: a, b [N, C, H, W] or [N, C] -> [C]. */
export function channelDot(a: FloatTensor, b: FloatTensor): FloatTensor {
  return dotOp([a, b], {})
}
