import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Checksum } from './checksum.ts'
import { type FetchEvent, type FetchOptions, type FetchOutcome, fetchSet } from './fetch.ts'
import { tarOf } from './fixtures/archive.ts'
import { type Host, serve, serveCut, startHost } from './fixtures/host.ts'
import type { FetchableSet } from './sets.ts'

const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251)
const labels = Buffer.from('0123456789')
const sha256 = (data: Uint8Array): Checksum => `sha256:${createHash('sha256').update(data).digest('hex')}`

const images: FetchableSet = {
  id: 'mine',
  url: 'http://127.0.0.1:9/',
  files: [{ name: 'images.gz', checksum: sha256(bytes) }],
}
const both: FetchableSet = { ...images, files: [...images.files, { name: 'labels.gz', checksum: sha256(labels) }] }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-fetch-'))
})
afterEach(() => rm(folder, { recursive: true }))

const path = (name: string) => join(folder, name)
const contents = () => readdirSync(folder).sort()

function fetchFrom(host: Pick<Host, 'url'>, set = images, options: Partial<FetchOptions> = {}): Promise<FetchOutcome> {
  return fetchSet(set, { directory: folder, from: host.url, ...options })
}

/** Leaves the first half of the images, as a cut connection does. */
async function leaveHalf(etag?: string): Promise<void> {
  const host = await startHost((_, response) => serveCut(bytes, 100_000, response, etag))
  await expect(fetchFrom(host)).rejects.toMatchObject({
    code: 'data.fetch',
    message: `cannot fetch ${host.url}images.gz: the connection was cut`,
    hint: expect.stringContaining(`save the file as ${path('images.gz')} by hand`),
  })
  expect(readFileSync(path('images.gz.part')).equals(bytes.subarray(0, 100_000))).toBe(true)
}

function expectWhole(): void {
  expect(contents()).toEqual(['images.gz'])
  expect(readFileSync(path('images.gz')).equals(bytes)).toBe(true)
}

describe('a fresh fetch', () => {
  it('gets every file, says how far it is, and leaves nothing else', async () => {
    const host = await startHost((request, response) =>
      serve(request.url === '/sub/labels.gz' ? labels : bytes, request, response),
    )
    const events: FetchEvent[] = []
    const url = `${host.url}sub`
    const outcome = await fetchFrom({ url }, both, { onEvent: (event) => events.push(event) })
    expect(outcome).toEqual({
      status: 'done',
      directory: folder,
      fetched: ['images.gz', 'labels.gz'],
      present: [],
    })
    expect(contents()).toEqual(['images.gz', 'labels.gz'])
    expect(readFileSync(path('labels.gz'))).toEqual(labels)
    expect(host.requests.map((request) => request.headers['accept-encoding'])).toEqual(['identity', 'identity'])
    const first = { type: 'progress', file: 'images.gz', url: `${url}/images.gz`, total: 200_000 }
    expect(events[0]).toEqual({ ...first, received: 0 })
    expect(events.filter(({ file }) => file === 'images.gz').at(-1)).toEqual({ ...first, received: 200_000 })
  })

  it('makes the directory', async () => {
    const host = await startHost((request, response) => serve(bytes, request, response))
    await fetchFrom(host, images, { directory: path('new/one') })
    expect(readdirSync(path('new/one'))).toEqual(['images.gz'])
  })

  it('takes what is sent without a length', async () => {
    const host = await startHost((_, response) => {
      response.write(bytes.subarray(0, 5))
      response.end(bytes.subarray(5))
    })
    const totals = new Set<unknown>()
    await fetchFrom(host, images, { onEvent: (event) => event.type === 'progress' && totals.add(event.total) })
    expectWhole()
    expect([...totals]).toEqual([undefined])
  })
})

it('a host that thinks before each answer is not silent', async () => {
  const host = await startHost((_, response) => {
    setTimeout(() => response.flushHeaders(), 600)
    setTimeout(() => response.end(bytes), 1200)
  })
  await fetchFrom(host, images, { patience: 1 })
  expectWhole()
})

