import { createHash } from 'node:crypto'
import { availableParallelism, homedir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { checkDescription, type Dataset, hashContent } from '../../dataset.ts'
import { openCache } from './cache.ts'
import { isImage } from './cache-part.ts'
import { isFault } from './decode.ts'
import { imagesOnDisk } from './images-on-disk.ts'
import { listImages } from './listing.ts'

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
}

/** How many images that were left out are named. */
const NAMED_IN_NOTES = 20
const NAMED_IN_ERROR = 3

/**
 * Images of any size, a folder for each class (see `listImages`), in colour. They are decoded once into a cache and read from
 * there one by one, so that memory holds none of them; the cache is brought up to date whenever the set is opened. Images are
 * stored whole, their shorter side `side`; networks see squares of `crop`, the middle if nothing else is asked for.
 *
 * The cache lies in `EVENKEEL_CACHE`, else in `evenkeel` of `XDG_CACHE_HOME` or ~/.cache, one folder for each set and side; it may be
 * deleted when no study runs.
 *
 * @throws EvenkeelError `data.option`, `data.corrupt`, and those of `listImages` and `openCache`
 */
export async function imageFolder(directory: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  const { corrupt = 'refuse', concurrency = 2 * availableParallelism(), progress } = options
  const { side, crop } = sidesOf(options)
  const { root, classes, notes } = listImages(directory)
  const listed = (['train', 'test'] as const).flatMap((role) =>
    classes.flatMap((files, label) => files[role].map((file) => ({ file, label, role }))),
  )
  const entries = await openCache(
    listed.map(({ file }) => file),
    { folder: cacheFolder(root, side), root, side, concurrency, progress },
  )
  const faults = entries.flatMap((entry, i) => (isFault(entry) ? [`${listed[i]!.file.path} (${entry.fault})`] : []))
  if (faults.length > 0 && corrupt === 'refuse') {
    throw new EvenkeelError(
      'data.corrupt',
      `${faults.length} of ${listed.length} images in ${directory} cannot be decoded: ` +
        firstOf(faults, NAMED_IN_ERROR).join('; '),
      'mend or remove them, or leave them out with the option corrupt=skip, as in image-folder:DIR?corrupt=skip',
    )
  }
  const kept = listed.filter((_, i) => isImage(entries[i]!))
  const inTraining = kept.filter(({ role }) => role === 'train')
  const labelsInTraining = new Set(inTraining.map(({ label }) => label))
  const empty = classes.find((_, label) => !labelsInTraining.has(label))
  if (empty) {
    throw new EvenkeelError('data.corrupt', `class '${empty.name}' of ${directory} has no image that can be decoded`)
  }
  const description = {
    name: basename(root),
    description:
      `Images in ${directory}, shorter side ${side}, seen through windows of ${crop}x${crop}` +
      (faults.length > 0 ? `; ${faults.length} of ${listed.length} could not be decoded and were left out` : ''),
    notes: [...notes, ...firstOf(faults, NAMED_IN_NOTES).map((fault) => `left out: ${fault}`)],
    shape: [3, crop, crop] as const,
    classNames: classes.map(({ name }) => name),
    labels: Uint16Array.from(kept, ({ label }) => label),
    officialTestStart: inTraining.length < kept.length ? inTraining.length : undefined,
    maxPixel: 255,
  }
  checkDescription(description)
  const images = entries.filter(isImage)
  return {
    ...description,
    images: imagesOnDisk(images),
    contentHash: hashContent(description, (hash) => {
      for (const { height, width, sha256 } of images) hash.update(`${height}x${width} ${sha256}\n`)
    }),
  }
}

/**
 * The options of a reference, such as `side=96&corrupt=skip`.
 *
 * @throws EvenkeelError `data.option`
 */
export function imageFolderOptions({ side, crop, corrupt }: Readonly<Record<string, string>>): ImageFolderOptions {
  if (corrupt !== undefined && corrupt !== 'refuse' && corrupt !== 'skip') {
    throw new EvenkeelError(
      'data.option',
      `option 'corrupt' of 'image-folder' must be refuse or skip, got '${corrupt}'`,
    )
  }
  return { side: side === undefined ? side : Number(side), crop: crop === undefined ? crop : Number(crop), corrupt }
}

/** Sides, checked; a number that none was meant by is NaN. */
function sidesOf({ side = 256, crop = Math.round((side * 7) / 8) }: ImageFolderOptions): {
  side: number
  crop: number
} {
  const check = (name: string, value: number, least: number, most: number) => {
    if (Number.isInteger(value) && value >= least && value <= most) return
    throw new EvenkeelError(
      'data.option',
      `option '${name}' of 'image-folder' must be an integer from ${least} to ${most}, got ${value}`,
    )
  }
  check('side', side, 8, 4096)
  check('crop', crop, 1, side)
  return { side, crop }
}

/** The first of them, and how many more there are. */
function firstOf(names: readonly string[], most: number): string[] {
  return names.length > most ? [...names.slice(0, most), `and ${names.length - most} more`] : [...names]
}

function cacheFolder(root: string, side: number): string {
  const { EVENKEEL_CACHE, XDG_CACHE_HOME = '' } = process.env
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache')
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12)
  return join(EVENKEEL_CACHE || join(caches, 'evenkeel'), 'image-folder', `${basename(root)}-${side}-${key}`)
}
