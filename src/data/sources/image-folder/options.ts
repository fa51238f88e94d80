import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'

export interface ImageFolderOptions {
  /** Length of the shorter side of an image as it is stored, in pixels, 8 to 4,096. @defaultValue 256, as in the paper */
  readonly side?: number | undefined
  /** Side of the square that networks see, in pixels, 1 to `side`. @defaultValue 7/8 of `side`, rounded: 224 of 256 */
  readonly crop?: number | undefined
  /** Images that cannot be decoded are an error, or left out. @defaultValue 'refuse' */
  readonly corrupt?: 'refuse' | 'skip' | undefined
  /** Images that are decoded at once; no result depends on it. @defaultValue twice the processors, which keeps them busy */
  readonly concurrency?: number | undefined
  /** Called as images are decoded: `done` of the `of` that the cache lacked. */
  readonly progress?: ((done: number, of: number) => void) | undefined
  /** Aborting it ends the decoding; what is decoded by then stays in the cache. */
  readonly stop?: AbortSignal | undefined
  /** Whether classes without an image that can be decoded may stay. @defaultValue they are an error */
  readonly emptyClasses?: 'allow' | undefined
}

export type Sides = Readonly<Record<'side' | 'crop', number>>

/**
 * The options of a reference, such as `side=96&corrupt=skip`.
 *
 * @throws EvenkeelError `data.option`
 */
export function imageFolderOptions({ side, crop, corrupt }: Readonly<Record<string, string>>): ImageFolderOptions {
  if (corrupt !== undefined && corrupt !== 'refuse' && corrupt !== 'skip') {
    throw new EvenkeelError('data.option', `option 'corrupt' must be refuse or skip, got '${printable(corrupt)}'`)
  }
  return { side: lengthOf('side', side), crop: lengthOf('crop', crop), corrupt }
}

/** Decimal digits alone: what else JavaScript takes for a number, nobody means. */
function lengthOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new EvenkeelError('data.option', `option '${name}' must be an integer, got '${printable(text)}'`)
}

/** Sides, filled in and checked. */
export function sidesOf({ side = 256, crop = Math.round((side * 7) / 8) }: ImageFolderOptions): Sides {
  const check = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return
    throw new EvenkeelError('data.option', `option '${name}' must be an integer from ${least} to ${most}, got ${value}`)
  }
  check('side', side, 8, 4096)
  check('crop', crop, 1, side)
  return { side, crop }
}
