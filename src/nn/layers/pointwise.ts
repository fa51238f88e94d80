import { EvenkeelError } from '../../base/errors.ts'
import {
  flatten as flattenTensor,
  multiplyMask,
  relu as rectify,
  leakyRelu as rectifyLeaking,
} from '../../engine/index.ts'
import { type LayerFactory, layerOf, pure } from './layer.ts'

/** Layers without weights that keep every number where it is. */

/** max(x, 0). */
export const relu: LayerFactory = pure(rectify)

/** x where it is positive, slope * x elsewhere. */
export function leakyRelu(slope = 0.01): LayerFactory {
  return pure((x) => rectifyLeaking(x, slope))
}

/** [C, H, W] -> [C * H * W], channels outermost. */
export const flatten: LayerFactory = pure(flattenTensor)

/**
 * Dropout: in training each number is 0 with probability `rate` in [0, 1), else divided by 1 - rate; in evaluation all stay as they
 * are (Srivastava et al. 2014, in the inverted form of Caffe and PyTorch). The mask is an input of the step, named by the layer, so
 * one seed gives one mask on any device.
 *
 * @throws EvenkeelError `nn.dropout` for a rate outside [0, 1)
 */
export function dropout(name: string, rate: number): LayerFactory {
  if (!(rate >= 0 && rate < 1)) {
    throw new EvenkeelError('nn.dropout', `the rate of dropout ${name} must be in [0, 1), got ${rate}`)
  }
  const keep = 1 - rate
  return (shape) =>
    layerOf(shape, [], (x, context) =>
      context.mode === 'evaluate' || rate === 0 ? x : multiplyMask(x, context.mask(name, x.shape, keep), keep),
    )
}
