import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { unreadable } from '../../file-errors.ts'
import type { ImageFolderOptions } from './options.ts'

/** An image file as the file system describes it: what changes when the file does. */
export interface ImageFile {
  /** Below the folder, with '/'. */
  readonly path: string
  readonly size: number
  /** When its contents changed last, in milliseconds since 1970. */
  readonly modified: number
  /** The same of its contents or anything else about it: this one cannot be set back. */
  readonly changed: number
}

/** The image files of one class: those to train on, and those of the official selection and test sets. */
export interface ClassFiles {
  readonly name: string
  readonly train: readonly ImageFile[]
  readonly selection: readonly ImageFile[]
  readonly test: readonly ImageFile[]
}

export interface Listing {
  /** The folder without links. */
  readonly root: string
  /** By code point of their names. */
  readonly classes: readonly ClassFiles[]
  /** What is read as the selection and test sets, and what is not read, a sentence each. */
  readonly notes: readonly string[]
}

const EXTENSIONS = ['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']

/** What a selection set is called beside train/ and test/; the first that has classes. */
const SELECTION_FOLDERS = ['val', 'valid', 'validation']

interface Folder {
  readonly files: readonly ImageFile[]
  readonly folders: ReadonlyMap<string, Folder>
}

const emptyFolder: Folder = { files: [], folders: new Map() }

/**
 * The image files of a folder. Its sub-folders are the classes; or it has train/, whose sub-folders they are, and test/ and val/ (or
 * valid/, validation/) with the same sub-folders, which are the official test and selection sets; with only one of them that one is the
 * test set. What else it has is then not read. Deeper folders belong to the class they are in.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-directory`, `data.unreadable`, `data.link` for a link that is not to a file of
 *   the folder, `data.image-folder` where there are no two classes, one is empty, or those of the official sets differ
 */
export function listImages(
  directory: string,
  { emptyClasses }: Pick<ImageFolderOptions, 'emptyClasses'> = {},
): Listing {
  const root = rootOf(directory)
  const leftOut = new Map<string, number>()
  const top = readFolder(root, '', (kind) => leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1))
  const parts = partsOf(top)
  const names = [...parts.train.folder.folders.keys()].sort(byCodePoint)
  checkClasses(join(directory, parts.train.name), names)
  for (const part of [parts.selection, parts.test]) {
    if (part) checkSame(names, part, directory)
  }
  const filesOf = (part: Part | undefined, name: string) => filesBelow(part?.folder.folders.get(name) ?? emptyFolder)
  const classes = names.map((name) => ({
    name,
    train: filesOf(parts.train, name),
    selection: filesOf(parts.selection, name),
    test: filesOf(parts.test, name),
  }))
  const empty = classes.find((candidate) => candidate.train.length === 0)
  if (empty && emptyClasses !== 'allow') {
    throw new EvenkeelError(
      'data.image-folder',
      `class '${printable(empty.name)}' has no image in ${printable(join(directory, parts.train.name, empty.name))}`,
      `add images or take the folder away; images are ${EXTENSIONS.join(' ')}`,
    )
  }
  const read = [parts.train, parts.selection, parts.test].flatMap((part) => part?.folder ?? [])
  const outside = new Set([top, ...read].flatMap(({ files }) => files)).size
  if (outside > 0) leftOut.set('outside the folders of classes', outside)
  return { root, classes, notes: [...notesOnParts(parts, top), ...notesOn(leftOut)] }
}

/** Whether two folders or more hold images, or those of train/ do; of each no more is read than the first. */
export function looksLikeImageFolder(path: string): boolean {
  const foldersOf = (place: string) =>
    entriesOf(place).flatMap((entry) =>
      entry.isDirectory() && !entry.name.startsWith('.') ? [join(place, entry.name)] : [],
    )
  const hasImage = (place: string): boolean =>
    entriesOf(place).some((entry) => entry.isFile() && isImageName(entry.name)) || foldersOf(place).some(hasImage)
  const hasClasses = (place: string) => isFolder(place) && foldersOf(place).filter(hasImage).length >= 2
  return hasClasses(path) || hasClasses(join(path, 'train'))
}

/** A folder of folders of classes. */
interface Part {
  /** Of the folder; '' for the whole. */
  readonly name: string
  readonly folder: Folder
}

interface Parts {
  readonly train: Part
  readonly selection?: Part | undefined
  readonly test?: Part | undefined
}

/** Other folders beside train/ make it a class among classes, unless there is an official set like it. */
function partsOf(top: Folder): Parts {
  const whole = { train: { name: '', folder: top } }
  const find = (...names: readonly string[]): Part | undefined =>
    names.flatMap((name) => {
      const folder = top.folders.get(name)
      return folder && holdsClasses(folder) ? { name, folder } : []
    })[0]
  const [train, selection, test] = [find('train'), find(...SELECTION_FOLDERS), find('test')]
  if (!train) return whole
  if (selection && test) return { train, selection, test }
  if (selection || test) return { train, test: selection ?? test }
  const known = ['train', ...SELECTION_FOLDERS, 'test']
  return [...top.folders.keys()].every((name) => known.includes(name)) ? { train } : whole
}

/**
 * A folder without links.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-directory`
 */
