import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, posix, win32 } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { Dataset } from '../../dataset.ts'
import { inOrderOfClasses } from '../class-order.ts'
import { decodedDataset, type ListedImage, type ListedRole } from '../image-folder/decoded-dataset.ts'
import {
  describeFile,
  entriesOf,
  type ImageFile,
  isFolder,
  isImageName,
  refusedLink,
  rootOf,
} from '../image-folder/listing.ts'
import { type ImageFolderOptions, imageFolderOptions } from '../image-folder/options.ts'
import { type ColumnChoice, type Columns, type ColumnUse, findColumns, roleOf, SPLIT_NAMES } from './columns.ts'
import { MANIFEST_NAME, METADATA, manifestsAt } from './find.ts'
import { type Row, readRows, wrong } from './rows.ts'

/** Options of images, and which columns to read where they are not called as usual. */
export interface ManifestOptions extends ImageFolderOptions, ColumnChoice {}

/** An image that a row names. */
interface Entry {
  readonly line: number
  readonly file: ImageFile
  /** Of its class; undefined where no column says it. */
  readonly label: string | undefined
  /** Undefined where no column says it. */
  readonly role: ListedRole | undefined
  readonly group: string | undefined
}

/**
 * Images that a table names, CSV with a header or JSON Lines: a row for each, with its path below the table's folder and, in the same
 * row, its class and perhaps its group and split (see `findColumns` for what columns are called). Without a column of labels the first
 * folders of the paths are the classes; without a column of splits the first folders are those, where all are called train, val, test
 * or the like. Images that the table does not name are not read.
 *
 * @param path the file, or a folder with metadata.csv or metadata.jsonl
 * @throws EvenkeelError `data.manifest` with the line that is wrong, and those of `readRows` and `decodedDataset`
 */
export async function manifest(path: string, options: ManifestOptions = {}): Promise<Dataset> {
  const file = onlyManifestAt(path)
  const root = rootOf(dirname(file))
  const { columns, entries } = await readEntries(file, root, options)
  const fromFolders = foldersAsSplits(columns, entries)
  const images = entries.map((entry) => {
    const [first, ...others] = entry.file.path.split('/')
    return {
      ...entry,
      label: entry.label ?? classFolderOf(file, entry, fromFolders ? others : [first!, ...others]),
      role: entry.role ?? (fromFolders ? roleOf(first!)! : 'train'),
    }
  })
  const classNames = inOrderOfClasses(new Set(images.map(({ label }) => label)))
  const labelOf = new Map(classNames.map((name, label) => [name, label]))
  return decodedDataset(
    {
      name: isFolder(path) ? basename(root) : basename(path).replace(MANIFEST_NAME, ''),
      place: path,
      root,
      classNames,
      images: images.map(
        ({ file, label, role, group }): ListedImage => ({ file, label: labelOf.get(label)!, role, group }),
      ),
      notes: [
        columns.note,
        ...(fromFolders ? ['the first folder of each path says what the image is for'] : []),
        ...(columns.at.label === undefined
          ? [`the ${fromFolders ? 'second' : 'first'} folder of each path is its class`]
          : []),
        ...noteOnUnnamed(root, entries),
      ],
    },
    options,
  )
}

/**
 * The options of a reference, such as `label=diagnosis&group=patient&side=96`.
 *
 * @throws EvenkeelError `data.option`
 */
export function manifestOptions(options: Readonly<Record<string, string>>): ManifestOptions {
  const { path, label, group, split } = options
  return { ...imageFolderOptions(options), path, label, group, split }
}

function onlyManifestAt(path: string): string {
  const [file, other] = manifestsAt(path)
  if (file === undefined) {
    throw new EvenkeelError(
      'data.manifest',
      `expected a .csv or .jsonl file, or a folder with ${METADATA.join(' or ')}, got ${printable(path)}`,
    )
  }
  if (other !== undefined) {
    throw new EvenkeelError(
      'data.manifest',
      `${printable(path)} has both ${METADATA.join(' and ')}`,
      `name the one to read: ${printable(file)} or ${printable(other)}`,
    )
  }
  return file
}

