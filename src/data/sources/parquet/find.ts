import { existsSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { byCodePoint, entriesOf, isFolder } from '../image-folder/listing.ts'

/** Where a folder has its files: the first of these that has some. */
const FOLDERS = ['', 'data/']

/** The Parquet files of a path, by code point: paths below the folder, or the name of the file itself. */
export function parquetFilesAt(path: string): string[] {
  if (!isFolder(path)) return existsSync(path) && isParquet(path) ? [basename(realpathSync(path))] : []
  return FOLDERS.map((below) => filesIn(path, below)).find((files) => files.length > 0) ?? []
}

function filesIn(path: string, below: string): string[] {
  const folder = join(path, below)
  if (!isFolder(folder)) return []
  const entries = entriesOf(folder).filter((entry) => isParquet(entry.name) && !entry.isDirectory())
  return entries.map(({ name }) => below + name).sort(byCodePoint)
}

function isParquet(name: string): boolean {
  return /\.parquet$/i.test(name)
}
