import type { ImageShape } from '../../data/index.ts'
import { isRunning, modelById, parametersOf } from '../../nn/index.ts'
import type { Augmentation } from '../../train/index.ts'
import { headCost } from '../totals.ts'
import type { ImageFacts } from './facts.ts'

/** A size at which images may be studied, and all that follows from it. */
export interface Candidate {
  /** What is added to the reference; undefined where images have their own size or the person's. */
  readonly size: Size | undefined
  /** What networks see. */
  readonly shape: ImageShape
  readonly model: string
  readonly batch: number
  readonly augmentation: Required<Augmentation>
  /** Batches over which averages are taken anew; undefined where the network has none. */
  readonly recomputeAverages: number | undefined
  /** Of a step of the head alone, in steps of the whole network. */
  readonly headCost: number
}

export interface Size {
  /** Shorter side that images are scaled to, in pixels. */
  readonly side: number
  /** Side of the window that networks see, in pixels. */
  readonly crop: number
}

/** Every window is 8/9 of the side, or 7/8, as in the paper on ImageNet. */
export const SIZES: readonly Size[] = [
  { side: 36, crop: 32 },
  { side: 54, crop: 48 },
  { side: 72, crop: 64 },
  { side: 108, crop: 96 },
  { side: 144, crop: 128 },
  { side: 256, crop: 224 },
]

/** The size at which images are opened to be looked at: the one that most studies end with. */
export const FIRST_SIZE: Size = SIZES[2]!

/** Largest side of the images that LeNet-5 was made for. */
const SMALL = 32

/** From so many training images on a step takes 32 of them, of fewer 16: a small set is seen often enough in either case. */
const MANY = 500

/** Images over which averages are taken anew. */
const AVERAGED = 640

/** What a person said, and is not chosen. */
export interface CandidateWishes {
  readonly model?: string | undefined
  readonly batch?: number | undefined
}

/** Every size that the images allow, smallest first, none above that of half of the originals; `training` images are trained on. */
export function candidatesFor(facts: ImageFacts, training: number, wishes: CandidateWishes = {}): readonly Candidate[] {
  return sizesFor(facts).map((size) => candidate(facts, size, training, wishes))
}

function sizesFor({ sizeIsOpen, medianSide }: ImageFacts): readonly (Size | undefined)[] {
  if (!sizeIsOpen) return [undefined]
  if (medianSide === undefined) return SIZES
  const sizes = SIZES.filter(({ side }) => side <= medianSide)
  return sizes.length > 0 ? sizes : [{ side: medianSide, crop: medianSide }]
}

function candidate(facts: ImageFacts, size: Size | undefined, training: number, wishes: CandidateWishes): Candidate {
  const [channels, height, width] = facts.shape
  const shape: ImageShape = size ? [channels, size.crop, size.crop] : facts.shape
  const side = Math.min(shape[1], shape[2])
  const model = wishes.model ?? (facts.isGrey && side <= SMALL ? 'lenet5' : 'resnet10')
  const batch = wishes.batch ?? batchFor(training)
  const hasRoom = size ? size.crop < size.side : facts.storedSide > Math.min(height, width)
  const { classNames, maxPixel, isGrey } = facts
  const network = modelById(model).build({ input: shape, classes: classNames.length, maxPixel })
  return {
    size,
    shape,
    model,
    batch,
    augmentation: augmentationFor({ side, hasRoom, isGrey }),
    recomputeAverages: parametersOf(network).some(isRunning) ? Math.min(50, Math.ceil(AVERAGED / batch)) : undefined,
    headCost: headCost(network, training),
  }
}

/** Images a step. */
export function batchFor(training: number): number {
  return training < MANY ? 16 : 32
}

/** What leaves a picture what it is: a mirrored photograph shows the same, a mirrored digit or letter does not. */
function augmentationFor(seen: { side: number; hasRoom: boolean; isGrey: boolean }): Required<Augmentation> {
  const { side, hasRoom, isGrey } = seen
  const mirror = !isGrey && side >= SMALL
  if (hasRoom) return { pad: 0, mirror, crop: 'random' }
  // He et al. 2016 pad CIFAR's 32 pixels by 4; strokes at the border of a glyph are lost sooner.
  return { pad: mirror ? Math.round(side / 8) : Math.min(2, Math.round(side / 8)), mirror, crop: 'centre' }
}
