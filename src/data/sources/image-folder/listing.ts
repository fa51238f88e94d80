import { type Dirent, existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { unreadable } from '../../file-errors.ts'

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

/** The image files of one class, by code point: those to train on, and those of the official test set. */
export interface ClassFiles {
  readonly name: string
  readonly train: readonly ImageFile[]
  readonly test: readonly ImageFile[]
}

export interface Listing {
  /** The folder without links. */
  readonly root: string
  /** By code point of their names. */
  readonly classes: readonly ClassFiles[]
  /** What is read as the test set, and what is not read, a sentence each. */
  readonly notes: readonly string[]
}

const EXTENSIONS = ['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.webp', '.gif', '.tif', '.tiff', '.avif']

/** Of a folder with several of them the first with classes is the test set. */
const TEST_FOLDERS = ['test', 'val', 'validation']

interface Folder {
  readonly files: readonly ImageFile[]
  readonly folders: ReadonlyMap<string, Folder>
}

const emptyFolder: Folder = { files: [], folders: new Map() }

/**
 * The image files of a folder. Its sub-folders are the classes; or it has train/, whose sub-folders they are, and test/, val/ or
 * validation/ with the same sub-folders, which is the official test set; what else it has is then not read. Deeper folders belong
 * to the class they are in.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-directory`, `data.unreadable`, `data.link` for a link that is not to a file of
 *   the folder, `data.image-folder` where there are no two classes, one is empty, or those of the test set differ
 */
export function listImages(directory: string): Listing {
  const root = rootOf(directory)
  const leftOut = new Map<string, number>()
  const top = readFolder(root, '', (kind) => leftOut.set(kind, (leftOut.get(kind) ?? 0) + 1))
  const others = [...top.folders.keys()].filter((name) => name !== 'train').sort(byCodePoint)
  const testFolders = TEST_FOLDERS.filter((name) => holdsClasses(top.folders.get(name)))
  // Other folders beside train/ make it a class among classes, unless there is a test set like it.
  const isSplit =
    holdsClasses(top.folders.get('train')) &&
    (testFolders.length > 0 || others.every((name) => TEST_FOLDERS.includes(name)))
  const train = isSplit ? top.folders.get('train')! : top
  const testFolder = isSplit ? testFolders[0] : undefined
  const test = testFolder === undefined ? emptyFolder : top.folders.get(testFolder)!

  const names = [...train.folders.keys()].sort(byCodePoint)
  checkClasses(isSplit ? join(directory, 'train') : directory, names)
  if (testFolder !== undefined) checkSame(names, [...test.folders.keys()], join(directory, testFolder))
  const classes = names.map((name) => ({
    name,
    train: filesBelow(train.folders.get(name)!),
    test: filesBelow(test.folders.get(name) ?? emptyFolder),
  }))
  const empty = classes.find((candidate) => candidate.train.length === 0)
  if (empty) {
    throw new EvenkeelError(
      'data.image-folder',
      `class '${empty.name}' has no image in ${join(directory, isSplit ? 'train' : '', empty.name)}`,
      `add images or take the folder away; images are ${EXTENSIONS.join(' ')}`,
    )
  }
  const outside = new Set([top, train, test].flatMap(({ files }) => files)).size
  if (outside > 0) leftOut.set('outside the folders of classes', outside)
  const unused = isSplit ? others.filter((name) => name !== testFolder) : []
  return { root, classes, notes: [...notesOnTest(testFolder, unused), ...notesOn(leftOut)] }
}

function rootOf(directory: string): string {
  const stats = statSync(directory, { throwIfNoEntry: false })
  if (!stats) throw new EvenkeelError('data.missing', `there is no directory ${directory}`)
  if (!stats.isDirectory()) {
    throw new EvenkeelError('data.not-a-directory', `expected a directory with images, got a file: ${directory}`)
  }
  return realpathSync(directory)
}

function holdsClasses(folder: Folder | undefined): boolean {
  return folder !== undefined && [...folder.folders.values()].some(holdsImages)
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
    const extension = extname(name).toLowerCase()
    if (name.startsWith('.')) leaveOut('hidden')
    else if (entry.isDirectory()) folders.set(name, readFolder(root, own, leaveOut))
    else {
      const isImage = EXTENSIONS.includes(extension)
      // Other files may be links to anywhere, but a link to a folder seems to be meant for a class.
      if (entry.isSymbolicLink() && (isImage || isFolder(join(root, own)))) checkLink(root, own)
      const file = isImage ? describeFile(root, own) : undefined
      if (file) files.push(file)
      else leaveOut(isImage ? 'device or pipe' : extension || 'without extension')
    }
  }
  return { files, folders }
}

function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Undefined for what is no file: reading a pipe would wait for ever. */
function describeFile(root: string, path: string): ImageFile | undefined {
  try {
    const stats = statSync(join(root, path))
    const { size, mtimeMs: modified, ctimeMs: changed } = stats
    return stats.isFile() ? { path, size, modified, changed } : undefined
  } catch (error) {
    throw unreadable(join(root, path), error)
  }
}

/** A link may name a file twice, but neither bring in what is elsewhere nor lead round in circles. */
function checkLink(root: string, path: string): void {
  const place = join(root, path)
  const refuse = (whither: string): never => {
    throw new EvenkeelError('data.link', `${place} is a link that leads ${whither}`, 'put the images themselves there')
  }
  if (!existsSync(place)) refuse('nowhere')
  if (!realpathSync(place).startsWith(root + sep)) refuse(`out of ${root}`)
  if (isFolder(place)) refuse('to a folder')
}

function isFolder(place: string): boolean {
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
  const received = names.length === 1 ? `only '${names[0]}'` : 'none'
  throw new EvenkeelError(
    'data.image-folder',
    `${directory} must have a sub-folder for each of at least 2 classes, got ${received}`,
    'expected DIR/class/image.jpg, or DIR/train/class/image.jpg and DIR/test/class/image.jpg',
  )
}

function checkSame(names: readonly string[], testNames: readonly string[], testDirectory: string): void {
  const [lacking] = names.filter((name) => !testNames.includes(name))
  const [foreign] = testNames.filter((name) => !names.includes(name))
  if (lacking === undefined && foreign === undefined) return
  const difference = lacking === undefined ? `has '${foreign}', which train/ has not` : `lacks '${lacking}'`
  throw new EvenkeelError('data.image-folder', `${testDirectory} must have the classes of train/, but it ${difference}`)
}

function notesOnTest(testFolder: string | undefined, unusedFolders: readonly string[]): string[] {
  const notes = unusedFolders.map((name) => `${name}/ is not read`)
  return testFolder === undefined ? notes : [`the official test set is ${testFolder}/`, ...notes]
}

function notesOn(leftOut: ReadonlyMap<string, number>): string[] {
  if (leftOut.size === 0) return []
  const total = [...leftOut.values()].reduce((sum, count) => sum + count, 0)
  const kinds = [...leftOut].sort(([a], [b]) => byCodePoint(a, b)).map(([kind, count]) => `${count} ${kind}`)
  return [`${total} other files are not read: ${kinds.join(', ')}`]
}
