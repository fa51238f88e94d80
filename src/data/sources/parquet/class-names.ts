import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { ParquetFile } from './parquet-file.ts'

/**
 * The names of classes that Hugging Face writes beside a column of numbers, in the metadata of each file: `info.features.<column>.names`,
 * in JSON under the key 'huggingface'. Undefined where no file has them.
 *
 * @throws EvenkeelError `data.parquet` where files disagree
 */
export function classNamesIn(files: readonly ParquetFile[], column: string): readonly string[] | undefined {
  const given = files.flatMap((file) => {
    const names = namesIn(file.metadata.get('huggingface'), column)
    return names ? [{ path: file.path, names }] : []
  })
  const other = given.find(({ names }) => names.join('\n') !== given[0]!.names.join('\n'))
  if (other) {
    throw new EvenkeelError(
      'data.parquet',
      `${printable(other.path)} has other names of classes than ${printable(given[0]!.path)}`,
    )
  }
  return given[0]?.names
}

/** Undefined where the text is not what it should be: it is a comment, not the data. */
function namesIn(text = '{}', column: string): readonly string[] | undefined {
  try {
    const names: unknown = JSON.parse(text).info.features[column].names
    return Array.isArray(names) ? names.map(String) : undefined
  } catch {
    return undefined
  }
}