describe('what is there', () => {
  it('and sound is not fetched again', async () => {
    await writeFile(path('images.gz'), bytes)
    const host = await startHost((request, response) => serve(labels, request, response))
    const events: FetchEvent[] = []
    const outcome = await fetchFrom(host, both, { onEvent: (event) => events.push(event) })
    expect(outcome).toMatchObject({ fetched: ['labels.gz'], present: ['images.gz'] })
    expect(host.requests.map(({ url }) => url)).toEqual(['/labels.gz'])
    expect(events[0]).toEqual({ type: 'present', file: 'images.gz' })
  })

  it('but damaged stays until the sound one has come', async () => {
    await writeFile(path('images.gz'), 'damaged')
    const off = await startHost((_, response) => response.writeHead(503).end())
    await expect(fetchFrom(off)).rejects.toMatchObject({ code: 'data.fetch' })
    expect(readFileSync(path('images.gz'), 'utf8')).toBe('damaged')
    const host = await startHost((request, response) => serve(bytes, request, response))
    const events: FetchEvent[] = []
    await fetchFrom(host, images, { onEvent: (event) => events.push(event) })
    expect(events[0]).toEqual({ type: 'damaged', file: 'images.gz' })
    expectWhole()
  })
})

describe('after a cut connection', () => {
  it('only the rest is asked for, if it is of the same file', async () => {
    await leaveHalf('"v1"')
    const host = await startHost((request, response) => serve(bytes, request, response, '"v1"'))
    const received: number[] = []
    await fetchFrom(host, images, { onEvent: (event) => event.type === 'progress' && received.push(event.received) })
    expectWhole()
    expect(host.requests.map(({ headers: { range, 'if-range': etag } }) => [range, etag])).toEqual([
      ['bytes=100000-', '"v1"'],
    ])
    expect([received[0], received.at(-1)]).toEqual([100_000, 200_000])
  })

  it.each([
    ['has another file by now', '"v1"', (q: IncomingMessage, r: ServerResponse) => serve(bytes, q, r, '"v2"'), 1],
    ['knows no ranges', '"v1"', (_: IncomingMessage, r: ServerResponse) => r.end(bytes), 1],
    ['sends another part', 'W/"v1"', sendAnotherPart, 2],
    ['has nothing beyond', undefined, refuseRanges, 2],
  ])('all is fetched where the host %s', async (_, etag, answer, requests) => {
    await leaveHalf(etag)
    const host = await startHost(answer)
    await fetchFrom(host)
    expectWhole()
    expect(host.requests).toHaveLength(requests)
    // A weak ETag, or none, cannot say that the file is the same.
    const condition = etag === '"v1"' ? etag : undefined
    expect(host.requests[0]!.headers).toMatchObject({ range: 'bytes=100000-' })
    expect(host.requests[0]!.headers['if-range']).toBe(condition)
  })

  it('a part that is whole needs no host', async () => {
    await writeFile(path('images.gz.part'), bytes)
    expect(await fetchSet(images, { directory: folder })).toMatchObject({ fetched: ['images.gz'] })
    expectWhole()
  })
})

function sendAnotherPart(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.range === undefined) response.end(bytes)
  else response.writeHead(206, { 'content-range': 'bytes 0-99/200000' }).end(bytes.subarray(0, 100))
}

function refuseRanges(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.range === undefined) response.end(bytes)
  else response.writeHead(416).end()
}

describe('stopping', () => {
  it('keeps what has come, and the same call goes on', async () => {
    const host = await startHost((request, response) => {
      if (request.headers.range !== undefined) return serve(bytes, request, response)
      response.writeHead(200, { etag: '"1"', 'content-length': bytes.length })
      response.write(bytes.subarray(0, 50_000))
    })
    const stop = new AbortController()
    const onEvent = (event: FetchEvent) => event.type === 'progress' && event.received === 50_000 && stop.abort()
    const outcome = await fetchFrom(host, both, { stop: stop.signal, onEvent })
    expect(outcome).toEqual({ status: 'stopped', directory: folder, fetched: [], present: [] })
    expect(contents()).toEqual(['images.gz.part', 'images.gz.part.etag'])
    expect(await fetchFrom(host)).toMatchObject({ status: 'done' })
    expect(host.requests.at(-1)!.headers.range).toBe('bytes=50000-')
    expectWhole()
  })
})

describe('two fetches into one folder', () => {
  it('at once: the second is refused and disturbs nothing', async () => {
    const host = await startHost((request, response) => serve(bytes, request, response))
    const refused: Promise<unknown>[] = []
    const onEvent = () => {
      if (refused.length === 0) refused.push(fetchFrom(host).catch((error) => error))
    }
    expect(await fetchFrom(host, images, { onEvent })).toMatchObject({ status: 'done' })
    expect(await refused[0]).toMatchObject({
      code: 'data.busy',
      message: `process ${process.pid} fetches into ${folder} already`,
    })
    expectWhole()
  })

  it('of two processes, unless the other is no more', async () => {
    const host = await startHost((request, response) => serve(bytes, request, response))
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const lock = path(`.fetching-${other.pid}`)
    await writeFile(lock, '')
    await expect(fetchFrom(host)).rejects.toMatchObject({
      code: 'data.busy',
      message: `process ${other.pid} fetches into ${folder} already`,
      hint: expect.stringContaining(`remove ${lock}`),
    })
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect(await fetchFrom(host)).toMatchObject({ status: 'done' })
    expectWhole()
  })
})

