import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { compressors, decompressZstd } from 'hyparquet-compressors'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { statFile } from '../file.ts'
import { checkPages } from './pages.ts'

/** A column at the top of the schema. */
export interface Column {
  readonly name: string
  /** In words, such as 'integer' or 'struct of bytes, path'. */
  readonly type: string
  /** Of a column that holds columns. */
  readonly children: readonly Column[]
}

export interface RowGroup {
  /** Counted from 0. */
  readonly index: number
  /** Its first row, and the one behind its last. */
  readonly start: number
  readonly end: number
}

export interface ParquetFile {
  readonly path: string
  readonly columns: readonly Column[]
  readonly rowGroups: readonly RowGroup[]
  /** What writers add to a file, by key. */
  readonly metadata: ReadonlyMap<string, string>
  /**
   * The values of some columns in the rows of a group.
   *
   * @throws EvenkeelError `data.parquet`
   */
  read(columns: readonly string[], group: RowGroup): Promise<readonly Row[]>
}

/** By name of the column. */
export type Row = Readonly<Record<string, unknown>>

/** Of a file: each has its place in memory. */
const MOST_ROWS = 10_000_000

/** A row group may unpack to so many bytes: all of its images are in memory at a time. */
const MOST_GROUP_BYTES = 2 ** 30

/** By codec; none gives more bytes than a page's header promises. The library lets Zstandard unpack to whatever a frame says. */
export const decompressors: typeof compressors = {
  ...compressors,
  ZSTD: (input, length) => decompressZstd(input, new Uint8Array(length)),
}

/**
 * Opens a Parquet file and reads its footer.
 *
 * @throws EvenkeelError `data.parquet` for what is no Parquet file, or a damaged one; those of `statFile`
 */
export async function openParquet(path: string): Promise<ParquetFile> {
  await statFile(path)
  const { file, footer } = await guard(path, async () => {
    const file = await asyncBufferFromFile(path)
    return { file, footer: await parquetMetadataAsync(file) }
  })
  const rows = footer.row_groups.reduce((sum, { num_rows }) => sum + Number(num_rows), 0)
  if (!(rows <= MOST_ROWS)) throw damaged(path, `its footer promises ${rows} rows, more than ${MOST_ROWS}`)
  let end = 0
  const rowGroups = footer.row_groups.map(({ num_rows }, index) => {
    const start = end
    end += Number(num_rows)
    return { index, start, end }
  })
  return {
    path,
    columns: parquetSchema(footer).children.map(columnOf),
    rowGroups,
    metadata: new Map(footer.key_value_metadata?.map(({ key, value = '' }) => [key, value])),
    read: (columns, group) => guard(path, () => readGroup(path, file, footer, columns, group)),
  }
}

/** Values of columns in the rows of a group, if they are not too many bytes for memory. */
export async function readGroup(
  path: string,
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  { index, start, end }: RowGroup,
): Promise<readonly Row[]> {
  const read = metadata.row_groups[index]!.columns.flatMap(({ meta_data }) =>
    meta_data && columns.includes(meta_data.path_in_schema[0]!) ? [meta_data] : [],
  )
  const packed = read.reduce((sum, { total_compressed_size }) => sum + Number(total_compressed_size), 0)
  if (packed > MOST_GROUP_BYTES) throw tooLarge(path, index, `has ${packed} bytes`)
  let bytes = 0
  for (const column of read) bytes += await checkPages(file, column, end - start)
  if (bytes > MOST_GROUP_BYTES) throw tooLarge(path, index, `unpacks to ${bytes} bytes`)
  const rows = await parquetReadObjects({
    file,
    metadata,
    columns: [...columns],
    rowStart: start,
    rowEnd: end,
    compressors: decompressors,
    utf8: false,
  })
  if (rows.length !== end - start) throw new Error(`parquet rows ${start} to ${end - 1} are ${rows.length}`)
  return rows
}

/** The library's own words where they are of Parquet; else it stumbled over bytes that are not what they should be. */
async function guard<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof EvenkeelError) throw error
    const { message } = error as Error
    const reason = message.startsWith('parquet ') ? message.slice('parquet '.length) : 'its bytes make no sense'
    throw damaged(path, reason, error)
  }
}

function tooLarge(path: string, index: number, what: string): EvenkeelError {
  return new EvenkeelError(
    'data.parquet',
    `${printable(path)}: row group ${index} (counted from 0) ${what}, more than the ${MOST_GROUP_BYTES} that are read`,
    'write smaller row groups, such as with to_parquet(..., row_group_size=100)',
  )
}

function damaged(path: string, reason: string, cause?: unknown): EvenkeelError {
  return new EvenkeelError(
    'data.parquet',
    `${printable(path)} is no Parquet file that can be read: ${printable(reason)}`,
    'it was damaged or cut short: fetch it again',
    { cause },
  )
}

const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  INT32: 'integer',
  INT64: 'integer',
  FLOAT: 'float',
  DOUBLE: 'float',
  BYTE_ARRAY: 'bytes',
}

function columnOf({ element, children }: SchemaTree): Column {
  const { name, type, converted_type, logical_type } = element
  const inside = children.map(columnOf)
  const isText = converted_type === 'UTF8' || logical_type?.type === 'STRING'
  const plain = isText ? 'text' : type === undefined ? undefined : (TYPES[type] ?? type)
  const isList = converted_type === 'LIST' || element.repetition_type === 'REPEATED'
  return {
    name,
    type: isList ? 'list' : (plain ?? `struct of ${inside.map((column) => column.name).join(', ')}`),
    children: inside,
  }
}
