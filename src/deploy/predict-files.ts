import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import { isSystemError } from '../data/file-errors.ts'
import { byCodePoint, isImageName, refusedLink } from '../data/sources/image-folder/listing.ts'

/** A file that was named, or found in a folder that was; with a fault it cannot be read. */
export interface NamedFile {
  /** As it was named, or below the folder as that was named. */
  readonly path: string
  readonly fault?: string | undefined
}

export interface FilesOptions {
  /** Called for each file of a folder that is no image by its name. */
  readonly onOther?: ((path: string) => void) | undefined
}

/** A list of paths in which one is longer than this is no list of paths. */
const LONGEST_PATH = 65_536

/** Most bytes of an image file. */
const MOST_BYTES = 2 ** 29

/**
 * The files of these paths, one after the other as they are asked for: a file itself, whatever its name; of a folder all images by their
 * names, by code point, those in its folders included, hidden ones not. A link in a folder is followed to a file below that folder alone.
 */
export async function* filesAt(
  paths: Iterable<string> | AsyncIterable<string>,
  options: FilesOptions = {},
): AsyncGenerator<NamedFile, void> {
  for await (const path of paths) {
    const stats = await stat(path).catch(() => undefined)
    if (stats?.isDirectory()) yield* filesBelow(path, { folder: path, root: await realpath(path) }, options)
    else if (stats?.isFile()) yield { path }
    else yield { path, fault: stats ? 'it is neither a file nor a folder' : 'there is no such file' }
  }
}

async function* filesBelow(
  path: string,
  named: { readonly folder: string; readonly root: string },
  options: FilesOptions,
): AsyncGenerator<NamedFile, void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
  if (!entries) yield { path, fault: 'its files may not be read' }
  for (const entry of entries?.sort((a, b) => byCodePoint(a.name, b.name)) ?? []) {
    const own = join(path, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) yield* filesBelow(own, named, options)
    else if (!isImageName(entry.name)) options.onOther?.(own)
    else if (entry.isSymbolicLink()) {
      const whither = refusedLink(named.root, relative(named.folder, own))
      yield { path: own, fault: whither === undefined ? undefined : `it is a link that leads ${whither}` }
    } else yield { path: own, fault: entry.isFile() ? undefined : 'it is neither a file nor a folder' }
  }
}

/**
 * The paths of a list, one a line, or ended by NUL bytes, which names with newlines need. Empty ones are passed over.
 *
 * @throws EvenkeelError `predict.list` where a path is longer than any
 */
export async function* pathsIn(
  list: AsyncIterable<Uint8Array | string>,
  separator: '\n' | '\0',
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  let rest = ''
  const clean = (path: string) => (separator === '\n' ? path.replace(/\r$/, '') : path)
  for await (const part of list) {
    const paths = (rest + (typeof part === 'string' ? part : decoder.decode(part, { stream: true }))).split(separator)
    rest = paths.pop()!
    for (const path of paths) if (clean(path) !== '') yield clean(path)
    if (rest.length > LONGEST_PATH) {
      throw new EvenkeelError(
        'predict.list',
        `a path in the list is longer than ${LONGEST_PATH} characters`,
        'write one path a line; with --null end each with a NUL byte, as find -print0 does',
      )
    }
  }
  if (clean(rest) !== '') yield clean(rest)
}

/** The bytes of a file, or why there are none. */
export async function bytesOf(path: string): Promise<Uint8Array | { readonly fault: string }> {
  try {
    const { size } = await stat(path)
    return size > MOST_BYTES ? { fault: `its ${size} bytes are more than ${MOST_BYTES}` } : await readFile(path)
  } catch (error) {
    if (!isSystemError(error)) throw error
    return { fault: error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})` }
  }
}
