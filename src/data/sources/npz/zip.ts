/**
 * Zip archives as NumPy writes them: stored or deflated entries, with 64-bit sizes where they are large (APPNOTE.TXT 6.3.10, sections
 * 4.3 and 4.5.3). What the archive's own directory says is held against the file before an entry is read, and against what comes out
 * of it while it is: nobody's word for a size is taken.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { unreadable } from '../../file-errors.ts'
import {
  bytesOf,
  CHUNK_BYTES,
  type Chunks,
  type DataFile,
  dataFileOf,
  LARGEST_EXPANSION,
  statFile,
  unpacked,
} from '../file.ts'

/** A file of an archive, as the archive's directory describes it. */
export interface ZipEntry {
  /** Path of the archive. */
  readonly archive: string
  readonly name: string
  readonly isDeflated: boolean
  readonly crc: number
  /** Bytes in the archive. */
  readonly packed: number
  /** Bytes when unpacked. */
  readonly size: number
  /** Where its own header lies in the archive. */
  readonly offset: number
}

/** An entry may unpack to so many bytes: more do not go into memory. */
const MOST_BYTES = 8 * 2 ** 30
const MOST_DIRECTORY_BYTES = 16 * 2 ** 20
const LONGEST_COMMENT = 65_535

const ENTRY = { signature: 0x04034b50, length: 30 }
const DIRECTORY_ENTRY = { signature: 0x02014b50, length: 46 }
const END = { signature: 0x06054b50, length: 22 }
const END_64 = { signature: 0x06064b50, length: 56 }
const LOCATOR_64 = { signature: 0x07064b50, length: 20 }

/** What stands in place of a 32-bit number that another field holds in 64 bits. */
const ELSEWHERE = 0xffffffff

/**
 * The entries of a zip archive.
 *
 * @throws EvenkeelError `data.zip` for what is no sound archive, and for one that is encrypted, has a name twice or one that leads out
 *   of the archive, or promises more than so many bytes can unpack to; those of `statFile`
 */
export async function readZip(archive: string): Promise<readonly ZipEntry[]> {
  const { size } = await statFile(archive)
  const file = await open(archive).catch((error) => {
    throw unreadable(archive, error)
  })
  try {
    const { start, length } = await findDirectory(archive, file, size)
    if (start + length > size) throw damaged(archive, 'its directory lies behind its end')
    if (length > MOST_DIRECTORY_BYTES) throw damaged(archive, `its directory has ${length} bytes`)
    const entries = readDirectory(archive, await readAt(file, start, length))
    checkNames(archive, entries)
    for (const entry of entries) checkSizes(entry, start)
    return entries
  } finally {
    await file.close()
  }
}

/**
 * An entry's unpacked bytes. Whoever reads to their end knows that they are as many as the directory says, and have its checksum.
 *
 * @throws EvenkeelError `data.zip`, here and from reading
 */
export async function openEntry({ archive, name, packed, size, offset, ...entry }: ZipEntry): Promise<DataFile> {
  const file = await open(archive)
  const header = view(await readAt(file, offset, ENTRY.length).finally(() => file.close()))
  if (header.byteLength < ENTRY.length || header.getUint32(0, true) !== ENTRY.signature) {
    throw damaged(archive, `'${printable(name)}' is not where its directory says`)
  }
  const start = offset + ENTRY.length + header.getUint16(26, true) + header.getUint16(28, true)
  const bytes = packed > 0 ? bytesOf(archive, { start, end: start + packed - 1 }) : noBytes()
  const unpackedBytes = entry.isDeflated
    ? unpacked(bytes, createInflateRaw({ chunkSize: CHUNK_BYTES }), (message, cause) =>
        damaged(archive, `'${printable(name)}' cannot be unpacked (${message})`, cause),
      )
    : bytes
  return dataFileOf(archive, size, checked({ archive, name, size, crc: entry.crc }, unpackedBytes))
}

async function* noBytes(): Chunks {}

/** The same bytes, as long as they are not too many; at their end their number and checksum are right, or it is an error. */
async function* checked(
  { archive, name, size, crc }: Pick<ZipEntry, 'archive' | 'name' | 'size' | 'crc'>,
  chunks: Chunks,
): Chunks {
  let [length, sum] = [0, 0]
  for await (const chunk of chunks) {
    length += chunk.length
    sum = crc32(chunk, sum)
    if (length > size) throw damaged(archive, `'${printable(name)}' unpacks to more than the ${size} bytes it promises`)
    yield chunk
  }
  if (length < size)
    throw damaged(archive, `'${printable(name)}' unpacks to ${length} of the ${size} bytes it promises`)
  if (sum !== crc) throw damaged(archive, `'${printable(name)}' does not have its checksum`)
}

