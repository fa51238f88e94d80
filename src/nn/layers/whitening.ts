import { EvenkeelError } from '../../base/errors.ts'
import { divide, flatten, l2Normalise, matmul, multiply, reshape, size, subtract, sum } from '../../engine/index.ts'
import type { Parameter } from '../parameter.ts'
import { type LayerFactory, layerOf, pure } from './layer.ts'

/**
 * What is done to whole images before a network sees them: contrast normalisation of each by itself, then whitening by the
 * covariance of the training images. Source: pylearn2's make_cifar10_gcn_whitened.py, which Springenberg et al. 2015 and Buda
 * et al. 2018 (section 3.3.2) name for CIFAR-10.
 */

/**
 * Global contrast normalisation: scale (x - mean) / ||x - mean|| of each image [C, H, W], the mean over all of its numbers. An
 * image of one colour becomes 0. What pixels were divided by before makes no difference.
 */
export function globalContrast(scale: number): LayerFactory {
  return pure((x) => {
    const rows = flatten(x)
    const mean = divide(sum(rows, [1]), rows.shape[1]!)
    return reshape(multiply(l2Normalise(subtract(rows, mean)), scale), x.shape)
  })
}

/** Names of the parameters of `whiten`, of which a network has one at most. */
export const whiteningParameters = { mean: 'whitening.mean', matrix: 'whitening.matrix' } as const

/** Most numbers of an image that is whitened: its matrix takes 256 MiB. */
const LARGEST_IMAGE = 8192

/**
 * Whitening: (x - mean) matrix, over all D = C H W numbers of an image [C, H, W] at once. Mean [D] and matrix [D, D] are fitted before
 * training and fixed in it; until they are fitted they are 0, and so is every image.
 *
 * @throws EvenkeelError `nn.network` where the matrix would be too large
 */
export const whiten: LayerFactory = (shape) => {
  const count = size(shape)
  if (count > LARGEST_IMAGE) {
    const gigabytes = (count ** 2 * Float32Array.BYTES_PER_ELEMENT) / 2 ** 30
    throw new EvenkeelError(
      'nn.network',
      `images of ${shape.join('x')} cannot be whitened: the matrix would take ${gigabytes.toFixed(1)} GiB`,
      `whitening is for images of at most ${LARGEST_IMAGE} numbers, channels included`,
    )
  }
  const fixed = (name: string, shape: readonly number[]): Parameter => ({
    name,
    shape,
    role: 'fixed',
    fanIn: count,
    fanOut: count,
    start: { kind: 'constant', value: 0 },
    learningRateMultiplier: 0,
    weightDecayMultiplier: 0,
  })
  const mean = fixed(whiteningParameters.mean, [count])
  const matrix = fixed(whiteningParameters.matrix, [count, count])
  return layerOf(shape, [mean, matrix], (x, context) => {
    const centred = subtract(flatten(x), context.parameter(mean.name))
    return reshape(matmul(centred, context.parameter(matrix.name)), x.shape)
  })
}
