import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openDataset } from '../registry.ts'
import { storageError } from './cache-part.ts'
import { cache, cacheFiles, folder, imagesOf, open, photos, useOwnCache } from './fixtures/opening.ts'
import { png } from './fixtures/photos.ts'
import { imageFolder } from './image-folder.ts'

useOwnCache()

describe('the cache of an image folder', () => {
  it('is used when the set is opened again', async () => {
    const directory = await photos()
    const first = await open(directory)
    const again = await open(directory)
    expect(again.decoded).toBe(0)
    expect(imagesOf(again.dataset)).toEqual(imagesOf(first.dataset))
    expect(again.dataset.contentHash).toBe(first.dataset.contentHash)
  })

  it('gets what is new or has changed, and loses what is gone', async () => {
    const directory = await photos()
    await open(directory)
    writeFileSync(join(directory, 'a/0.png'), await png(7))
    expect((await open(directory)).decoded).toBe(1)
    // The same size and time of modification, other contents.
    const path = join(directory, 'a/2.png')
    const { mtime, size } = statSync(path)
    const changed = Buffer.alloc(size)
    ;(await png(60)).copy(changed)
    writeFileSync(path, changed)
    utimesSync(path, mtime, mtime)
    const { decoded, dataset } = await open(directory)
    expect(decoded).toBe(1)
    expect([dataset.images.count, dataset.images.sizeOf(2)]).toEqual([7, { height: 8, width: 8 }])
    unlinkSync(join(directory, 'b/1.png'))
    const smaller = await open(directory)
    expect([smaller.decoded, smaller.dataset.images.count]).toEqual([0, 6])
    expect((await open(directory)).dataset.contentHash).toBe(smaller.dataset.contentHash)
  })

  it.each<[string, (bin: string, journal: string) => void, number]>([
    ['an altered byte', (bin) => alter(bin, 200), 1],
    ['a file cut short', (bin) => truncateSync(bin, statSync(bin).size - 100), 1],
    ['a file that was emptied', (bin) => truncateSync(bin), 6],
    ['a file that is gone', (bin) => unlinkSync(bin), 6],
    ['a journal cut short', (_, journal) => truncateSync(journal, statSync(journal).size - 10), 1],
    ['an altered journal', (_, journal) => alter(journal, 250), 1],
    ['a journal with an altered first line', (_, journal) => alter(journal, 20), 6],
    ['a journal of another version', (_, journal) => writeFileSync(journal, OTHER_VERSION), 6],
    ['half a line', (_, journal) => appendFileSync(journal, '0123abcd {"path":"a/1.pn'), 0],
  ])('mends %s and decodes nothing else', async (_, damage, lost) => {
    const directory = await photos()
    const { dataset } = await open(directory)
    const { contentHash } = dataset
    const images = imagesOf(dataset)
    damage(cacheFiles('.bin')[0]!, cacheFiles('.jsonl')[0]!)
    const mended = await open(directory)
    expect(mended.decoded).toBe(lost)
    expect(mended.dataset.contentHash).toBe(contentHash)
    expect(imagesOf(mended.dataset)).toEqual(images)
    expect((await open(directory)).decoded).toBe(0)
  })

  it('keeps no part that is of no use', async () => {
    const directory = await photos()
    await open(directory)
    writeFileSync(cacheFiles('.jsonl')[0]!, OTHER_VERSION)
    await open(directory)
    expect(cacheFiles('.bin').map((path) => path.slice(-5))).toEqual(['2.bin'])
  })

  it('keeps a part without a line for a day: another process may have begun it', async () => {
    const directory = await photos()
    await open(directory)
    const [first] = cacheFiles('.bin')
    const begun = [2, 3].map((number) => first!.replace('1.bin', `${number}.bin`))
    for (const path of begun) {
      writeFileSync(path, 'x')
      writeFileSync(path.replace('.bin', '.jsonl'), '')
    }
    const { mtimeMs } = statSync(first!)
    utimesSync(begun[0]!, mtimeMs / 1000 - 90_000, mtimeMs / 1000 - 90_000)
    writeFileSync(join(directory, 'a/0.png'), await png(7))
    await open(directory)
    expect(cacheFiles('.bin').map((path) => path.slice(-5))).toEqual(['1.bin', '3.bin', '4.bin'])
  })

  it('begins again where a part was removed since it was looked for', async () => {
    const directory = await photos()
    const { dataset } = await open(directory)
    // A new file makes it decode; while it does, the part that holds the rest goes away.
    writeFileSync(join(directory, 'a/0.png'), await png(7))
    const files = [...cacheFiles('.bin'), ...cacheFiles('.jsonl')]
    const again = await imageFolder(directory, {
      side: 8,
      crop: 6,
      progress: () => {
        for (const path of files.splice(0)) unlinkSync(path)
      },
    })
    expect(imagesOf(again).slice(1)).toEqual(imagesOf(dataset))
    expect((await open(directory)).decoded).toBe(0)
  })

  it('is gone on with where a stop ended the decoding', async () => {
    const directory = await photos()
    const stop = new AbortController()
    const progress = (done: number) => done === 2 && stop.abort()
    await expect(openDataset(`image-folder:${directory}?side=8`, { progress, stop: stop.signal })).rejects.toThrow(
      expect.objectContaining({
        code: 'data.stopped',
        message: 'stopped after 2 of 6 images were decoded',
        hint: 'the same command goes on from there',
      }),
    )
    expect((await open(directory)).decoded).toBe(4)
    // Where nothing has to be decoded there is nothing to stop.
    expect((await open(directory, { stop: stop.signal })).dataset.images.count).toBe(6)
  })

  it('checks an image when it is read for the first time', async () => {
    const { dataset } = await open(await photos())
    const [part] = cacheFiles('.bin')
    dataset.images.read(0)
    alter(part!, 0)
    alter(part!, statSync(part!).size - 1)
    expect(() => dataset.images.read(5)).toThrow(
      expect.objectContaining({
        code: 'data.cache',
        message: `${part} is damaged: image 5 (counted from 0) is not what was written`,
      }),
    )
    // Once is enough: a training reads every image many times.
    expect(dataset.images.read(0)).toHaveLength(3 * 8 * 8)
  })

  it('says so when a part is cut short while it is read', async () => {
    const { dataset } = await open(await photos())
    truncateSync(cacheFiles('.bin')[0]!, 100)
    expect(() => dataset.images.read(5)).toThrow(
      expect.objectContaining({ code: 'data.cache', message: expect.stringContaining('became shorter') }),
    )
  })

  it('goes on where a kill -9 stopped it, with the result of one that was not stopped', async () => {
    const directory = await manyPhotos()
    const killed = await child(directory, 150)
    expect(killed.signal).toBe('SIGKILL')
    const resumed = await open(directory, { side: 16 })
    // What was decoded since the last flush is lost: at most 64 images.
    expect(resumed.decoded).toBeGreaterThanOrEqual(200 - 150)
    expect(resumed.decoded).toBeLessThanOrEqual(200 - 150 + 64)
    rmSync(join(cache, 'image-folder'), { recursive: true })
    const whole = await open(directory, { side: 16 })
    expect([whole.decoded, whole.dataset.contentHash]).toEqual([200, resumed.dataset.contentHash])
  })

  it('is sound when two processes make it at once', async () => {
    const directory = await manyPhotos()
    const both = await Promise.all([child(directory), child(directory)])
    const { decoded, dataset } = await open(directory, { side: 16, crop: 14 })
    expect(decoded).toBe(0)
    expect(both.map(({ contentHash }) => contentHash)).toEqual([dataset.contentHash, dataset.contentHash])
  })

  it('must have a place', async () => {
    process.env.EVENKEEL_CACHE = join(cache, 'file')
    writeFileSync(join(cache, 'file'), '')
    await expect(open(await photos())).rejects.toThrow(
      expect.objectContaining({ code: 'data.cache', hint: expect.stringContaining('EVENKEEL_CACHE') }),
    )
  })

  it.skipIf(!existsSync('/dev/full'))('says in a sentence that the disk is full (needs /dev/full)', () => {
    const full = openSync('/dev/full', 'w')
    try {
      writeSync(full, 'x')
      expect.fail('expected an error')
    } catch (error) {
      expect(storageError('/cache', error as NodeJS.ErrnoException)).toMatchObject({
        code: 'data.disk-full',
        message: 'no space is left for decoded images in /cache',
      })
    }
  })
})

const OTHER_VERSION = 'b605f278 {"format":0}\n'

function alter(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at] = bytes[at]! ^ 1
  writeFileSync(path, bytes)
}

async function manyPhotos(): Promise<string> {
  const image = await Promise.all(Array.from({ length: 200 }, (_, i) => png(i, 16 + (i % 5), 20)))
  return folder(Object.fromEntries(image.map((bytes, i) => [`${i % 3}/${i}.png`, bytes])))
}

/** Opens a set in a process of its own, which may have to kill itself after so many images. */
async function child(directory: string, dieAfter?: number) {
  const fixture = fileURLToPath(new URL('./fixtures/open.mjs', import.meta.url))
  const args = [fixture, directory, ...(dieAfter === undefined ? [] : [String(dieAfter)])]
  const opener = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(opener, 'exit')
  const [decoded, contentHash] = (await text(opener.stdout)).trim().split(' ')
  const [, signal] = await exit
  return { decoded: Number(decoded), contentHash, signal }
}
