import { statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { EvenkeelError } from '../../base/errors.ts'
import { printable } from '../../base/printable.ts'
import { byCodePoint, entriesOf, isFolder, isImageName } from './image-folder/listing.ts'

/** How many kinds of files are named. */
const NAMED = 5

/** Files of CIFAR's version for Python, whose names have no extension. */
const PICKLES = /^(data_batch_\d|test_batch|batches\.meta|meta)$|\.(pkl|pickle)$/

/** What is said of a path that no source knows: what is there, and what was looked for. */
export function unrecognised(path: string, signs: readonly string[]): EvenkeelError {
  return new EvenkeelError(
    'data.unrecognised',
    `no images are recognised in ${printable(path)}, which is ${described(path)}`,
    hintFor(path) ?? `looked for: ${signs.join('; ')}`,
  )
}

/** "a folder of 12 .dcm files and 1 folder" */
function described(path: string): string {
  if (!isFolder(path)) return `a file of ${statSync(path).size} bytes`
  const counts = new Map<string, number>()
  for (const entry of entriesOf(path)) {
    const kind = entry.isDirectory() ? 'folder' : `${extname(entry.name).toLowerCase()} file`.trim()
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  if (counts.size === 0) return 'an empty folder'
  const kinds = [...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b))
  const texts = kinds.slice(0, NAMED).map(([kind, count]) => `${count} ${printable(kind)}${count === 1 ? '' : 's'}`)
  return `a folder of ${texts.join(', ')}${kinds.length > NAMED ? ' and others' : ''}`
}

function hintFor(path: string): string | undefined {
  const names = isFolder(path) ? entriesOf(path).map(({ name }) => name) : [basename(path)]
  if (names.some((name) => PICKLES.test(name))) {
    return 'pickled Python objects are code and are not run; of CIFAR the binary version is read: evenkeel data fetch cifar-10'
  }
  if (names.some(isImageName)) {
    return 'images need their classes: put them into a folder for each class, or add metadata.csv with the columns file_name and label'
  }
  const folders = isFolder(path) ? entriesOf(path).filter((entry) => entry.isDirectory()) : []
  const hasImages = ({ name }: (typeof folders)[number]) =>
    entriesOf(join(path, name)).some((entry) => isImageName(entry.name))
  if (folders.length === 1 && folders.some(hasImages)) {
    return 'there must be a folder of images for each of at least two classes, and there is one'
  }
  return undefined
}
