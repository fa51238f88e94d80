import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import sharp, { type Metadata } from 'sharp'
import { EvenkeelError } from '../../../base/errors.ts'
import { inOrder } from '../../../base/in-order.ts'
import type { Size } from '../../images.ts'

/** What an image file says of itself before it is decoded. Size is that of the image as it is shown. */
export interface FileHeader extends Size {
  /** By its contents, whatever its name says: 'jpeg', 'png', ... */
  readonly format: string
  /** 'RGB', 'grey', 'CMYK', ... with 'transparency' and the bits of a channel where they are not 8. */
  readonly mode: string
  readonly bytes: number
  /** Of the whole file, in hexadecimal digits. */
  readonly sha256: string
}

export interface HeaderOptions {
  /** Files that are read at once. @defaultValue twice the processors */
  readonly concurrency?: number | undefined
  readonly progress?: ((done: number, of: number) => void) | undefined
  /** Aborting it ends the reading. */
  readonly stop?: AbortSignal | undefined
}

/**
 * The headers of image files, in their order; undefined for what is no file that can be read, or no image. At most `concurrency` files
 * are in memory at a time.
 *
 * @throws EvenkeelError `data.stopped`
 */
export async function readHeaders(
  paths: readonly string[],
  { concurrency = 2 * availableParallelism(), progress, stop }: HeaderOptions = {},
): Promise<(FileHeader | undefined)[]> {
  const headers: (FileHeader | undefined)[] = []
  for await (const header of inOrder(paths, concurrency, readHeader)) {
    if (stop?.aborted) throw new EvenkeelError('data.stopped', `reading headers was stopped after ${headers.length}`)
    headers.push(header)
    progress?.(headers.length, paths.length)
  }
  return headers
}

async function readHeader(path: string): Promise<FileHeader | undefined> {
  try {
    const file = await readFile(path)
    const { format, autoOrient, ...colours } = await sharp(file, { limitInputPixels: false }).metadata()
    const { width, height } = autoOrient
    const sha256 = createHash('sha256').update(file).digest('hex')
    return { format, width, height, mode: modeOf(colours), bytes: file.length, sha256 }
  } catch {
    return undefined
  }
}

const MODES: Readonly<Record<string, string>> = {
  srgb: 'RGB',
  rgb16: 'RGB',
  'b-w': 'grey',
  grey16: 'grey',
  cmyk: 'CMYK',
}
const BITS: Readonly<Record<string, string>> = { ushort: '16 bit', short: '16 bit', float: '32 bit' }

function modeOf({ space, depth, hasAlpha }: Pick<Metadata, 'space' | 'depth' | 'hasAlpha'>): string {
  const parts = [MODES[space] ?? space, BITS[depth], hasAlpha ? 'transparency' : undefined]
  return parts.filter((part) => part !== undefined).join(', ')
}
