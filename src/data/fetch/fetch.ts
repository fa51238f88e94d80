import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EvenkeelError } from '../../base/errors.ts'
import { isSystemError } from '../file-errors.ts'
import { checksumOf, isSound } from './checksum.ts'
import { download } from './download.ts'
import { whileLocked } from './lock.ts'
import type { FetchableFile, FetchableSet } from './sets.ts'
import { unpack } from './unpack.ts'

export interface FetchOptions {
  /** Where the files go; made where there is none. */
  readonly directory: string
  /** URL of a folder that holds the same files; default: the set's own host. */
  readonly from?: string | undefined
  /** Aborting it ends the work; the same call goes on where it was. */
  readonly stop?: AbortSignal | undefined
  /** Seconds without a byte after which the host counts as silent; default 30. */
  readonly patience?: number | undefined
  readonly onEvent?: ((event: FetchEvent) => void) | undefined
}

/** What happens to one of a set's files, by its name. */
export type FetchEvent =
  /** It is there and sound, or what it unpacks to is. */
  | { readonly type: 'present'; readonly file: string }
  /** There is a file of its name with other contents. */
  | { readonly type: 'damaged'; readonly file: string }
  /** Bytes that are here, and of how many, where the host says so; the first time before any has come. */
  | {
      readonly type: 'progress'
      readonly file: string
      readonly url: string
      readonly received: number
      readonly total: number | undefined
    }
  | { readonly type: 'unpacking'; readonly file: string }

export interface FetchOutcome {
  readonly status: 'done' | 'stopped'
  readonly directory: string
  /** Names of the files that this call downloaded. */
  readonly fetched: readonly string[]
  /** Names of those that were there and sound. */
  readonly present: readonly string[]
}

/**
 * Downloads the files of a set that are not there yet, each checked against its published checksum before it gets its name, and
 * unpacks those that are archives. An archive stays beside what it unpacks to.
 *
 * @throws EvenkeelError `data.fetch-url` for a `from` that is no URL, `data.unwritable` for a directory that cannot be written to
 *   or is full, `data.busy` where another process fetches into it, `data.fetch` and `data.checksum` as `download` does, `data.archive` as `unpack` does
 */
export async function fetchSet(set: FetchableSet, options: FetchOptions): Promise<FetchOutcome> {
  const { directory, stop, onEvent = () => {} } = options
  const url = folderUrl(options.from ?? set.url)
  const fetched: string[] = []
  const present: string[] = []
  let status: FetchOutcome['status'] = 'done'
  try {
    await mkdir(directory, { recursive: true })
    const missing: FetchableFile[] = []
    for (const file of set.files) {
      if (await isPresent(file, directory)) {
        onEvent({ type: 'present', file: file.name })
        present.push(file.name)
      } else missing.push(file)
    }
    if (missing.length > 0) {
      await whileLocked(directory, async () => {
        for (const file of missing) {
          const wasThere = await fetchFile(file, new URL(file.name, url).href, options)
          const names = wasThere ? present : fetched
          names.push(file.name)
        }
      })
    }
  } catch (error) {
    if (stop?.aborted) status = 'stopped'
    else throw isSystemError(error) ? unwritable(directory, error) : error
  }
  return { status, directory, fetched, present }
}

/** Whether a file, or what it unpacks to, is there and sound. */
async function isPresent({ name, checksum, unpacksTo }: FetchableFile, directory: string): Promise<boolean> {
  for (const [path, expected] of Object.entries(unpacksTo ?? { [name]: checksum })) {
    if (!(await isSound(join(directory, path), expected))) return false
  }
  return true
}

/** Downloads and unpacks what is missing of a file, and returns whether the file itself was there. */
async function fetchFile(file: FetchableFile, url: string, options: FetchOptions): Promise<boolean> {
  const { name, checksum, unpacksTo } = file
  const { directory, stop, patience = 30, onEvent = () => {} } = options
  const path = join(directory, name)
  const found = await checksumOf(path, checksum)
  if (found !== checksum) {
    if (found !== undefined) onEvent({ type: 'damaged', file: name })
    const onProgress = (received: number, total: number | undefined) =>
      onEvent({ type: 'progress', file: name, url, received, total })
    await download({ url, path, checksum, patience, stop, onProgress })
  }
  if (unpacksTo) {
    onEvent({ type: 'unpacking', file: name })
    await unpack(path, directory)
  }
  return found === checksum
}

/** The URL with a slash at its end, so that names go below it. */
function folderUrl(text: string): string {
  const protocol = URL.canParse(text) ? new URL(text).protocol : ''
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new EvenkeelError(
      'data.fetch-url',
      `--from must be the URL of a folder, got '${text}'`,
      'such as https://example.org/mnist/',
    )
  }
  return text.endsWith('/') ? text : `${text}/`
}

/** What the codes of the file system mean for a folder that is to be filled. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  // What Node says of a folder that is to be made on a read-only disk.
  ENOENT: 'the folder cannot be made',
  EEXIST: 'it is a file',
  ENOTDIR: 'it lies below a file',
}

function unwritable(directory: string, error: NodeJS.ErrnoException): EvenkeelError {
  return new EvenkeelError(
    'data.unwritable',
    `cannot write to ${directory}: ${CAUSES[error.code ?? ''] ?? error.message}`,
    'mend that and run the same command again, or name another folder with --to',
    { cause: error },
  )
}
