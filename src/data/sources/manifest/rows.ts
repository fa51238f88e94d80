import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { type DataFile, openDataFile } from '../file.ts'

/** A row of a manifest. */
export interface Row {
  /** Counted from 1; of a row of several lines the last. */
  readonly line: number
  /** As many as there are columns: text in CSV, any value in JSON Lines, undefined where an object lacks a key. */
  readonly values: readonly unknown[]
}

const MOST_LINE_BYTES = 2 ** 20
const MOST_ROWS = 10_000_000
const CHUNK_BYTES = 2 ** 18
const NEWLINE = 10

/**
 * The rows of a CSV file with a header, or of JSON Lines where it is called .jsonl, plain or gzipped; the first one holds the
 * names of the columns. They are read one by one, however large the file is.
 *
 * @throws EvenkeelError `data.manifest` for a file that is neither, a row with more or fewer values than columns, a line above 1 MiB, or
 *   more than 10 million rows; `data.missing`, `data.not-a-file`, `data.empty`, `data.gzip`, `data.unreadable`
 */
export async function* readRows(path: string, mostRows = MOST_ROWS): AsyncGenerator<Row, void> {
  const file = await openDataFile(path)
  try {
    const chunks = chunksOf(file)
    let count = 0
    for await (const row of /\.jsonl(\.gz)?$/i.test(path) ? objectRows(chunks, path) : csvRows(chunks, path)) {
      if (count++ > mostRows)
        throw wrong(path, row.line, `there are more than ${mostRows.toLocaleString('en-US')} rows`)
      yield row
    }
  } finally {
    await file.close()
  }
}

/** An error in a line of a manifest. */
export function wrong(path: string, line: number, what: string, hint?: string, options?: ErrorOptions): EvenkeelError {
  return new EvenkeelError('data.manifest', `${printable(path)}, line ${line}: ${what}`, hint, options)
}

/** The bytes of a file, none of whose lines is longer than a line may be: what parses them need not hold more. */
async function* chunksOf(file: DataFile): AsyncGenerator<Buffer, void> {
  let [line, length] = [1, 0]
  const check = () => {
    if (length > MOST_LINE_BYTES) throw wrong(file.path, line, 'the line is longer than 1 MiB')
  }
  for (;;) {
    const target = Buffer.allocUnsafe(CHUNK_BYTES)
    const chunk = target.subarray(0, await file.read(target))
    if (chunk.length === 0) return
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      length += end - start
      check()
      start = end + 1
      line++
      length = 0
    }
    length += chunk.length - start
    check()
    yield chunk
  }
}

async function* csvRows(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Row, void> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Of a row whose quotes hold line breaks.
    max_record_size: MOST_LINE_BYTES,
    // Told in our own words.
    relax_column_count: true,
  })
  // What fails here is thrown where the rows are read.
  pipeline(Readable.from(chunks), parser, () => {})
  let columns: number | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      columns ??= record.length
      if (record.length !== columns) {
        const hint = 'put values that hold a comma in double quotes'
        throw wrong(path, info.lines, `there are ${record.length} values for ${columns} columns`, hint)
      }
      yield { line: info.lines, values: record }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new EvenkeelError(
      'data.manifest',
      `${printable(path)} is not sound CSV: ${printable(error.message)}`,
      'values that hold a double quote stand in double quotes, with each of their own doubled',
      { cause: error },
    )
  }
}

async function* objectRows(chunks: AsyncIterable<Buffer>, path: string): AsyncGenerator<Row, void> {
  let columns: ReadonlySet<string> | undefined
  let line = 0
  for await (const text of linesOf(chunks)) {
    line++
    if (text.trim() === '') continue
    const row = objectOf(text, path, line)
    if (columns === undefined) {
      columns = new Set(row.keys())
      yield { line, values: [...columns] }
    }
    const foreign = [...row.keys()].find((name) => !columns!.has(name))
    if (foreign !== undefined) {
      throw wrong(
        path,
        line,
        `there is a '${printable(foreign)}', which the first line has not`,
        'null stands for none',
      )
    }
    yield { line, values: [...columns].map((name) => row.get(name)) }
  }
}

function objectOf(text: string, path: string, line: number): Map<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw wrong(path, line, 'this is not JSON', 'expected an object in each line', { cause: error })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(path, line, 'this is not a JSON object', 'expected {"file_name": "a.jpg", "label": "cat"}')
  }
  return new Map(Object.entries(value))
}

/** Without what ends them, nor the mark that a file may begin with. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  yield rest + decoder.decode()
}
