/** Arrays of images to pixels [N, C, H, W] from 0 to 255: which axis is which, and what the numbers stand for. */
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { ImageShape } from '../../images.ts'
import type { NpyArray } from './npy.ts'

export const LAYOUTS = ['nhwc', 'nchw'] as const
export type Layout = (typeof LAYOUTS)[number]

/** How an array holds images. */
export interface ImageArray {
  readonly array: NpyArray
  readonly count: number
  /** Of an image, [C, H, W]. */
  readonly shape: ImageShape
  /** Of each axis of the array: how far a step along it leads in [N, C, H, W]. */
  readonly strides: readonly number[]
  /** How the axes were told apart, where nobody stated it. */
  readonly note: string | undefined
}

/** Channels by which an axis is known. */
const CHANNELS = [1, 3]

/**
 * The axes of an array of images: [N, H, W], or four of them in the stated layout, or else the one that its channels give away.
 *
 * @throws EvenkeelError `data.npz` for an array that cannot be images, and where the layout must be stated
 */
export function imageArray(array: NpyArray, stated: Layout | undefined): ImageArray {
  const { shape, kind } = array
  const sizes = shape.join(' x ')
  if (kind === 'text') throw wrong(array, 'holds text, but images were expected')
  if (shape.length !== 3 && shape.length !== 4) {
    throw wrong(
      array,
      `has ${shape.length} dimensions (${sizes}), but images need 3 or 4`,
      'save it as [N, H, W], [N, H, W, C] or [N, C, H, W]: array.reshape(...)',
    )
  }
  const count = shape[0]!
  if (shape.includes(0)) throw wrong(array, `holds nothing: its sizes are ${sizes}`)
  if (shape.length === 3) {
    const [, height, width] = shape as [number, number, number]
    return { array, count, shape: [1, height, width], strides: [height * width, width, 1], note: undefined }
  }
  const layout = stated ?? inferredLayout(array)
  const note = stated ? undefined : `${printable(array.name)} is ${sizes}: read as ${layout}, by its channels`
  const [, second, third, fourth] = shape as [number, number, number, number]
  const [channels, height, width] = layout === 'nhwc' ? [fourth, second, third] : [second, third, fourth]
  const [image, channel, row] = [channels * height * width, height * width, width]
  const strides = layout === 'nhwc' ? [image, row, 1, channel] : [image, channel, row, 1]
  return { array, count, shape: [channels, height, width], strides, note }
}

function inferredLayout(array: NpyArray): Layout {
  const { shape } = array
  const fits = LAYOUTS.filter((layout) => CHANNELS.includes(shape[layout === 'nhwc' ? 3 : 1]!))
  if (fits.length === 1) return fits[0]!
  const why = fits.length === 2 ? 'either the second or the last axis' : 'neither the second nor the last axis'
  const verb = fits.length === 2 ? 'can be' : 'is'
  throw wrong(
    array,
    `has the sizes ${shape.join(' x ')}, of which ${why} ${verb} 1 or 3 channels`,
    'say which it is with the option layout=nhwc or layout=nchw',
  )
}

/** What makes a pixel of a number. */
export interface PixelScale {
  /** Multiplied by it and rounded. */
  readonly factor: number
  readonly note: string | undefined
}

/**
 * What the numbers of all the arrays stand for: 0 to 255, or 0 to 1 of floats, truth values, and whole numbers of
 * which none is larger.
 *
 * @throws EvenkeelError `data.npz` for other ranges, and for what is no number, with its place
 */
export async function pixelScale(arrays: readonly NpyArray[]): Promise<PixelScale> {
  const [first] = arrays
  // Of bytes, the first that is neither 0 nor 1 says all.
  if (!first || (first.dtype === '|u1' && (await isAboveOne(arrays)))) return { factor: 1, note: undefined }
  let [least, greatest] = [Infinity, -Infinity]
  for (const array of arrays) {
    await eachItem(array, (value, at) => {
      if (!Number.isFinite(value)) throw wrong(array, `has ${value} at [${placeOf(array, at).join(', ')}]`)
      if (value < least) least = value
      if (value > greatest) greatest = value
    })
  }
  const range = `${least} to ${greatest}`
  // Brighter than 1, but not so bright that it can be of 255: scaled twice, or normalised.
  const isBetween = first.kind === 'float' && greatest > 1 && greatest < 2
  if (least < 0 || greatest > 255 || isBetween) {
    throw wrong(
      first,
      `has pixels from ${range}, but they must be from 0 to 255, or as floats from 0 to 1`,
      'save images as they were before they were normalised',
    )
  }
  if (first.kind === 'integer' && greatest !== 1) return { factor: 1, note: undefined }
  const factor = greatest <= 1 ? 255 : 1
  const done = factor === 1 ? 'rounded to whole numbers' : 'multiplied by 255 and rounded'
  return { factor, note: `pixels are ${first.dtype} from ${range}: ${done}` }
}

async function isAboveOne(arrays: readonly NpyArray[]): Promise<boolean> {
  for (const array of arrays) {
    for await (const chunk of array.chunks()) {
      for (let i = 0; i < chunk.length; i++) if ((chunk[i] as number) > 1) return true
    }
  }
  return false
}

/** Bytes of the pixels of all the images, one each. */
export function pixelBytes(images: readonly ImageArray[]): number {
  return images.reduce((sum, { count, shape: [c, h, w] }) => sum + count * c * h * w, 0)
}

/** Reads the images of an array into `pixels` [N, C, H, W]. */
export async function readPixels(
  { array, strides }: ImageArray,
  { factor }: PixelScale,
  pixels: Uint8Array,
): Promise<void> {
  const axes = array.shape.map((size, axis) => ({ size, stride: strides[axis]!, index: 0 }))
  const fromFastest = array.isFortran ? axes : axes.reverse()
  let position = 0
  await eachItem(array, (value) => {
    pixels[position] = Math.round(value * factor)
    for (const axis of fromFastest) {
      position += axis.stride
      if (++axis.index < axis.size) break
      position -= axis.stride * axis.size
      axis.index = 0
    }
  })
}

/** Calls `visit` with every number of an array and where it stands in the file. */
export async function eachItem(array: NpyArray, visit: (value: number, at: number) => void): Promise<void> {
  let at = 0
  for await (const chunk of array.chunks()) {
    for (let i = 0; i < chunk.length; i++) visit(chunk[i] as number, at++)
  }
}

/** Index of each axis for an item, by where it stands in the file. */
export function placeOf({ shape, isFortran }: Pick<NpyArray, 'shape' | 'isFortran'>, at: number): number[] {
  const place = new Array<number>(shape.length)
  const axes = shape.map((_, axis) => axis)
  for (const axis of isFortran ? axes : axes.reverse()) {
    place[axis] = at % shape[axis]!
    at = Math.floor(at / shape[axis]!)
  }
  return place
}

/** An error of what an array holds. */
export function wrong({ name, archive }: NpyArray, what: string, hint?: string): EvenkeelError {
  return new EvenkeelError('data.npz', `'${printable(name)}' of ${printable(archive)} ${what}`, hint)
}
