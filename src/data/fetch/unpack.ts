import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import type { ReadEntry } from 'tar'
import { EvenkeelError } from '../../base/errors.ts'
import { isSystemError } from '../file-errors.ts'

/**
 * Unpacks the files of a tar archive, plain or gzipped, below a directory. They are unpacked aside and moved into place when all are
 * there: an interruption leaves no half of one behind. An archive that holds anything but files and folders below its own root is
 * refused as a whole.
 *
 * @throws EvenkeelError `data.archive` for an unsafe or damaged archive; errors of the file system as they come
 */
export async function unpack(archive: string, directory: string): Promise<void> {
  const aside = `${archive}.unpacking`
  const files = new Set<string>()
  const refused: string[] = []
  const sort = (path: string, { type }: ReadEntry): boolean => {
    const safe = staysBelow(aside, path) && (FILES.includes(type) || type === 'Directory')
    if (!safe) refused.push(path)
    else if (type !== 'Directory') files.add(path)
    return safe
  }
  await rm(aside, { recursive: true, force: true })
  try {
    await mkdir(aside)
    await extractAll(archive, aside, sort)
    if (refused.length > 0) {
      throw unusable(archive, `it holds ${refused.join(', ')}, and only files and folders below its own root are taken`)
    }
    for (const file of files) {
      await mkdir(dirname(join(directory, file)), { recursive: true })
      await rename(join(aside, file), join(directory, file))
    }
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** What tar calls regular files; links, devices and pipes are others. */
const FILES: readonly string[] = ['File', 'OldFile', 'ContiguousFile']

function staysBelow(directory: string, path: string): boolean {
  const way = relative(directory, resolve(directory, path))
  return way === '' || !(isAbsolute(path) || isAbsolute(way) || way.split(/[\\/]/).includes('..'))
}

async function extractAll(
  archive: string,
  cwd: string,
  sort: (path: string, entry: ReadEntry) => boolean,
): Promise<void> {
  // Loaded here alone: whoever reads data does without it.
  const { extract } = await import('tar')
  try {
    await extract({
      file: archive,
      cwd,
      // A warning of tar's is a file that was left out.
      strict: true,
      // Otherwise files that root unpacks belong to whoever packed them.
      preserveOwner: false,
      filter: (path, entry) => sort(path, entry as ReadEntry),
    })
  } catch (error) {
    if (isSystemError(error)) throw error
    throw unusable(archive, (error as Error).message, error)
  }
}

function unusable(archive: string, why: string, cause?: unknown): EvenkeelError {
  return new EvenkeelError('data.archive', `${archive} cannot be unpacked: ${why}`, 'nothing of it was kept', { cause })
}
