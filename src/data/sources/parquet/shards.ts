import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { ListedRole } from '../image-folder/decoded-dataset.ts'
import { describeFile, type ImageFile, isFolder, refusedLink } from '../image-folder/listing.ts'
import { listOf, roleOf } from '../manifest/columns.ts'
import { parquetFilesAt } from './find.ts'
import { openParquet, type ParquetFile } from './parquet-file.ts'

/** A file of a set, and what its images are for. */
export interface Shard {
  /** Its path is below the folder of the set. */
  readonly file: ImageFile
  readonly role: ListedRole
  readonly parquet: ParquetFile
}

export interface Shards {
  /** The file or folder without links. */
  readonly root: string
  readonly shards: readonly Shard[]
  readonly notes: readonly string[]
}

/**
 * The Parquet files at a path. Of a folder's files the first word of the name says what they are for, as in
 * train-00000-of-00002.parquet; files without such a word are for training, where there is no such word at all, or else not read.
 *
 * @throws EvenkeelError `data.missing`, `data.link`, `data.parquet` where there are none, or none for training, those of `openParquet`
 */
export async function openShards(path: string): Promise<Shards> {
  if (!existsSync(path)) throw new EvenkeelError('data.missing', `there is no file or directory ${printable(path)}`)
  const files = parquetFilesAt(path)
  if (files.length === 0) {
    throw new EvenkeelError(
      'data.parquet',
      `expected a .parquet file, or a folder with some or with data/ that has some, got ${printable(path)}`,
    )
  }
  const root = realpathSync(path)
  const isSet = isFolder(path)
  const folder = isSet ? root : dirname(root)
  const named = files.map((name) => ({ name, role: isSet ? roleOf(firstWord(name)) : 'train' }))
  const hasRoles = named.some(({ role }) => role !== undefined)
  const read = named.flatMap(({ name, role = hasRoles ? undefined : 'train' }) => (role ? [{ name, role }] : []))
  if (!read.some(({ role }) => role === 'train')) {
    throw new EvenkeelError(
      'data.parquet',
      `no .parquet file in ${printable(path)} is for training; there are ${listOf(files)}`,
      'their names should begin with train, validation or test, or none of them',
    )
  }
  const shards: Shard[] = []
  for (const { name, role } of read) shards.push(await openShard(folder, name, role))
  const unread = files.filter((name) => !read.some((shard) => shard.name === name))
  return { root, shards, notes: unread.length > 0 ? [`not read: ${listOf(unread)}`] : [] }
}

function firstWord(path: string): string {
  return /^[a-z]*/i.exec(basename(path))![0]
}

/** A link must not bring in what is elsewhere. */
async function openShard(folder: string, name: string, role: ListedRole): Promise<Shard> {
  const path = join(folder, name)
  const whither = refusedLink(folder, name)
  if (whither !== undefined) {
    throw new EvenkeelError(
      'data.link',
      `${printable(path)} is a link that leads ${printable(whither)}`,
      'put the file itself there',
    )
  }
  const parquet = await openParquet(path)
  return { file: describeFile(folder, name)!, role, parquet }
}