export function rootOf(directory: string): string {
  const stats = statSync(directory, { throwIfNoEntry: false })
  if (!stats) throw new EvenkeelError('data.missing', `there is no directory ${printable(directory)}`)
  if (!stats.isDirectory()) {
    throw new EvenkeelError(
      'data.not-a-directory',
      `expected a directory with images, got a file: ${printable(directory)}`,
    )
  }
  return realpathSync(directory)
}

function holdsClasses({ folders }: Folder): boolean {
  return [...folders.values()].some(holdsImages)
}

function holdsImages({ files, folders }: Folder): boolean {
  return files.length > 0 || [...folders.values()].some(holdsImages)
}

/** All below `path`; `leaveOut` is told the kind of each file that is not taken. */
function readFolder(root: string, path: string, leaveOut: (kind: string) => void): Folder {
  const files: ImageFile[] = []
  const folders = new Map<string, Folder>()
  for (const entry of entriesOf(join(root, path))) {
    const { name } = entry
    const own = path === '' ? name : `${path}/${name}`
    if (name.startsWith('.')) leaveOut('hidden')
    else if (entry.isDirectory()) folders.set(name, readFolder(root, own, leaveOut))
    else {
      const isImage = isImageName(name)
      // Other files may be links to anywhere, but a link to a folder seems to be meant for a class.
      if (entry.isSymbolicLink() && (isImage || isFolder(join(root, own)))) checkLink(root, own)
      const file = isImage ? describeFile(root, own) : undefined
      if (file) files.push(file)
      else leaveOut(isImage ? 'device or pipe' : printable(extname(name).toLowerCase()) || 'without extension')
    }
  }
  return { files, folders }
}

/** Whether a file is called as images are. */
export function isImageName(name: string): boolean {
  return EXTENSIONS.includes(extname(name).toLowerCase())
}

export function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** The image file at a path below `root`; undefined for what is no file: reading a pipe would wait for ever. */
export function describeFile(root: string, path: string): ImageFile | undefined {
  try {
    const stats = statSync(join(root, path))
    const { size, mtimeMs: modified, ctimeMs: changed } = stats
    return stats.isFile() ? { path, size, modified, changed } : undefined
  } catch (error) {
    throw unreadable(join(root, path), error)
  }
}

/**
 * Whither the link at a path below `root` leads, where that is refused: it may name a file twice, but neither bring in what is elsewhere
 * nor lead round in circles.
 */
export function refusedLink(root: string, path: string): string | undefined {
  const place = join(root, path)
  if (!existsSync(place)) return 'nowhere'
  if (!realpathSync.native(place).startsWith(root + sep)) return `out of ${root}`
  return isFolder(place) ? 'to a folder' : undefined
}

function checkLink(root: string, path: string): void {
  const whither = refusedLink(root, path)
  if (whither === undefined) return
  throw new EvenkeelError(
    'data.link',
    `${printable(join(root, path))} is a link that leads ${printable(whither)}`,
    'put the images themselves there',
  )
}

export function isFolder(place: string): boolean {
  return existsSync(place) && statSync(place).isDirectory()
}

/** The files of a folder and of those in it. */
function filesBelow(folder: Folder): ImageFile[] {
  const collect = ({ files, folders }: Folder): ImageFile[] => [...files, ...[...folders.values()].flatMap(collect)]
  return collect(folder).sort((a, b) => byCodePoint(a.path, b.path))
}

/** Order that depends on no language and no platform. */
export function byCodePoint(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a.codePointAt(i)! - b.codePointAt(i)!
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

function checkClasses(directory: string, names: readonly string[]): void {
  if (names.length >= 2) return
  const received = names.length === 1 ? `only '${printable(names[0]!)}'` : 'none'
  throw new EvenkeelError(
    'data.image-folder',
    `${printable(directory)} must have a sub-folder for each of at least 2 classes, got ${received}`,
    'expected DIR/class/image.jpg, or DIR/train/class/image.jpg and DIR/test/class/image.jpg',
  )
}

function checkSame(names: readonly string[], { name: part, folder }: Part, directory: string): void {
  const lacking = names.find((name) => !holdsImages(folder.folders.get(name) ?? emptyFolder))
  const foreign = [...folder.folders.keys()].find((name) => !names.includes(name))
  if (lacking === undefined && foreign === undefined) return
  const difference =
    lacking === undefined ? `has '${printable(foreign!)}', which train/ has not` : `lacks '${printable(lacking)}'`
  throw new EvenkeelError(
    'data.image-folder',
    `${printable(join(directory, part))} must have the classes of train/, but it ${difference}`,
  )
}

function notesOnParts({ train, selection, test }: Parts, top: Folder): string[] {
  if (train.folder === top) return []
  const read = [train, selection, test].map((part) => part?.name)
  const unused = [...top.folders.keys()].filter((name) => !read.includes(name)).sort(byCodePoint)
  return [
    ...(selection ? [`the official selection set is ${selection.name}/`] : []),
    ...(test ? [`the official test set is ${test.name}/`] : []),
    ...unused.map((name) => `${printable(name)}/ is not read`),
  ]
}

function notesOn(leftOut: ReadonlyMap<string, number>): string[] {
  if (leftOut.size === 0) return []
  const total = [...leftOut.values()].reduce((sum, count) => sum + count, 0)
  const kinds = [...leftOut].sort(([a], [b]) => byCodePoint(a, b)).map(([kind, count]) => `${count} ${kind}`)
  return [`${total} other files are not read: ${kinds.join(', ')}`]
}
