import { sameShape, size } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError, type Tensor } from '../graph/tensor.ts'
import { affine, channelAffine, channelDot, channelSum, hasChannels } from './channels.ts'
import { add, divide, maximum, multiply, negate, sqrt, subtract } from './elementwise.ts'
import { constant } from './leaf.ts'
import { sum } from './reduce.ts'

/** Normalisation: of each channel over the batch, and of each row to length 1. */

export interface BatchNormOptions {
  /** Added to the variance. @defaultValue 1e-5 */
  readonly epsilon?: number
}

/**
 * The last step of batch normalisation, y = centred * scale / deviation + shift, with the gradient of all of it:
 *
 *     dx = scale / deviation (dy - mean(dy) - xhat mean(dy xhat)),  xhat = centred / deviation
 *
 * as one pass over dy and centred. That holds the shares of `centred` and `deviation`, which follow from x, so these have none.
 */
const batchNormOp = defineOp<object>({
  name: 'batchNorm',
  infer: ([x]) => ({ dtype: 'float32', shape: x!.shape }),
  gradient: (dy, node) => {
    const [x, scale, , centred, deviation] = node.inputs as FloatTensor[] as [FloatTensor, ...FloatTensor[]]
    const count = size(x.shape) / x.shape[1]!
    const shiftGradient = channelSum(dy)
    const scaleGradient = divide(channelDot(dy, centred!), deviation!)
    const factor = divide(scale!, deviation!)
    const slope = divide(multiply(factor, scaleGradient), multiply(deviation!, -count))
    const offset = divide(multiply(factor, shiftGradient), -count)
    const inputGradient = channelAffine(
      [
        [dy, factor],
        [centred!, slope],
      ],
      offset,
    )
    return [inputGradient, scaleGradient, shiftGradient, undefined, undefined]
  },
  lower: (emit, inputs, node) => {
    const [, scale, shift, centred, deviation] = inputs as [string, string, string, string, string]
    return affine(emit, [[centred, emit.node('Div', [scale, deviation])]], shift, node.shape)
  },
})

/**
 * Batch normalisation with the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1), for training:
 * y = scale (x - mean) / sqrt(variance + epsilon) + shift. The variance is taken of centred numbers, which stay exact
 * where the mean is large.
 *
 * @param x [N, C, H, W] or [N, C]
 * @param scale [C]
 * @param shift [C]
 * @returns y in x's shape; mean and biased variance of each channel [C], for running averages
 */
export function batchNorm(
  x: FloatTensor,
  scale: FloatTensor,
  shift: FloatTensor,
  { epsilon = 1e-5 }: BatchNormOptions = {},
): { y: FloatTensor; mean: FloatTensor; variance: FloatTensor } {
  checkChannels('batchNorm', x, [scale, shift])
  const channels = x.shape[1]!
  const count = size(x.shape) / channels
  const mean = divide(channelSum(x), count)
  const centred = channelAffine([[x, constant([channels], new Float32Array(channels).fill(1))]], negate(mean))
  const variance = divide(channelDot(centred, centred), count)
  const deviation = sqrt(add(variance, epsilon))
  return { y: batchNormOp([x, scale, shift, centred, deviation], {}), mean, variance }
}

/**
 * Batch normalisation with given statistics, for evaluation: scale (x - mean) / sqrt(variance + epsilon) + shift.
 *
 * @param x [N, C, H, W] or [N, C]; all others [C]
 */
export function normalise(
  x: FloatTensor,
  mean: FloatTensor,
  variance: FloatTensor,
  scale: FloatTensor,
  shift: FloatTensor,
  epsilon = 1e-5,
): FloatTensor {
  checkChannels('normalise', x, [mean, variance, scale, shift])
  const factor = divide(scale, sqrt(add(variance, epsilon)))
  return channelAffine([[x, factor]], subtract(shift, multiply(mean, factor)))
}

function checkChannels(op: string, x: FloatTensor, vectors: readonly FloatTensor[]): void {
  const inputs: Tensor[] = [x, ...vectors]
  if (!hasChannels(x) || !areFloats(inputs) || !vectors.every(({ shape }) => sameShape(shape, [x.shape[1]!]))) {
    throw shapeError(op, 'float32 x [N, C, H, W] or [N, C] and vectors [C]', inputs)
  }
}

/** Each row over its Euclidean norm, or over 1e-12 where it is shorter (as PyTorch's normalize): x [N, F] -> [N, F]. */
export function l2Normalise(x: FloatTensor): FloatTensor {
  if (!areFloats([x]) || x.shape.length !== 2) throw shapeError('l2Normalise', 'float32 x [N, F]', [x])
  // Bounded before the root, whose slope at 0 is infinite.
  const squares = maximum(sum(multiply(x, x), [1]), 1e-24)
  return divide(x, sqrt(squares))
}
