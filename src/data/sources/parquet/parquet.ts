import { basename } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { Dataset } from '../../dataset.ts'
import { inOrderOfClasses } from '../class-order.ts'
import { decodedDataset, type ListedImage } from '../image-folder/decoded-dataset.ts'
import type { ImageFile } from '../image-folder/listing.ts'
import { type ImageFolderOptions, imageFolderOptions } from '../image-folder/options.ts'
import { listOf } from '../manifest/columns.ts'
import { classNamesIn } from './class-names.ts'
import { type ColumnChoice, type Columns, findColumns } from './columns.ts'
import type { Row } from './parquet-file.ts'
import { openShards, type Shard } from './shards.ts'

/** Options of images, and which columns to read where they are not called as usual. */
export interface ParquetOptions extends ImageFolderOptions, ColumnChoice {}

/** An image of a row, its class by name. */
type NamedImage = Omit<ListedImage, 'label'> & { readonly label: string }

/**
 * Images in Parquet files as Hugging Face writes them: one file, or a folder with shards for training, validation and test (see
 * `openShards`). Classes are called as the files' metadata say, else by their numbers or names. Images are decoded once into a cache (see
 * `decodedDataset`), from one row group after the other.
 *
 * @throws EvenkeelError `data.parquet` for files, columns or values that are not as they must be, and those of `openShards` and
 *   `decodedDataset`
 */
export async function parquet(path: string, options: ParquetOptions = {}): Promise<Dataset> {
  const { root, shards, notes } = await openShards(path)
  const files = shards.map((shard) => shard.parquet)
  const columns = findColumns(files[0]!, options)
  const given = classNamesIn(files, columns.label)
  const perShard: NamedImage[][] = []
  for (const shard of shards) perShard.push(await imagesOf(shard, findColumns(shard.parquet, columns), given))
  const images = perShard.flat()
  const found = new Set(images.map(({ label }) => label))
  const classNames = given?.filter((name) => found.has(name)) ?? inOrderOfClasses(found)
  const unused = given?.filter((name) => !found.has(name)) ?? []
  const labelOf = new Map(classNames.map((name, label) => [name, label]))
  return decodedDataset(
    {
      name: basename(root).replace(/\.parquet$/i, ''),
      place: path,
      root,
      classNames,
      images: images.map((image) => ({ ...image, label: labelOf.get(image.label)! })),
      notes: [...notes, ...(unused.length > 0 ? [`classes without images are left out: ${listOf(unused)}`] : [])],
      read: imageReader(shards, columns.image),
    },
    options,
  )
}

/**
 * The options of a reference, such as `image=img&label=fine_label&side=32`.
 *
 * @throws EvenkeelError `data.option`
 */
export function parquetOptions(options: Readonly<Record<string, string>>): ParquetOptions {
  const { image, label, group } = options
  return { ...imageFolderOptions(options), image, label, group }
}

/** The images of a shard; each is called by the shard and its row, with zeros in front, so that names have the order of the rows. */
async function imagesOf({ file, role, parquet }: Shard, columns: Columns, given: readonly string[] | undefined) {
  const { label, group } = columns
  const digits = String(parquet.rowGroups.at(-1)?.end ?? 0).length
  const images: NamedImage[] = []
  for (const rowGroup of parquet.rowGroups) {
    const rows = await parquet.read(group === undefined ? [label] : [label, group], rowGroup)
    rows.forEach((row, i) => {
      const number = rowGroup.start + i
      const place = `${printable(parquet.path)}, row ${number} (counted from 0)`
      images.push({
        file: { ...file, path: `${file.path}#${String(number).padStart(digits, '0')}` },
        label: className(row[label], given, place),
        role,
        group: group === undefined ? undefined : textOf(row[group]),
      })
    })
  }
  return images
}

function className(value: unknown, given: readonly string[] | undefined, place: string): string {
  const text = textOf(value)
  if (text === undefined || text === '') throw new EvenkeelError('data.parquet', `${place}: there is no label`)
  if (!given || typeof value === 'string') return text
  const name = given[Number(text)]
  if (name !== undefined) return name
  throw new EvenkeelError('data.parquet', `${place}: the label must be 0 to ${given.length - 1}, got ${text}`)
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value)
}

/** Reads the files of images that are asked for in the order of the rows; memory holds those of the row group that was asked for last. */
function imageReader(shards: readonly Shard[], column: string): (file: ImageFile) => Promise<Uint8Array> {
  const shardOf = new Map(shards.map((shard) => [shard.file.path, shard.parquet]))
  let last: { shard: string; start: number; end: number; rows: Promise<readonly Row[]> } | undefined
  return async ({ path }) => {
    const at = path.lastIndexOf('#')
    const [shard, number] = [path.slice(0, at), Number(path.slice(at + 1))]
    if (last?.shard !== shard || number < last.start || number >= last.end) {
      const parquet = shardOf.get(shard)!
      const rowGroup = parquet.rowGroups.find(({ end }) => number < end)!
      last = { shard, ...rowGroup, rows: parquet.read([column], rowGroup) }
    }
    const { start, rows } = last
    return bytesOf((await rows)[number - start]![column])
  }
}

/** None where there is no image: what decodes them says so. */
function bytesOf(value: unknown): Uint8Array {
  const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | null)?.bytes
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(0)
}
