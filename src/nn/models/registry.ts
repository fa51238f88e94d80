import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import type { ImageShape, Network } from '../network.ts'
import { lenet5 } from './lenet5.ts'

/** What a model is fitted to. */
export interface ImageOptions {
  readonly input: ImageShape
  readonly classes: number
  /** Largest value that a pixel can have. */
  readonly maxPixel: number
}

export interface ModelEntry {
  readonly id: string
  readonly title: string
  readonly source: string
  build(images: ImageOptions): Network
}

/** Networks by name: the CLI's choices and the config's. */
export const models: readonly ModelEntry[] = [
  {
    id: 'lenet5',
    title: 'LeNet-5 (20-50-500), for small grey images',
    source: 'Buda et al. 2018, table 2; LeCun et al. 1998',
    // The number of grey levels: 256 for bytes, as in Caffe's example.
    build: ({ input, classes, maxPixel }) => lenet5({ input, classes, pixelDivisor: maxPixel + 1 }),
  },
]

export function modelById(id: string): ModelEntry {
  const entry = models.find((model) => model.id === id)
  if (entry) return entry
  throw new EvenkeelError(
    'nn.model',
    `there is no model '${id}'`,
    didYouMean(
      id,
      models.map((model) => model.id),
    ),
  )
}
