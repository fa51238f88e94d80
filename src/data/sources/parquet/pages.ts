import type { AsyncBuffer, ColumnMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'

/**
 * Checks that the pages of a column in a row group lie where they should and hold as many values as the group has rows. The library takes the headers of
 * pages at their word, and some that are damaged keep it busy for ever.
 *
 * @returns bytes that they unpack to
 * @throws Error where they do not
 */
export async function checkPages(file: AsyncBuffer, column: ColumnMetaData, rows: number): Promise<number> {
  const start = Number(column.dictionary_page_offset || column.data_page_offset)
  const view = new DataView(await file.slice(start, start + Number(column.total_compressed_size)))
  const reader = { view, offset: 0 }
  let [values, bytes] = [0, 0]
  while (reader.offset < view.byteLength) {
    const page = parquetHeader(reader)
    const { data_page_header: data, data_page_header_v2: data2, dictionary_page_header: dictionary } = page
    requireCounts(page.compressed_page_size, page.uncompressed_page_size)
    if (data2) {
      requireCounts(data2.num_rows, data2.num_values, data2.num_nulls)
      requireCounts(data2.definition_levels_byte_length, data2.repetition_levels_byte_length)
    }
    requireCounts((data ?? data2 ?? dictionary)?.num_values)
    values += (data ?? data2)?.num_values ?? 0
    bytes += page.uncompressed_page_size
    reader.offset += page.compressed_page_size
  }
  if (reader.offset !== view.byteLength || values !== rows) {
    throw new Error(`parquet pages of '${column.path_in_schema.join('.')}' hold ${values} of ${rows} values`)
  }
  return bytes
}

/** Fields that a damaged header lacks are undefined, whatever their type says. */
function requireCounts(...counts: readonly (number | undefined)[]): void {
  if (!counts.every((count) => Number.isInteger(count) && count! >= 0)) {
    throw new Error('parquet header of a page is damaged')
  }
}
