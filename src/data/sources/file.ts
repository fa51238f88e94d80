import { createReadStream, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline, type Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { EvenkeelError } from '../../base/errors.ts'
import { unreadable } from '../file-errors.ts'

/** A data file, plain or gzipped, read once from its beginning. */
export interface DataFile {
  readonly path: string
  /** The most bytes the file can hold when unpacked, known before a byte is: what a header promises can be held against it. */
  readonly capacity: number
  /**
   * Reads on until `target` is full or the file ends, and returns how many unpacked bytes it wrote.
   *
   * @throws EvenkeelError `data.gzip` where the compressed data are damaged or cut short
   */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}

/** Bytes that are read as they are asked for. */
export type Chunks = AsyncGenerator<Uint8Array, void, undefined>

/** One byte of deflate data unpacks to at most 1032 (zlib's technical notes). */
export const LARGEST_EXPANSION = 1032

/** So much of a file is in memory while it is read. */
export const CHUNK_BYTES = 1 << 18

/**
 * Opens a data file; whether it is gzipped is seen from its first two bytes, not from its name.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-file`, `data.unreadable` or `data.empty`
 */
export async function openDataFile(path: string): Promise<DataFile> {
  const { size } = await statFile(path)
  const gzipped = await startsAsGzip(path)
  const bytes = bytesOf(path)
  return dataFileOf(path, gzipped ? size * LARGEST_EXPANSION : size, gzipped ? gunzipped(path, bytes) : bytes)
}

/** A data file of chunks, which are asked for as they are needed. */
export function dataFileOf(path: string, capacity: number, chunks: Chunks): DataFile {
  let rest: Uint8Array = new Uint8Array(0)
  return {
    path,
    capacity,
    async read(target) {
      let written = 0
      while (written < target.length) {
        if (rest.length === 0) {
          const next = await chunks.next()
          if (next.done) break
          rest = next.value
        }
        const part = rest.subarray(0, target.length - written)
        target.set(part, written)
        written += part.length
        rest = rest.subarray(part.length)
      }
      return written
    },
    async close() {
      await chunks.return(undefined)
    },
  }
}

/**
 * What the file system says of a file that there is, and that holds something.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-file`, `data.unreadable` or `data.empty`
 */
export async function statFile(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new EvenkeelError('data.missing', `there is no file ${path}`, 'paths are relative to the current directory')
    }
    throw unreadable(path, error)
  })
  if (!stats.isFile()) {
    const received = stats.isDirectory() ? 'directory' : 'device or pipe'
    throw new EvenkeelError('data.not-a-file', `expected a file, got a ${received}: ${path}`)
  }
  if (stats.size === 0) throw new EvenkeelError('data.empty', `${path} is empty (0 bytes)`)
  return stats
}

async function startsAsGzip(path: string): Promise<boolean> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  try {
    const { buffer } = await handle.read(new Uint8Array(2), 0, 2, 0)
    return buffer[0] === 0x1f && buffer[1] === 0x8b
  } finally {
    await handle.close()
  }
}

/** The bytes of a file, or of a part of it; `end` is the last of them. */
export async function* bytesOf(path: string, part: { start?: number; end?: number } = {}): Chunks {
  yield* createReadStream(path, { ...part, highWaterMark: CHUNK_BYTES })
}

/** What an unpacker of Node's zlib makes of bytes; `damaged` is asked for the error where it can make nothing of them. */
export async function* unpacked(
  packed: Chunks,
  unpacker: Transform,
  damaged: (message: string, cause: unknown) => EvenkeelError,
): Chunks {
  try {
    // What fails is thrown where the unpacked bytes are read.
    yield* pipeline(packed, unpacker, () => {})
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw code.startsWith('Z_') ? damaged(message, error) : error
  }
}

function gunzipped(path: string, packed: Chunks): Chunks {
  return unpacked(packed, createGunzip({ chunkSize: CHUNK_BYTES }), (message, cause) => {
    return new EvenkeelError(
      'data.gzip',
      `${path} is not a sound gzip file: ${message}`,
      'it was damaged or cut short: fetch it again',
      { cause },
    )
  })
}
