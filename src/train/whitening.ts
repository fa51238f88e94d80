import { EvenkeelError } from '../base/errors.ts'
import { type Examples, imageSize } from '../data/index.ts'
import {
  compile,
  constant,
  type FloatTensor,
  flatten,
  input,
  matmul,
  release,
  size,
  subtract,
  sum,
  toFloat,
} from '../engine/index.ts'
import { evaluationContext, layers, type Named } from '../nn/index.ts'
import { pixelFeed } from './feed.ts'
import { inverseRoot } from './inverse-root.ts'

/**
 * Fits ZCA whitening (Bell and Sejnowski 1997) to contrast-normalised images X [n, D]:
 *
 *     matrix = (C + filterBias I)^(-1/2),  C = (X - mean)^T (X - mean) / n
 *
 * as pylearn2's ZCA has it. The root is the symmetric one, so that whitened images still look like images.
 */
export interface WhiteningOptions {
  /** Norm of each image after contrast normalisation, > 0; 55 in the paper. */
  readonly scale: number
  /** Added to the variances, > 0; 0.1 in the paper. It stands for those of directions that too few images leave without any. */
  readonly filterBias: number
}

/** Images whose products are summed in float32; sums of so many are summed in float64. */
const BATCH = 500

/**
 * The parameters of whitening for some images, by name: a network with this preprocessing starts from them. For 30,000 images of
 * 3x32x32 that is a minute of one core and 600 MB; it is always done on the CPU, in one thread. Whitened numbers are then off by 1e-5 of
 * their size; a bias under a millionth of all variance asks too much of float32.
 *
 * @throws EvenkeelError `train.whitening` where there is no image, or the scale or the bias is not > 0
 */
export async function fitWhitening(
  examples: Examples<'train'>,
  { scale, filterBias }: WhiteningOptions,
): Promise<Named<Float32Array>> {
  const check = (what: string, value: number, rule: string, holds: boolean) => {
    if (!holds) throw new EvenkeelError('train.whitening', `${what} must be ${rule}, got ${value}`)
  }
  check(
    'the number of images that whitening is fitted to',
    examples.indices.length,
    '>= 1',
    examples.indices.length > 0,
  )
  check('preprocessing.scale', scale, 'a finite number > 0', Number.isFinite(scale) && scale > 0)
  check('preprocessing.filterBias', filterBias, 'a finite number > 0', Number.isFinite(filterBias) && filterBias > 0)

  const { dataset } = examples
  const count = imageSize(dataset)
  const normalise = layers.globalContrast(scale)(dataset.shape)
  const rows = (images: FloatTensor) => flatten(normalise.forward(images, evaluationContext({})))
  const mean = Float32Array.from(await meanOf(examples, (images) => sum(rows(images), [0])))
  const covariance = await meanOf(examples, (images) => {
    const centred = subtract(rows(images), constant([count], mean))
    return matmul(centred, centred, { transposeA: true })
  })
  for (let i = 0; i < count; i++) covariance[i * (count + 1)]! += filterBias
  const { whiteningParameters: names } = layers
  return { [names.mean]: mean, [names.matrix]: await inverseRoot(covariance, count, filterBias) }
}

/** Sums that `graph` makes of each batch of images [B, C, H, W], added up and divided by the number of images. */
async function meanOf(examples: Examples<'train'>, graph: (images: FloatTensor) => FloatTensor): Promise<Float64Array> {
  const { indices, dataset } = examples
  const feed = pixelFeed(examples)
  const whole = indices.length - (indices.length % BATCH)
  let total: Float64Array | undefined
  for (const part of [indices.subarray(0, whole), indices.subarray(whole)]) {
    if (part.length === 0) continue
    const batch = Math.min(BATCH, part.length)
    const result = graph(toFloat(input('pixels', 'uint8', [batch, ...dataset.shape])))
    total ??= new Float64Array(size(result.shape))
    const program = await compile({ result })
    for (let start = 0; start < part.length; start += batch) {
      const results = await program.run({ pixels: await feed.batch(part.subarray(start, start + batch), 0) })
      const numbers = results.result!.data as Float32Array
      for (let i = 0; i < numbers.length; i++) total[i]! += numbers[i]!
      release([results.result!])
    }
    await program.dispose()
  }
  return total!.map((number) => number / indices.length)
}
