/**
 * A part of the cache: `<n>.bin`, images end to end, and `<n>.jsonl`, a journal with a line for each of them. Only the process that
 * created a part writes it, only at its end, and a line only after its image is on the disk. So a part can be read at any time and
 * is sound however its writer ends, and of two processes at work neither writes what the other does. Either may remove a part that
 * it has no use for: who still reads it begins again.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { EvenkeelError } from '../../../base/errors.ts'
import type { Size } from '../../images.ts'
import type { DecodedImage } from './decode.ts'
import type { ImageFile } from './listing.ts'

/** What all images of a cache have in common: a part that says otherwise is of no use. */
export interface CacheHeader {
  readonly format: 1
  readonly decoder: string
  readonly side: number
}

/** Where an image lies: [3, height, width] at `offset` of the part's `.bin`. */
export interface StoredImage extends Size {
  readonly offset: number
  /** Of the pixels, in hexadecimal digits. */
  readonly sha256: string
}

/** A line of the journal. */
export type Entry = ImageFile & StoredImage

export interface Part {
  /** Of the `.bin`. */
  readonly path: string
  /** Bytes of it. */
  readonly size: number
  /** When it was written last, in milliseconds since 1970. */
  readonly modified: number
  /** Whether it was written under this header or another; none where its writer has yet to write. */
  readonly header: 'own' | 'foreign' | 'none'
  /** Lines of its journal, read as they are asked for, once. */
  readonly entries: Iterable<Entry>
}

/** A part that is being written. */
export interface PartWriter {
  readonly path: string
  /** Appends the image of a file; it is safe after the next flush, which comes by itself now and then. */
  add(file: ImageFile, image: DecodedImage): Promise<StoredImage>
  /** Flushes and closes. */
  close(): Promise<void>
}

/** So much is lost at most when the writer is killed. */
const FLUSH_IMAGES = 64
const FLUSH_BYTES = 16 * 2 ** 20

const CHUNK_BYTES = 2 ** 20

export function bytesOf({ height, width }: Size): number {
  return 3 * height * width
}

/** The parts that there are, from the oldest to the newest. */
export function readParts(folder: string, header: CacheHeader): Part[] {
  return numbersIn(folder).map((number) => {
    const path = imagesPath(folder, number)
    const { size, mtimeMs: modified } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 }
    const lines = linesOf(journalPath(path))
    const first = lines.next()
    if (first.done) return { path, size, modified, header: 'none', entries: [] }
    if (JSON.stringify(first.value) === JSON.stringify(header)) {
      return { path, size, modified, header: 'own', entries: lines as Iterable<Entry> }
    }
    lines.return()
    return { path, size, modified, header: 'foreign', entries: [] }
  })
}

export function removePart({ path }: Part): void {
  rmSync(journalPath(path), { force: true })
  rmSync(path, { force: true })
}

/**
 * Begins a part of one's own.
 *
 * @throws EvenkeelError `data.disk-full` or `data.cache`, here and from its calls
 */
export async function createPart(folder: string, header: CacheHeader): Promise<PartWriter> {
  const guard = <Result>(work: () => Promise<Result>) =>
    work().catch((error: NodeJS.ErrnoException) => {
      throw storageError(folder, error)
    })
  const { path, images, journal } = await guard(() => claim(folder))
  let [lines, batch, bytes, offset] = [lineOf(header), [] as Uint8Array[], 0, 0]
  const flush = () =>
    guard(async () => {
      const [text, pixels] = [lines, Buffer.concat(batch)]
      ;[lines, batch, bytes] = ['', [], 0]
      await images.writeFile(pixels)
      await images.datasync()
      await journal.writeFile(text)
    })
  return {
    path,
    async add(file, { height, width, pixels }) {
      const stored = { offset, height, width, sha256: sha256(pixels).toString('hex') }
      batch.push(pixels)
      bytes += pixels.length
      offset += pixels.length
      lines += lineOf({ ...file, ...stored })
      if (batch.length >= FLUSH_IMAGES || bytes >= FLUSH_BYTES) await flush()
      return stored
    },
    async close() {
      try {
        await flush()
      } finally {
        await images.close()
        await journal.close()
      }
    },
  }
}

export function sha256(pixels: Uint8Array): Buffer {
  return createHash('sha256').update(pixels).digest()
}

/** Makes the files of the next number; of two processes that try the same one goes on to the next. */
async function claim(folder: string): Promise<{ path: string; images: FileHandle; journal: FileHandle }> {
  mkdirSync(folder, { recursive: true })
  for (let number = (numbersIn(folder).at(-1) ?? 0) + 1; ; number++) {
    const path = imagesPath(folder, number)
    try {
      const images = await open(path, 'wx')
      return { path, images, journal: await open(journalPath(path), 'w') }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

const imagesPath = (folder: string, number: number) => join(folder, `${number}.bin`)
const journalPath = (path: string) => path.replace(/bin$/, 'jsonl')

function numbersIn(folder: string): number[] {
  try {
    const journals = readdirSync(folder).filter((name) => /^\d+\.jsonl$/.test(name))
    return journals.map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw storageError(folder, error as Error)
  }
}

/** A value behind its CRC-32, so that a damaged line is told from a sound one. */
function lineOf(value: unknown): string {
  const json = JSON.stringify(value)
  return `${checksum(Buffer.from(json))} ${json}\n`
}

/** The values of the sound lines: what a damaged one told of is as if it had never been written. */
function* linesOf(path: string): Generator<unknown, void> {
  const file = openSync(path, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES)
    let text = Buffer.alloc(0)
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      text = Buffer.concat([text, chunk.subarray(0, read)])
      let start = 0
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        const json = text.subarray(start + 9, end)
        if (text.toString('latin1', start, start + 8) === checksum(json)) yield JSON.parse(json.toString())
        start = end + 1
      }
      text = text.subarray(start)
    }
  } finally {
    closeSync(file)
  }
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0')
}

/** Why decoded images could not be stored or read, in a person's words. */
export function storageError(folder: string, error: NodeJS.ErrnoException): EvenkeelError {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return new EvenkeelError(
      'data.disk-full',
      `no space is left for decoded images in ${folder}`,
      'free some space, or set EVENKEEL_CACHE to a folder of a larger disk; what is there already is used again',
      { cause: error },
    )
  }
  return new EvenkeelError(
    'data.cache',
    `cannot keep decoded images in ${folder}: ${error.message}`,
    'set EVENKEEL_CACHE to a folder that you may read and write',
    { cause: error },
  )
}
