import { EvenkeelError } from '../../base/errors.ts'
import { createDataset, type Dataset, numberedClasses } from '../dataset.ts'

export interface ArraysOptions {
  /** [N, C, H, W]; kept, not copied. */
  readonly pixels: Uint8Array
  /** [N] integers from 0. */
  readonly labels: ArrayLike<number>
  readonly shape: readonly [channels: number, height: number, width: number]
  /** Default: '0', '1', ... up to the largest label. */
  readonly classNames?: readonly string[]
  /** Default 'arrays'. */
  readonly name?: string
  readonly description?: string
  /** Examples from here on are the set's own test set; default none. */
  readonly officialTestStart?: number
  /** The largest value a pixel can have; default 255. */
  readonly maxPixel?: number
}

/**
 * A dataset from arrays that a program already holds.
 *
 * @throws EvenkeelError `data.label-range` for a label that is no class, `data.content` where sizes disagree
 */
export function arrays(options: ArraysOptions): Dataset {
  const { pixels, shape, name = 'arrays' } = options
  const labels = Array.from(options.labels)
  const largest = options.classNames ? options.classNames.length - 1 : 65_535
  const bad = labels.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label <= largest))
  if (bad >= 0) {
    throw new EvenkeelError(
      'data.label-range',
      `labels of '${name}' must be integers from 0 to ${largest}, got ${labels[bad]} for example ${bad}`,
    )
  }
  const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  return createDataset({
    name,
    description: options.description ?? `${labels.length} images given as arrays`,
    shape,
    classNames: options.classNames ?? numberedClasses(classes),
    pixels,
    labels: Uint16Array.from(labels),
    officialTestStart: options.officialTestStart,
    maxPixel: options.maxPixel ?? 255,
  })
}
