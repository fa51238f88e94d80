import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bytesOf,
  type CacheHeader,
  createPart,
  type Entry,
  isImage,
  type Outcome,
  type Part,
  type PartWriter,
  readParts,
  removePart,
  sha256,
} from './cache-part.ts'
import { decode, decoder, isFault } from './decode.ts'
import { imagesOnDisk } from './images-on-disk.ts'
import { inOrder } from './in-order.ts'
import { type ImageFile, unreadable } from './listing.ts'

export interface CacheOptions {
  /** Folder of the cache. */
  readonly folder: string
  /** Folder of the image files. */
  readonly root: string
  /** Length of the shorter side, in pixels. */
  readonly side: number
  /** Images that are decoded at once. */
  readonly concurrency: number
  /** Called as images are decoded: `done` of the `of` that the cache lacked. */
  readonly progress?: ((done: number, of: number) => void) | undefined
}

/** Up to so many bytes every image is checked whenever the cache is opened; of more, a sample is. */
const CHECK_ALL_BYTES = 2 * 2 ** 30
const SAMPLE = 256

/**
 * The decoded images of the files, in their order. What the cache lacks is decoded: files that are new or have changed, and
 * images that were damaged in the cache. A file that cannot be decoded is remembered too.
 *
 * @throws EvenkeelError `data.unreadable`, `data.disk-full`, `data.cache`
 */
export async function openCache(files: readonly ImageFile[], options: CacheOptions): Promise<CacheEntry[]> {
  const header: CacheHeader = { format: 1, decoder, side: options.side }
  const parts = readParts(options.folder, header)
  const found = findImages(parts, files)
  for (const path of damagedIn(found)) found.delete(path)
  const missing = files.filter(({ path }) => !found.has(path))
  if (missing.length > 0) {
    const writer = await createPart(options.folder, header)
    // Not before there is a newer one, so that no other part ever gets the name of a removed one.
    removeUseless(parts, found)
    await decodeInto(writer, found, missing, options)
  }
  return files.map(({ path }) => found.get(path)!)
}

/** What became of a file, and the part that says so. */
export type CacheEntry = Outcome & { readonly part: string }

/** By path of the file. */
type Found = Map<string, CacheEntry>

/** What the parts hold of the files as they are now; the newest, where several parts do. */
function findImages(parts: readonly Part[], files: readonly ImageFile[]): Found {
  const current = new Map(files.map((file) => [file.path, file]))
  const found: Found = new Map()
  for (const part of parts) {
    for (const entry of part.entries) {
      const file = current.get(entry.path)
      const isCurrent =
        file && file.size === entry.size && file.modified === entry.modified && file.changed === entry.changed
      if (isCurrent && (isFault(entry) || entry.offset + bytesOf(entry) <= part.size)) {
        found.set(entry.path, { ...outcomeOf(entry), part: part.path })
      }
    }
  }
  return found
}

function outcomeOf(entry: Entry): Outcome {
  if (isFault(entry)) return { fault: entry.fault }
  const { offset, height, width, sha256 } = entry
  return { offset, height, width, sha256 }
}

/** Paths whose pixels are not those that were written: of all, or, where a sample of many shows none, of the sample. */
function damagedIn(found: Found): string[] {
  const paths = [...found.keys()].filter((path) => isImage(found.get(path)!))
  const images = [...found.values()].filter(isImage)
  const bytes = images.reduce((sum, image) => sum + bytesOf(image), 0)
  const store = imagesOnDisk(images)
  const check = (step: number) => {
    const isDamaged = (index: number) => index % step === 0 && sha256(store.read(index)) !== images[index]!.sha256
    return paths.filter((_, index) => isDamaged(index))
  }
  try {
    const isLarge = bytes > CHECK_ALL_BYTES
    if (isLarge && check(Math.ceil(images.length / SAMPLE)).length === 0) return []
    return check(1)
  } finally {
    store.close()
  }
}

/** Parts written otherwise, and those of which nothing is of use any more. One that another process has just begun is let be. */
function removeUseless(parts: readonly Part[], found: Found): void {
  const used = new Set([...found.values()].map(({ part }) => part))
  for (const part of parts) {
    const isUseless = part.header === 'foreign' || (part.header === 'own' && !used.has(part.path))
    if (isUseless) removePart(part)
  }
}

async function decodeInto(
  writer: PartWriter,
  found: Found,
  missing: readonly ImageFile[],
  { root, side, concurrency, progress }: CacheOptions,
): Promise<void> {
  const results = inOrder(missing, concurrency, async (file) => {
    const path = join(root, file.path)
    const bytes = await readFile(path).catch((error) => {
      throw unreadable(path, error)
    })
    return { file, result: await decode(bytes, side) }
  })
  let done = 0
  try {
    for await (const { file, result } of results) {
      found.set(file.path, { ...(await writer.add(file, result)), part: writer.path })
      progress?.(++done, missing.length)
    }
  } finally {
    await writer.close()
  }
}
