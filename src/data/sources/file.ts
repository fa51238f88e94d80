import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
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

/** One byte of deflate data unpacks to at most 1032 (zlib's technical notes). */
const LARGEST_EXPANSION = 1032

const CHUNK_BYTES = 1 << 18

/**
 * Opens a data file; whether it is gzipped is seen from its first two bytes, not from its name.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-file`, `data.unreadable` or `data.empty`
 */
export async function openDataFile(path: string): Promise<DataFile> {
  const { size } = await statFile(path)
  const gzipped = await startsAsGzip(path)
  const chunks = gzipped ? unpackedChunks(path) : plainChunks(path)
  let rest: Uint8Array = new Uint8Array(0)
  return {
    path,
    capacity: gzipped ? size * LARGEST_EXPANSION : size,
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

async function statFile(path: string): Promise<{ size: number }> {
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

async function* plainChunks(path: string): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path, { highWaterMark: CHUNK_BYTES })
}

async function* unpackedChunks(path: string): AsyncGenerator<Uint8Array, void> {
  const packed = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES })
  packed.on('error', (error) => unpacked.destroy(error))
  try {
    yield* packed.pipe(unpacked)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (!code.startsWith('Z_')) throw error
    throw new EvenkeelError(
      'data.gzip',
      `${path} is not a sound gzip file: ${message}`,
      'it was damaged or cut short: fetch it again',
      { cause: error },
    )
  } finally {
    packed.destroy()
  }
}