/** Where the directory lies: the archive's last record says it. */
async function findDirectory(
  archive: string,
  file: FileHandle,
  size: number,
): Promise<{ start: number; length: number }> {
  const tailStart = Math.max(0, size - END.length - LONGEST_COMMENT)
  const tail = view(await readAt(file, tailStart, size - tailStart))
  let at = tail.byteLength - END.length
  const isEnd = () =>
    tail.getUint32(at, true) === END.signature && at + END.length + tail.getUint16(at + 20, true) === tail.byteLength
  while (at >= 0 && !isEnd()) at--
  if (at < 0) throw damaged(archive, 'it does not end as one', undefined, 'it is no .npz file, or was cut short')
  const start = tail.getUint32(at + 16, true)
  const length = tail.getUint32(at + 12, true)
  const locator = at - LOCATOR_64.length
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64.signature) return { start, length }
  const end = view(await readAt(file, wide(tail, locator + 8), END_64.length))
  if (end.byteLength < END_64.length || end.getUint32(0, true) !== END_64.signature) {
    throw damaged(archive, 'its directory is not where its end says')
  }
  return { start: wide(end, 48), length: wide(end, 40) }
}

function readDirectory(archive: string, bytes: Uint8Array): ZipEntry[] {
  const directory = view(bytes)
  const entries: ZipEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const nameStart = at + DIRECTORY_ENTRY.length
    if (nameStart > bytes.length || directory.getUint32(at, true) !== DIRECTORY_ENTRY.signature) {
      throw damaged(archive, `entry ${entries.length} (counted from 0) of its directory is none`)
    }
    const short = (offset: number) => directory.getUint16(at + offset, true)
    const nameEnd = nameStart + short(28)
    const extraEnd = nameEnd + short(30)
    const end = extraEnd + short(32)
    if (end > bytes.length) throw damaged(archive, 'its directory is cut short')
    const name = new TextDecoder().decode(bytes.subarray(nameStart, nameEnd))
    const [flags, method] = [short(8), short(10)]
    if ((flags & 1) === 1)
      throw damaged(archive, `'${printable(name)}' is encrypted`, undefined, 'NumPy encrypts nothing')
    if (method !== 0 && method !== 8) {
      throw damaged(
        archive,
        `'${printable(name)}' is packed by method ${method}`,
        undefined,
        'np.savez_compressed deflates',
      )
    }
    const [size, packed, offset] = wideFields(directory, at, nameEnd, extraEnd)
    entries.push({
      archive,
      name,
      isDeflated: method === 8,
      crc: directory.getUint32(at + 16, true),
      size,
      packed,
      offset,
    })
    at = end
  }
  return entries
}

/** Unpacked size, packed size and offset of an entry of the directory: those that 32 bits cannot hold stand in its extra field 1. */
function wideFields(
  directory: DataView,
  at: number,
  extraStart: number,
  extraEnd: number,
): [size: number, packed: number, offset: number] {
  let wideAt = extraEnd
  let wideEnd = extraEnd
  for (let field = extraStart; field + 4 <= extraEnd; field += 4 + directory.getUint16(field + 2, true)) {
    if (directory.getUint16(field, true) !== 1) continue
    wideAt = field + 4
    wideEnd = Math.min(extraEnd, wideAt + directory.getUint16(field + 2, true))
  }
  const read = (offset: number): number => {
    const short = directory.getUint32(at + offset, true)
    if (short !== ELSEWHERE || wideAt + 8 > wideEnd) return short
    wideAt += 8
    return wide(directory, wideAt - 8)
  }
  return [read(24), read(20), read(42)]
}

/** Nothing is written to a disk, but an archive with such names was made to do harm. */
function checkNames(archive: string, entries: readonly ZipEntry[]): void {
  const names = new Set<string>()
  for (const { name } of entries) {
    if (/^([/\\]|[a-zA-Z]:)/.test(name) || name.split(/[/\\]/).includes('..')) {
      throw damaged(archive, `the name '${printable(name)}' leads out of it`)
    }
    if (names.has(name)) throw damaged(archive, `it has two entries '${printable(name)}'`)
    names.add(name)
  }
}

function checkSizes({ archive, name, isDeflated, packed, size, offset }: ZipEntry, directoryStart: number): void {
  const fail = (what: string): never => {
    throw damaged(archive, `'${printable(name)}' ${what}`)
  }
  if (offset + ENTRY.length + packed > directoryStart) fail('lies behind its end')
  if (isDeflated ? size > packed * LARGEST_EXPANSION : size !== packed) {
    fail(`promises ${size} bytes, which its ${packed} packed ones cannot hold`)
  }
  if (size > MOST_BYTES) fail(`unpacks to ${size} bytes, more than the ${MOST_BYTES} that are read`)
}

function damaged(
  archive: string,
  what: string,
  cause?: unknown,
  hint = 'it was damaged, or made by another program',
): EvenkeelError {
  return new EvenkeelError('data.zip', `${printable(archive)} is no zip archive that can be read: ${what}`, hint, {
    cause,
  })
}

/** As many of the bytes as there are. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { bytesRead, buffer } = await file.read(new Uint8Array(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

function view({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

/** A 64-bit number; one above 2^53 is not exact, and too large for anything. */
function wide(data: DataView, at: number): number {
  return Number(data.getBigUint64(at, true))
}
