import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { statFile } from '../file.ts'

/** A column at the top of the schema. */
export interface Column {
  readonly name: string
  /** In words, such as 'integer' or 'struct of bytes, path'. */
  readonly type: string
  /** Of a column that holds columns. */
  readonly children: readonly Column[]
}

export interface RowGroup {
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

/** A row group may unpack to so many bytes: all of its images are in memory at a time. */
const MOST_GROUP_BYTES = 2 * 2 ** 30

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
  let end = 0
  const rowGroups = footer.row_groups.map(({ num_rows }) => {
    const start = end
    end += Number(num_rows)
    return { start, end }
  })
  return {
    path,
    columns: parquetSchema(footer).children.map(columnOf),
    rowGroups,
    metadata: new Map(footer.key_value_metadata?.map(({ key, value = '' }) => [key, value])),
    read: (columns, group) => guard(path, () => readGroup(file, footer, columns, group)),
  }
}

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  { start, end }: RowGroup,
): Promise<readonly Row[]> {
  const rows = await parquetReadObjects({
    file,
    metadata,
    columns: [...columns],
    rowStart: start,
    rowEnd: end,
    compressors: withinLimit(),
    utf8: false,
  })
  if (rows.length !== end - start) throw new Error(`parquet rows ${start} to ${end - 1} are ${rows.length}`)
  return rows
}

/** Decompressors that together give no more than a row group may have. */
function withinLimit(): typeof compressors {
  let left = MOST_GROUP_BYTES
  const limited = Object.entries(compressors).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => {
      left -= length
      if (left < 0) throw new Error(`parquet row group unpacks to more than ${MOST_GROUP_BYTES} bytes`)
      return decompress(input, length)
    },
  ])
  return Object.fromEntries(limited)
}

/** The library's own words where they are of Parquet; else it stumbled over bytes that are not what they should be. */
async function guard<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const { message } = error as Error
    const reason = message.startsWith('parquet ') ? message.slice('parquet '.length) : 'its bytes make no sense'
    throw new EvenkeelError(
      'data.parquet',
      `${printable(path)} is no Parquet file that can be read: ${printable(reason)}`,
      'it was damaged or cut short: fetch it again',
      { cause: error },
    )
  }
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
