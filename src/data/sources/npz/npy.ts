/**
 * Arrays in NumPy's .npy format, versions 1 to 3: magic, version, the header's length, the header (a Python literal with the type of
 * the items, their order and the sizes), the items (NEP 1, and `numpy.lib.format`).
 */
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { CHUNK_BYTES, type DataFile } from '../file.ts'
import { openEntry, type ZipEntry } from './zip.ts'

/** An array of an archive; its items are read as they are asked for. */
export interface NpyArray {
  /** Of the entry, without '.npy'. */
  readonly name: string
  readonly archive: string
  /** As the header says it, such as '<f4'. */
  readonly dtype: string
  readonly kind: ItemKind
  readonly shape: readonly number[]
  /** Whether the first axis changes fastest, not the last. */
  readonly isFortran: boolean
  /** The items in the order of the file, again with each call; a chunk is good until the next is asked for. */
  chunks(): AsyncGenerator<ArrayLike<number> | readonly string[], void>
}

export type ItemKind = 'integer' | 'float' | 'boolean' | 'text'

const MAGIC = '\x93NUMPY'
/** More than NumPy itself takes from strangers. */
const MOST_HEADER_BYTES = 65_536
/** Of a text. */
const MOST_ITEM_BYTES = 4096

/** By Python's letter and the bytes of an item. */
const NUMBERS: Readonly<Record<string, (data: DataView, at: number, little: boolean) => number>> = {
  b1: (data, at) => data.getUint8(at),
  u1: (data, at) => data.getUint8(at),
  u2: (data, at, little) => data.getUint16(at, little),
  u4: (data, at, little) => data.getUint32(at, little),
  u8: (data, at, little) => Number(data.getBigUint64(at, little)),
  i1: (data, at) => data.getInt8(at),
  i2: (data, at, little) => data.getInt16(at, little),
  i4: (data, at, little) => data.getInt32(at, little),
  i8: (data, at, little) => Number(data.getBigInt64(at, little)),
  f4: (data, at, little) => data.getFloat32(at, little),
  f8: (data, at, little) => data.getFloat64(at, little),
}

const KINDS: Readonly<Record<string, ItemKind>> = {
  b: 'boolean',
  u: 'integer',
  i: 'integer',
  f: 'float',
  U: 'text',
  S: 'text',
}

/**
 * Reads the header of an array.
 *
 * @throws EvenkeelError `data.npy` for a header that is none, items of another type than numbers, truth values and text, and sizes that
 *   disagree with the entry's; those of `openEntry`
 */
export async function openNpy(entry: ZipEntry): Promise<NpyArray> {
  const name = entry.name.replace(/\.npy$/, '')
  const fail = (what: string, hint?: string): never => {
    throw new EvenkeelError('data.npy', `array '${printable(name)}' of ${printable(entry.archive)}: ${what}`, hint)
  }
  const file = await openEntry(entry)
  const { length, text } = await readHeader(file, fail).finally(() => file.close())
  const { descr, order, sizes } =
    /'descr': *(?<descr>'[^']*'|\[).*'fortran_order': *(?<order>True|False).*'shape': *\((?<sizes>[\d, ]*)\)/s.exec(
      text,
    )?.groups ?? fail('its header is none of NumPy')
  const dtype = descr!.replaceAll("'", '')
  const [, byteOrder, letter, bytes] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(dtype) ?? []
  if (letter === 'O') {
    fail('it holds Python objects, which are code and are not run', 'save it as numbers: np.asarray(array, dtype)')
  }
  const kind = letter === undefined ? undefined : KINDS[letter]
  const read = NUMBERS[`${letter}${bytes}`]
  if (kind === undefined || (kind !== 'text' && !read)) {
    fail(
      `items of type ${printable(dtype === '[' ? 'record' : dtype)} cannot be read`,
      'save it as uint8, float32 or another common type: array.astype(np.uint8)',
    )
  }
  const shape = sizes!.split(',').flatMap((size) => (size.trim() === '' ? [] : Number(size)))
  const itemBytes = Number(bytes) * (letter === 'U' ? 4 : 1)
  if (itemBytes < 1 || itemBytes > MOST_ITEM_BYTES) fail(`items of type ${dtype} are too long, or empty`)
  const needed = length + itemBytes * shape.reduce((product, size) => product * size, 1)
  if (needed !== entry.size) {
    fail(`${shape.join(' x ') || 'one'} items of type ${dtype} need ${needed} bytes, got ${entry.size}`)
  }
  const little = byteOrder !== '>'
  const decodeChunk = (bytes: Uint8Array): ArrayLike<number> | readonly string[] => {
    if (dtype === '|u1') return bytes
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const count = bytes.length / itemBytes
    if (kind === 'text') {
      return Array.from({ length: count }, (_, i) => textAt(data, i * itemBytes, itemBytes, letter === 'U', little))
    }
    const numbers = new Float64Array(count)
    for (let i = 0; i < count; i++) numbers[i] = read!(data, i * itemBytes, little)
    return numbers
  }
  return {
    name,
    archive: entry.archive,
    dtype,
    kind: kind!,
    shape,
    isFortran: order === 'True',
    chunks: () => itemChunks(entry, length, itemBytes, decodeChunk),
  }
}

/** Length of all that stands before the items, and the header's text. */
async function readHeader(file: DataFile, fail: (what: string) => never): Promise<{ length: number; text: string }> {
  const read = async (length: number) => {
    const bytes = Buffer.alloc(length)
    if ((await file.read(bytes)) < length) fail('it ends within its header')
    return bytes
  }
  const start = await read(MAGIC.length + 2)
  if (start.toString('latin1', 0, MAGIC.length) !== MAGIC) fail('it does not begin as a .npy file')
  const version = start[MAGIC.length]!
  if (version < 1 || version > 3) fail(`version ${version} of the format is not known`)
  const lengthBytes = version === 1 ? 2 : 4
  const length = (await read(lengthBytes)).readUIntLE(0, lengthBytes)
  if (length > MOST_HEADER_BYTES) fail(`its header has ${length} bytes, more than ${MOST_HEADER_BYTES}`)
  return { length: start.length + lengthBytes + length, text: (await read(length)).toString('utf8') }
}

async function* itemChunks<Items>(
  entry: ZipEntry,
  headerLength: number,
  itemBytes: number,
  decode: (bytes: Uint8Array) => Items,
): AsyncGenerator<Items, void> {
  const file = await openEntry(entry)
  try {
    await file.read(new Uint8Array(headerLength))
    const target = new Uint8Array(Math.floor(CHUNK_BYTES / itemBytes) * itemBytes)
    // Read to the end, where its checksum is known; what comes out is as long as the entry's size, a whole number of items.
    for (;;) {
      const length = await file.read(target)
      if (length === 0) return
      yield decode(target.subarray(0, length))
    }
  } finally {
    await file.close()
  }
}

/** Text of fixed length, zeros at its end: four bytes a character, or UTF-8. */
function textAt(data: DataView, at: number, length: number, isUnicode: boolean, little: boolean): string {
  if (!isUnicode)
    return Buffer.from(data.buffer, data.byteOffset + at, length)
      .toString('utf8')
      .replace(/\0+$/, '')
  let text = ''
  for (let i = at; i < at + length; i += 4) {
    const code = data.getUint32(i, little)
    text += code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
  }
  return text.replace(/\0+$/, '')
}