describe('a clear end', () => {
  it('for another file than the published one, which is removed', async () => {
    await writeFile(path('images.gz'), bytes)
    const wrong = Buffer.from('<html>log in first</html>')
    const host = await startHost((request, response) => serve(wrong, request, response))
    await expect(fetchFrom(host, both)).rejects.toMatchObject({
      code: 'data.checksum',
      message: `${host.url}labels.gz is not the published file: expected ${sha256(labels)}, got ${sha256(wrong)}; it was removed`,
    })
    expectWhole()
  })

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['the host answers 404 Not Found', (_, response) => response.writeHead(404).end('no')],
    ['the host answers 500 Internal Server Error', (_, response) => response.writeHead(500).end()],
    ["the host sends it packed as 'gzip', which cannot be checked", sendPacked],
    ['the host sent nothing for 0.2 s', () => {}],
    ['the host sent nothing for 0.2 s', (_, response) => response.writeHead(200).write('x')],
    ['the connection was cut', (_, response) => response.destroy()],
  ])('where %s', async (cause, answer) => {
    const host = await startHost(answer)
    await expect(fetchFrom(host, images, { patience: 0.2 })).rejects.toMatchObject({
      code: 'data.fetch',
      message: `cannot fetch ${host.url}images.gz: ${cause}`,
    })
    expect(contents()).not.toContain('images.gz')
  })

  it('where there is nobody at the port, or no such host', async () => {
    const gone = createServer().listen(0, '127.0.0.1')
    await once(gone, 'listening')
    const { port } = gone.address() as AddressInfo
    gone.close()
    await once(gone, 'close')
    for (const [url, cause] of [
      [`http://127.0.0.1:${port}/`, 'the host refuses connections'],
      ['http://nowhere.invalid/', 'the host was not found; is there a network?'],
    ]) {
      await expect(fetchFrom({ url: url! })).rejects.toMatchObject({
        message: `cannot fetch ${url}images.gz: ${cause}`,
      })
    }
    expect(contents()).toEqual([])
  })

  it('says that a proxy is not used', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.invalid:8080')
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    await expect(fetchFrom({ url: 'http://nowhere.invalid/' })).rejects.toMatchObject({
      hint: expect.stringContaining('the proxy in HTTPS_PROXY is not used'),
    })
  })

  it.each(['mirror/', 'ftp://example.org/', ''])('for the URL %j', async (url) => {
    await expect(fetchFrom({ url })).rejects.toMatchObject({
      code: 'data.fetch-url',
      message: `--from must be the URL of a folder, got '${url}'`,
    })
  })

  it('for a directory that cannot be', async () => {
    await writeFile(path('file'), '')
    for (const [name, cause] of [
      ['file', 'it is a file'],
      ['file/below', 'it lies below a file'],
    ]) {
      await expect(fetchSet(images, { directory: path(name!) })).rejects.toMatchObject({
        code: 'data.unwritable',
        message: `cannot write to ${path(name!)}: ${cause}`,
      })
    }
  })
})

function sendPacked(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(bytes))
}

describe('an archive', () => {
  const tar = gzipSync(tarOf([{ path: 'set/a.bin', contents: 'aaa' }]))
  const set: FetchableSet = {
    ...images,
    files: [{ name: 'set.tar.gz', checksum: sha256(tar), unpacksTo: { 'set/a.bin': sha256(Buffer.from('aaa')) } }],
  }

  it('is unpacked, and again where what it unpacked to was damaged', async () => {
    const host = await startHost((request, response) => serve(tar, request, response))
    expect(await fetchFrom(host, set)).toMatchObject({ fetched: ['set.tar.gz'] })
    expect(readFileSync(path('set/a.bin'), 'utf8')).toBe('aaa')
    await writeFile(path('set/a.bin'), 'aa')
    expect(await fetchFrom(host, set)).toMatchObject({ fetched: [], present: ['set.tar.gz'] })
    expect(readFileSync(path('set/a.bin'), 'utf8')).toBe('aaa')
    expect(host.requests).toHaveLength(1)
  })

  it('may be gone where what it unpacks to is there', async () => {
    const host = await startHost((request, response) => serve(tar, request, response))
    await fetchFrom(host, set)
    await rm(path('set.tar.gz'))
    expect(await fetchFrom(host, set)).toMatchObject({ fetched: [], present: ['set.tar.gz'] })
    expect(contents()).toEqual(['set'])
  })
})
