import { statSync } from 'node:fs'
import { EvenkeelError } from '../../../base/errors.ts'
import { inOrder } from '../../../base/in-order.ts'
import { isSystemError } from '../../file-errors.ts'
import {
  bytesOf,
  type CacheHeader,
  createPart,
  type Part,
  type PartWriter,
  readParts,
  removePart,
  storageError,
} from './cache-part.ts'
import { decode, decoder, type Fault, isFault } from './decode.ts'
import { type CachedImage, type ImagesOnDisk, imagesOnDisk } from './images-on-disk.ts'
import { byCodePoint, type ImageFile } from './listing.ts'

export interface CacheOptions {
  /** Folder of the cache. */
  readonly folder: string
  /** The bytes of an image file, or why there are none. */
  readonly read: (file: ImageFile) => Promise<Uint8Array | Fault>
  /** Length of the shorter side, in pixels. */
  readonly side: number
  /** Images that are decoded at once. */
  readonly concurrency: number
  /** Called as images are decoded: `done` of the `of` that the cache lacked. */
  readonly progress?: ((done: number, of: number) => void) | undefined
  /** Aborting it ends the decoding. */
  readonly stop?: AbortSignal | undefined
}

/** What became of the files. */
export interface OpenedCache {
  /** In the order of the files. */
  readonly outcomes: readonly (CachedImage | Fault)[]
  /** Those that are images, in the same order. */
  readonly images: ImagesOnDisk
}

/** Up to so many bytes every image is checked whenever the cache is opened; of more, a sample is. */
const CHECK_ALL_BYTES = 2 * 2 ** 30
const SAMPLE = 256

/** How often the cache is opened while others take away its parts. */
const ATTEMPTS = 3

/** A part without a line that is so much older than a new one is nobody's any more, in milliseconds. */
const ABANDONED_AFTER = 24 * 60 * 60 * 1000

/**
 * The decoded images of the files. What the cache lacks is decoded: files that are new or have changed, and images that were
 * damaged in the cache. A file that cannot be decoded is tried again each time: it may have been memory that was lacking.
 *
 * @throws EvenkeelError `data.disk-full`, `data.cache`, `data.stopped`, and those of `read`
 */
export async function openCache(files: readonly ImageFile[], options: CacheOptions): Promise<OpenedCache> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToOpen(files, options)
    } catch (error) {
      if (!isSystemError(error)) throw error
      // Only a part can be missing: another process removed it since its name was read.
      if (error.code !== 'ENOENT' || attempt === ATTEMPTS) throw storageError(options.folder, error)
    }
  }
}

async function tryToOpen(files: readonly ImageFile[], options: CacheOptions): Promise<OpenedCache> {
  const header: CacheHeader = { format: 1, decoder, side: options.side }
  const parts = readParts(options.folder, header)
  const found = findImages(parts, files)
  for (const path of damagedIn(found)) found.delete(path)
  // By path, whatever their order: images that lie in one file, or next to each other on a disk, are read one after the other.
  const missing = files.filter(({ path }) => !found.has(path)).toSorted((a, b) => byCodePoint(a.path, b.path))
  const begin = async () => {
    const writer = await createPart(options.folder, header)
    // Not before there is a newer one, so that no other part ever gets the name of a removed one.
    removeUseless(parts, found, statSync(writer.path).mtimeMs)
    return writer
  }
  const faults = await decodeAll(missing, found, begin, options)
  const outcomes = files.map(({ path }) => found.get(path) ?? faults.get(path)!)
  return { outcomes, images: imagesOnDisk(outcomes.filter(isImage)) }
}

export function isImage(outcome: CachedImage | Fault): outcome is CachedImage {
  return !isFault(outcome)
}

/** By path of the file. */
type Found = Map<string, CachedImage>

/** What the parts hold of the files as they are now; the newest, where several parts do. */
function findImages(parts: readonly Part[], files: readonly ImageFile[]): Found {
  const current = new Map(files.map((file) => [file.path, file]))
  const found: Found = new Map()
  for (const part of parts) {
    for (const entry of part.entries) {
      const file = current.get(entry.path)
      const isCurrent =
        file && file.size === entry.size && file.modified === entry.modified && file.changed === entry.changed
      const { offset, height, width, sha256 } = entry
      // Lines of files that could not be decoded, which were written once, have no size and fit nowhere.
      if (isCurrent && offset + bytesOf(entry) <= part.size) {
        found.set(entry.path, { offset, height, width, sha256, part: part.path })
      }
    }
  }
  return found
}

/** Paths whose pixels are not those that were written: of all, or none where a sample of many shows none. */
function damagedIn(found: Found): string[] {
  const images = [...found.values()]
  const bytes = images.reduce((sum, image) => sum + bytesOf(image), 0)
  const store = imagesOnDisk(images)
  const check = (step: number) => [...found.keys()].filter((_, index) => index % step === 0 && !store.isSound(index))
  try {
    const isLarge = bytes > CHECK_ALL_BYTES
    if (isLarge && check(Math.ceil(images.length / SAMPLE)).length === 0) return []
    return check(1)
  } finally {
    store.close()
  }
}

/** Parts written otherwise, and those of which nothing is of use any more. One that another process may just have begun is let be. */
function removeUseless(parts: readonly Part[], found: Found, now: number): void {
  const used = new Set([...found.values()].map(({ part }) => part))
  for (const part of parts) {
    const mayBeBegun = part.header === 'none' && now - part.modified < ABANDONED_AFTER
    if (!used.has(part.path) && !mayBeBegun) removePart(part)
  }
}

/** Adds the images of the files to what was found, in a part that begins with the first of them, and returns the faults by path. */
async function decodeAll(
  missing: readonly ImageFile[],
  found: Found,
  begin: () => Promise<PartWriter>,
  { read, side, concurrency, progress, stop }: CacheOptions,
): Promise<Map<string, Fault>> {
  const results = inOrder(missing, concurrency, async (file) => {
    const bytes = await read(file)
    return { file, result: isFault(bytes) ? bytes : await decode(bytes, side) }
  })
  const faults = new Map<string, Fault>()
  let writer: PartWriter | undefined
  let done = 0
  try {
    for await (const { file, result } of results) {
      if (isFault(result)) faults.set(file.path, result)
      else {
        writer ??= await begin()
        found.set(file.path, { ...(await writer.add(file, result)), part: writer.path })
      }
      progress?.(++done, missing.length)
      if (stop?.aborted && done < missing.length) throw stopped(done, missing.length)
    }
  } finally {
    await writer?.close()
  }
  return faults
}

function stopped(done: number, of: number): EvenkeelError {
  const [some, all] = [done, of].map((count) => count.toLocaleString('en-US'))
  return new EvenkeelError(
    'data.stopped',
    `stopped after ${some} of ${all} images were decoded`,
    'the same command goes on from there',
  )
}
