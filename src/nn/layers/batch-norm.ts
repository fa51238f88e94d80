import {
  add,
  divide,
  type FloatTensor,
  multiply,
  normalise,
  batchNorm as normaliseBatch,
  size,
  subtract,
} from '../../engine/index.ts'
import type { ForwardContext } from '../forward.ts'
import type { Parameter } from '../parameter.ts'
import { type LayerFactory, layerOf } from './layer.ts'

/**
 * Batch normalisation (Ioffe and Szegedy 2015): y = scale * (x - mean) / sqrt(variance + epsilon) + shift, for each channel of
 * [C, H, W]. Training takes mean and biased variance from the batch, evaluation takes running averages of both, into which
 * the variance goes unbiased (m / (m - 1) for m numbers a channel). The two conventions average differently:
 *
 * - 'pytorch': running' = (1 - momentum) running + momentum batch, so that the start (mean 0, variance 1) fades out.
 * - 'caffe' (batch_norm_layer.cpp): sum' = fraction sum + batch and weight' = fraction weight + 1 with fraction = 1 - momentum,
 *   and evaluation takes sum / weight. What is kept here is that quotient and the weight, so that both conventions evaluate alike.
 */
export interface BatchNormOptions {
  /** Added to the variance. @defaultValue 1e-5, as in PyTorch and Caffe */
  readonly epsilon?: number
  /** @defaultValue 'pytorch' */
  readonly convention?: 'pytorch' | 'caffe'
  /** Weight of a new batch. @defaultValue 0.1 for 'pytorch', 0.001 for 'caffe' (moving_average_fraction 0.999) */
  readonly momentum?: number
  /** Factor on the learning rate of the shift. @defaultValue 1 */
  readonly shiftLearningRate?: number
  /** Factor on the weight decay of scale and shift. @defaultValue 1 */
  readonly weightDecay?: number
}

const defaultMomentum = { pytorch: 0.1, caffe: 0.001 } as const

/** Batch normalisation of each channel: [C, H, W] -> [C, H, W]. */
export function batchNorm(name: string, options: BatchNormOptions = {}): LayerFactory {
  const { epsilon = 1e-5, convention = 'pytorch', momentum = defaultMomentum[convention] } = options
  const { shiftLearningRate = 1, weightDecay = 1 } = options
  return (shape) => {
    const parameter = (suffix: string, role: Parameter['role'], value: number): Parameter => ({
      name: `${name}.${suffix}`,
      shape: [shape[0]!],
      role,
      fanIn: 1,
      fanOut: 1,
      start: { kind: 'constant', value },
      learningRateMultiplier: 1,
      weightDecayMultiplier: weightDecay,
    })
    const scale = parameter('scale', 'scale', 1)
    const shift = { ...parameter('shift', 'shift', 0), learningRateMultiplier: shiftLearningRate }
    const mean = parameter('mean', 'running mean', 0)
    const variance = parameter('variance', 'running variance', 1)
    const weight = { ...parameter('weight', 'running weight', 0), shape: [1] }

    /** What share of the running averages a new batch becomes. */
    const shareOf = (context: ForwardContext): FloatTensor | number => {
      if (convention === 'pytorch') return momentum
      const total = add(multiply(context.parameter(weight.name), 1 - momentum), 1)
      context.update(weight.name, total)
      return divide(1, total)
    }
    const average = (context: ForwardContext, batch: { mean: FloatTensor; variance: FloatTensor }): void => {
      const share = shareOf(context)
      const move = ({ name }: Parameter, value: FloatTensor) => {
        const old = context.parameter(name)
        context.update(name, add(old, multiply(subtract(value, old), share)))
      }
      move(mean, batch.mean)
      move(variance, batch.variance)
    }

    const all = [scale, shift, mean, variance, ...(convention === 'caffe' ? [weight] : [])]
    return layerOf(shape, all, (x, context) => {
      const [gamma, beta] = [context.parameter(scale.name), context.parameter(shift.name)]
      if (context.mode === 'evaluate') {
        return normalise(x, context.parameter(mean.name), context.parameter(variance.name), gamma, beta, epsilon)
      }
      const batch = normaliseBatch(x, gamma, beta, { epsilon })
      const count = size(x.shape) / shape[0]!
      average(context, { mean: batch.mean, variance: multiply(batch.variance, count / Math.max(count - 1, 1)) })
      return batch.y
    })
  }
}