async function readEntries(
  path: string,
  root: string,
  choice: ColumnChoice,
): Promise<{ columns: Columns; entries: Entry[] }> {
  let columns: Columns | undefined
  const entries: Entry[] = []
  const lineOf = new Map<string, number>()
  for await (const row of readRows(path)) {
    if (columns === undefined) {
      columns = findColumns(row.values as string[], choice, path)
      continue
    }
    const entry = entryOf(path, root, row, columns)
    const before = lineOf.get(entry.file.path)
    if (before !== undefined) throw wrong(path, row.line, `'${entry.file.path}' is named in line ${before} already`)
    lineOf.set(entry.file.path, row.line)
    entries.push(entry)
  }
  if (columns === undefined || entries.length === 0) {
    throw new EvenkeelError('data.manifest', `${printable(path)} names no image`)
  }
  return { columns, entries }
}

function entryOf(path: string, root: string, row: Row, { at }: Columns): Entry {
  const fail = (what: string, hint?: string): never => {
    throw wrong(path, row.line, what, hint)
  }
  const text = (use: ColumnUse): string | undefined => {
    if (at[use] === undefined) return undefined
    const value = row.values[at[use]] ?? ''
    if (typeof value === 'object') fail(`the ${use} must be text or a number`)
    return String(value).trim()
  }
  const [label, group, split] = [text('label'), text('group'), text('split')]
  if (label === '') fail('the label is empty')
  if (label !== undefined && printable(label) !== label) {
    fail(`the label '${printable(label)}' has a character that cannot be printed`)
  }
  const role = split === undefined ? undefined : roleOf(split)
  if (split !== undefined && role === undefined) {
    fail(
      `the split must be one of ${SPLIT_NAMES.join(', ')}, got '${printable(split)}'`,
      'another column is read with split=COLUMN, and none with split=none',
    )
  }
  return { line: row.line, file: fileOf(root, text('path')!, fail), label, role, group: group || undefined }
}

/** The file that a row names, which must be below the manifest's folder. */
function fileOf(root: string, named: string, fail: (what: string, hint?: string) => never): ImageFile {
  const shown = `'${printable(named)}'`
  if (named === '') fail('the path is empty')
  if (printable(named) !== named) fail(`the path ${shown} has a character that cannot be printed`, 'rename the file')
  if (win32.isAbsolute(named) || named.split(/[\\/]/).includes('..')) {
    fail(`${shown} must be a path below the folder of this file, without '..'`)
  }
  const path = posix.normalize(named)
  const place = join(root, path)
  if (!existsSync(place))
    fail(`there is no file ${shown}`, `paths are below ${printable(root)}, with '/' between folders`)
  const whither = realpathSync.native(place) === place ? undefined : refusedLink(root, path)
  if (whither !== undefined)
    fail(`${shown} is a link that leads ${printable(whither)}`, 'put the images themselves there')
  return describeFile(root, path) ?? fail(`${shown} is no file`)
}

/** Whether the first folders of all paths say what images are for, where no column does. */
function foldersAsSplits({ at }: Columns, entries: readonly Entry[]): boolean {
  if (at.split !== undefined) return false
  const roles = new Set(
    entries.map(({ file }) => (file.path.includes('/') ? roleOf(file.path.split('/')[0]!) : undefined)),
  )
  return roles.has('train') && !roles.has(undefined)
}

/** The class of an image for which no column says it; `steps` lead to the image. */
function classFolderOf(path: string, { line, file }: Entry, steps: readonly string[]): string {
  if (steps.length >= 2) return steps[0]!
  throw wrong(
    path,
    line,
    `no column says the label, and '${file.path}' is in no folder of a class`,
    'name the column of labels with the option label=COLUMN',
  )
}

/** How many images lie beside those that are named. */
function noteOnUnnamed(root: string, entries: readonly Entry[]): string[] {
  const named = new Set(entries.map(({ file }) => file.path))
  const unnamed = [...new Set([...named].map((path) => posix.dirname(path)))].flatMap((folder) =>
    entriesOf(join(root, folder)).filter(
      (entry) => !entry.isDirectory() && isImageName(entry.name) && !named.has(posix.join(folder, entry.name)),
    ),
  )
  return unnamed.length > 0 ? [`${unnamed.length} images in the same folders are not named and not read`] : []
}
