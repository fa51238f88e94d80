import { createHash } from 'node:crypto'
import { availableParallelism, homedir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { checkDescription, type Dataset, hashContent, type LeftOut } from '../../dataset.ts'
import { isImage, type OpenedCache, openCache } from './cache.ts'
import { isFault } from './decode.ts'
import { type ClassFiles, type ImageFile, type Listing, listImages } from './listing.ts'

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
}

type Sides = Readonly<Record<'side' | 'crop', number>>

/** How many images that were left out are named in text; the dataset has them all. */
const NAMED_IN_NOTES = 20
const NAMED_IN_ERROR = 3

/**
 * Images of any size, a folder for each class (see `listImages`), in colour. They are decoded once into a cache and read from
 * there one by one, so that memory holds none of them; the cache is brought up to date whenever the set is opened. Images are
 * stored whole, their shorter side `side`; networks see squares of `crop`, the middle if nothing else is asked for.
 *
 * The cache lies in `EVENKEEL_CACHE`, else in `evenkeel` of `XDG_CACHE_HOME` or ~/.cache, one folder for each set and side; it may be
 * deleted when no study runs. Each process lists the files and reads the cache's journal for itself: seconds for a million images.
 *
 * @throws EvenkeelError `data.option`, `data.corrupt`, and those of `listImages` and `openCache`
 */
export async function imageFolder(directory: string, options: ImageFolderOptions = {}): Promise<Dataset> {
  const { corrupt = 'refuse', concurrency = 2 * availableParallelism(), progress, stop } = options
  const sides = sidesOf(options)
  const listing = listImages(directory)
  const { root, classes } = listing
  const listed = (['train', 'test'] as const).flatMap((role) =>
    classes.flatMap((files, label) => files[role].map((file) => ({ file, label, role }))),
  )
  const opened = await openCache(
    listed.map(({ file }) => file),
    { folder: cacheFolder(root, sides.side), root, side: sides.side, concurrency, progress, stop },
  )
  try {
    return datasetOf(directory, listing, listed, opened, sides, corrupt)
  } catch (error) {
    opened.images.close()
    throw error
  }
}

/** An image file, and where it belongs. */
interface ListedFile {
  readonly file: ImageFile
  /** Index of its class. */
  readonly label: number
  readonly role: 'train' | 'test'
}

function datasetOf(
  directory: string,
  { root, classes, notes }: Listing,
  listed: readonly ListedFile[],
  { outcomes, images }: OpenedCache,
  { side, crop }: Sides,
  corrupt: 'refuse' | 'skip',
): Dataset {
  const leftOut: LeftOut[] = outcomes.flatMap((outcome, i) =>
    isFault(outcome) ? [{ path: listed[i]!.file.path, reason: outcome.fault }] : [],
  )
  const kept = listed.filter((_, i) => isImage(outcomes[i]!))
  if (leftOut.length > 0) {
    if (corrupt === 'refuse') throw undecodable(directory, side, leftOut, listed.length)
    requireAllClasses(directory, classes, kept)
  }
  const inTraining = kept.filter(({ role }) => role === 'train')
  const description = {
    name: basename(root),
    description:
      `Images in ${directory}, shorter side ${side}, seen through windows of ${crop}x${crop}` +
      (leftOut.length > 0 ? `; ${leftOut.length} of ${listed.length} could not be decoded and were left out` : ''),
    notes: [...notes, ...firstOf(leftOut, NAMED_IN_NOTES).map((text) => `left out: ${text}`)],
    leftOut,
    shape: [3, crop, crop] as const,
    classNames: classes.map(({ name }) => name),
    labels: Uint16Array.from(kept, ({ label }) => label),
    officialTestStart: inTraining.length < kept.length ? inTraining.length : undefined,
    maxPixel: 255,
  }
  checkDescription(description)
  return {
    ...description,
    images,
    contentHash: hashContent(description, (hash) => {
      for (const { height, width, sha256 } of outcomes.filter(isImage)) hash.update(`${height}x${width} ${sha256}\n`)
    }),
  }
}

function undecodable(directory: string, side: number, leftOut: readonly LeftOut[], listed: number): EvenkeelError {
  return new EvenkeelError(
    'data.corrupt',
    `${leftOut.length} of ${listed} images in ${directory} cannot be decoded: ` +
      firstOf(leftOut, NAMED_IN_ERROR).join('; '),
    'mend or remove them, or leave them out with the option corrupt=skip: ' +
      `evenkeel data inspect 'image-folder:${directory}?side=${side}&corrupt=skip' --json names all of them`,
  )
}

/** Neither a class nor its part of the test set may vanish because none of its images can be decoded. */
function requireAllClasses(directory: string, classes: readonly ClassFiles[], kept: readonly ListedFile[]): void {
  for (const role of ['train', 'test'] as const) {
    const labels = new Set(kept.filter((file) => file.role === role).map(({ label }) => label))
    const lost = classes.find((files, label) => files[role].length > 0 && !labels.has(label))
    if (lost) {
      throw new EvenkeelError(
        'data.corrupt',
        `class '${lost.name}' of ${directory} has no image to ${role} on that can be decoded`,
        'mend one of them, or take the class away',
      )
    }
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
  return { side: lengthOf('side', side), crop: lengthOf('crop', crop), corrupt }
}

/** Decimal digits alone: what else JavaScript takes for a number, nobody means. */
function lengthOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new EvenkeelError('data.option', `option '${name}' of 'image-folder' must be an integer, got '${text}'`)
}

/** Sides, checked. */
function sidesOf({ side = 256, crop = Math.round((side * 7) / 8) }: ImageFolderOptions): Sides {
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

/** The first of them in words, and how many more there are. */
function firstOf(leftOut: readonly LeftOut[], most: number): string[] {
  const named = leftOut.slice(0, most).map(({ path, reason }) => `${path} (${reason})`)
  return leftOut.length > most ? [...named, `and ${leftOut.length - most} more`] : named
}

function cacheFolder(root: string, side: number): string {
  const { EVENKEEL_CACHE, XDG_CACHE_HOME = '' } = process.env
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache')
  const key = createHash('sha256').update(root).digest('hex').slice(0, 12)
  return join(EVENKEEL_CACHE || join(caches, 'evenkeel'), 'image-folder', `${basename(root)}-${side}-${key}`)
}
