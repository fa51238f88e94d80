import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { EvenkeelError } from '../../base/errors.ts'
import { isSystemError } from '../file-errors.ts'
import { type Checksum, checksumOf, isSound } from './checksum.ts'

export interface Download {
  readonly url: string
  /** Where the file goes once it is whole and sound. */
  readonly path: string
  readonly checksum: Checksum
  /** Seconds without a byte after which the host counts as silent. */
  readonly patience: number
  /** Aborting it ends the download with an `AbortError`; what has come is kept. */
  readonly stop?: AbortSignal | undefined
  /** Called before the first byte and after each part: bytes that are here, and of how many, where the host says so. */
  readonly onProgress: (received: number, total: number | undefined) => void
}

/**
 * Downloads a file to `<path>.part`, going on where an earlier attempt was cut off, and moves it to `path` once its checksum is
 * the published one. What the host says in `ETag` is kept beside the part, so that it is only continued from the same file.
 *
 * @throws EvenkeelError `data.fetch` where the host cannot be reached, refuses or breaks off, `data.checksum` for another file
 *   than the published one, which is then removed; errors of the file system as they come
 */
export async function download(wanted: Download): Promise<void> {
  const { url, path, checksum } = wanted
  const part = partOf(path)
  if (!(await isSound(part, checksum))) await receive(wanted)
  const received = await checksumOf(part, checksum)
  await rm(etagOf(path), { force: true })
  if (received !== checksum) {
    await rm(part, { force: true })
    throw new EvenkeelError(
      'data.checksum',
      `${url} is not the published file: expected ${checksum}, got ${received}; it was removed`,
      'run the command again or take another host with --from',
    )
  }
  await rename(part, path)
}

function partOf(path: string): string {
  return `${path}.part`
}

function etagOf(path: string): string {
  return `${path}.part.etag`
}

/** Appends to the part what is missing of it. */
async function receive(wanted: Download): Promise<void> {
  const { path, patience, stop, onProgress } = wanted
  const hangUp = new AbortController()
  let silent = false
  const timer = setTimeout(() => {
    silent = true
    hangUp.abort()
  }, patience * 1000)
  try {
    const signal = stop ? AbortSignal.any([stop, hangUp.signal]) : hangUp.signal
    const { body, start, total } = await ask(wanted, signal)
    timer.refresh()
    const file = await open(partOf(path), start > 0 ? 'a' : 'w')
    try {
      let received = start
      onProgress(received, total)
      for await (const bytes of body) {
        timer.refresh()
        await file.appendFile(bytes)
        received += bytes.length
        onProgress(received, total)
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (stop?.aborted || error instanceof EvenkeelError || isSystemError(error)) throw error
    throw unfetched(wanted, silent ? `the host sent nothing for ${patience} s` : causeOf(error), error)
  } finally {
    clearTimeout(timer)
    // Answers that were not read to their end would keep their connections.
    hangUp.abort()
  }
}

interface Answer {
  readonly body: AsyncIterable<Uint8Array>
  /** The byte of the file that the body begins with: 0, or the length of the part. */
  readonly start: number
  /** Bytes of the whole file, where the host says so. */
  readonly total: number | undefined
}

/** Asks for what is missing or, where the host cannot or will not go on there, for the whole file. */
async function ask(wanted: Download, signal: AbortSignal): Promise<Answer> {
  const { url, path } = wanted
  const start = await sizeOf(partOf(path))
  if (start > 0) {
    const etag = await readFile(etagOf(path), 'latin1').catch(() => undefined)
    const range = { range: `bytes=${start}-`, ...(etag !== undefined && { 'if-range': etag }) }
    const response = await request(url, range, signal)
    if (response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${start}-`)) {
      return answer(wanted, response, start)
    }
    // 200: the host knows no ranges, or has another file by now; 416: it has nothing beyond what is here.
    if (response.status === 200) return await fresh(wanted, response)
  }
  return fresh(wanted, await request(url, {}, signal))
}

function request(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  // Bytes as they are: what is checked and counted is the file, not what a packed transfer unpacks to.
  return fetch(url, { headers: { ...headers, 'accept-encoding': 'identity' }, signal })
}

async function fresh(wanted: Download, response: Response): Promise<Answer> {
  const { status, statusText, headers } = response
  if (status !== 200) throw unfetched(wanted, `the host answers ${`${status} ${statusText}`.trim()}`)
  const found = answer(wanted, response, 0)
  const etag = headers.get('etag')
  // Before there is another ETag: whatever happens between, no part is ever beside the ETag of another file.
  await rm(partOf(wanted.path), { force: true })
  // A weak one (W/) may stand for other bytes, so that nothing can be continued by it (RFC 9110, section 13.1.5).
  if (etag?.startsWith('"')) await writeFile(etagOf(wanted.path), etag, 'latin1')
  else await rm(etagOf(wanted.path), { force: true })
  return found
}

function answer(wanted: Download, { body, headers }: Response, start: number): Answer {
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity')
    throw unfetched(wanted, `the host sends it packed as '${encoding}', which cannot be checked`)
  const length = headers.get('content-length')
  return { body: body ?? emptyBody(), start, total: length === null ? undefined : start + Number(length) }
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void> {}

async function sizeOf(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined)
  return stats?.size ?? 0
}

function unfetched({ url, path }: Download, cause: string, error?: unknown): EvenkeelError {
  return new EvenkeelError(
    'data.fetch',
    `cannot fetch ${url}: ${cause}`,
    `${proxyHint()}take another host with --from, or save the file as ${path} by hand; the same command goes on where this one stopped`,
    { cause: error },
  )
}

/** Node's fetch knows nothing of proxies: behind one that must be used, no host can be found. */
function proxyHint(): string {
  const variable = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((name) => process.env[name])
  return variable === undefined ? '' : `the proxy in ${variable} is not used; `
}

/** What the codes of Node's network and of its fetch mean. */
const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host was not found; is there a network?',
  EAI_AGAIN: 'the host was not found; is there a network?',
  ENETUNREACH: 'there is no way to the host; is there a network?',
  EHOSTUNREACH: 'there is no way to the host; is there a network?',
  ECONNREFUSED: 'the host refuses connections',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'the host does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'the host does not answer',
}

/** `fetch` fails with a TypeError that says nothing; what happened is its cause. */
function causeOf(error: unknown): string {
  const { cause = error } = error as { readonly cause?: unknown }
  const { code = '', message } = cause as NodeJS.ErrnoException
  return CAUSES[code] ?? (message || code)
}
