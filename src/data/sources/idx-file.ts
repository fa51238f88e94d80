import { constants } from 'node:buffer'
import { EvenkeelError } from '../../base/errors.ts'
import { type DataFile, openDataFile } from './file.ts'

/** The contents of one IDX file of unsigned bytes. */
export interface IdxFile {
  readonly path: string
  /** [count, rows, columns] of images, [count] of labels. */
  readonly sizes: readonly number[]
  /** As many bytes as the product of the sizes, last dimension fastest. */
  readonly data: Uint8Array
}

/** What an IDX file can hold: the number of its dimensions tells which. */
const DIMENSIONS = { images: 3, labels: 1 } as const

export type Kind = keyof typeof DIMENSIONS

/** The type codes of the format (LeCun's description of the MNIST files). */
const TYPE_NAMES = new Map([
  [0x08, 'unsigned byte'],
  [0x09, 'signed byte'],
  [0x0b, 'int16'],
  [0x0c, 'int32'],
  [0x0d, 'float32'],
  [0x0e, 'float64'],
])

/**
 * Reads an IDX file, plain or gzipped: two zero bytes, a type code, the number of dimensions, a big-endian 32-bit size for
 * each, the data. Nothing is allocated before the sizes have been found possible for a file of this length.
 *
 * @param target memory of as many bytes as the sizes need; default: new
 * @throws EvenkeelError `data.idx-magic`, `data.idx-type`, `data.truncated`, `data.oversized`, `data.empty`, `data.too-large`,
 *   and those of `openDataFile`
 */
export function readIdxFile(path: string, kind: Kind, target?: Uint8Array): Promise<IdxFile> {
  return withHeader(path, kind, async (file, sizes, header) => {
    const data = target ?? new Uint8Array(productOf(sizes))
    const needed = header + data.length
    const read = header + (await file.read(data))
    if (read < needed) throw truncated(file, sizes, needed, `got ${read}`)
    if ((await file.read(new Uint8Array(1))) > 0) {
      throw new EvenkeelError(
        'data.oversized',
        `${path} is longer than its header says: ${sizes.join(' x ')} ${kind} need ${needed} bytes, got more`,
      )
    }
    return { path, sizes, data }
  })
}

/** The sizes that the file's header promises, checked as `readIdxFile` does. */
export function readIdxSizes(path: string, kind: Kind): Promise<readonly number[]> {
  return withHeader(path, kind, async (_, sizes) => sizes)
}

/** Reads and checks the header of `header` bytes, and hands the file over where the data begin. */
async function withHeader<Result>(
  path: string,
  kind: Kind,
  work: (file: DataFile, sizes: readonly number[], header: number) => Promise<Result>,
): Promise<Result> {
  const file = await openDataFile(path)
  try {
    const header = new Uint8Array(4 + 4 * DIMENSIONS[kind])
    const headerRead = await file.read(header)
    if (headerRead >= 4) checkMagic(header, kind, path)
    if (headerRead < header.length) {
      throw new EvenkeelError(
        'data.truncated',
        `${path} ends within its header: ${header.length} bytes needed, got ${headerRead}`,
      )
    }
    const sizes = readSizes(header, kind)
    checkLength(sizes, file, header.length)
    return await work(file, sizes, header.length)
  } finally {
    await file.close()
  }
}

function checkMagic(header: Uint8Array, kind: Kind, path: string): void {
  const [first, second, type, dimensions] = header
  const expected = `0x0000080${DIMENSIONS[kind]}`
  if (first !== 0 || second !== 0) {
    const received = Array.from(header.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('')
    throw new EvenkeelError(
      'data.idx-magic',
      `${path} is not an IDX file: expected magic number ${expected}, got 0x${received}`,
    )
  }
  if (type !== 0x08) {
    const name = TYPE_NAMES.get(type!) ?? 'unknown'
    throw new EvenkeelError(
      'data.idx-type',
      `${path} must hold unsigned bytes (type 0x08), got type 0x${type!.toString(16).padStart(2, '0')} (${name})`,
    )
  }
  if (dimensions !== DIMENSIONS[kind]) {
    const swapped = dimensions === DIMENSIONS[kind === 'images' ? 'labels' : 'images']
    throw new EvenkeelError(
      'data.idx-magic',
      `${path} must hold ${kind} (${DIMENSIONS[kind]} dimensions), got ${dimensions} dimensions`,
      swapped ? 'the files of images and labels seem to be swapped' : undefined,
    )
  }
}

function readSizes(header: Uint8Array, kind: Kind): number[] {
  const view = new DataView(header.buffer)
  return Array.from({ length: DIMENSIONS[kind] }, (_, d) => view.getUint32(4 + 4 * d))
}

/** Refuses what the header promises where a file of this length cannot hold it. */
function checkLength(sizes: readonly number[], { path, capacity }: DataFile, headerLength: number): void {
  const promised = productOf(sizes)
  if (promised === 0) throw new EvenkeelError('data.empty', `${path} holds nothing: its sizes are ${sizes.join(' x ')}`)
  const needed = headerLength + promised
  if (needed > capacity) throw truncated({ path }, sizes, needed, `the file can hold at most ${capacity}`)
  if (promised > constants.MAX_LENGTH) {
    throw new EvenkeelError(
      'data.too-large',
      `${path} holds ${promised} bytes, more than the ${constants.MAX_LENGTH} that one array can have`,
    )
  }
}

function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1)
}

function truncated(
  { path }: Pick<DataFile, 'path'>,
  sizes: readonly number[],
  needed: number,
  received: string,
): EvenkeelError {
  return new EvenkeelError(
    'data.truncated',
    `${path} is cut short: its header says ${sizes.join(' x ')}, which needs ${needed} bytes, ${received}`,
    'fetch the file again',
  )
}
