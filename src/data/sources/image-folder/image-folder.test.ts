import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Dataset } from '../../dataset.ts'
import { openDataset } from '../registry.ts'
import { storageError } from './cache-part.ts'
import { folderOf, jpeg, pattern, png } from './fixtures/photos.ts'
import { type ImageFolderOptions, imageFolder } from './image-folder.ts'

let cache: string
const made: string[] = []

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'evenkeel-cache-'))
  process.env.EVENKEEL_CACHE = cache
})

afterEach(() => {
  delete process.env.EVENKEEL_CACHE
  for (const folder of [cache, ...made.splice(0)]) rmSync(folder, { recursive: true })
})

function folder(files: Parameters<typeof folderOf>[0]): string {
  const directory = folderOf(files)
  made.push(directory)
  return directory
}

/** Six small images of two classes. */
async function photos(): Promise<string> {
  const paths = ['a/1.png', 'a/2.png', 'a/3.png', 'a/4.png', 'b/1.png', 'b/2.png']
  const files = await Promise.all(paths.map(async (path, i) => [path, await png(i, 8, 8 + i)] as const))
  return folder(Object.fromEntries(files))
}

/** Opens a set and says how many images were decoded for that. */
async function open(
  directory: string,
  options: ImageFolderOptions = {},
): Promise<{ dataset: Dataset; decoded: number }> {
  let decoded = 0
  const progress = (_: number, of: number) => {
    decoded = of
  }
  const dataset = await imageFolder(directory, { side: 8, crop: 6, progress, ...options })
  return { dataset, decoded }
}

const imagesOf = ({ images }: Dataset) => Array.from({ length: images.count }, (_, i) => [...images.read(i)])

/** Files of the only set in the cache. */
function cacheFiles(extension: string): string[] {
  const [set] = readdirSync(join(cache, 'image-folder'))
  const place = join(cache, 'image-folder', set!)
  const names = readdirSync(place).filter((name) => name.endsWith(extension))
  return names.sort().map((name) => join(place, name))
}

describe('an image folder', () => {
  it('holds the images as they are, class by class', async () => {
    const { dataset, decoded } = await open(await photos())
    expect(decoded).toBe(6)
    expect(dataset).toMatchObject({
      shape: [3, 6, 6],
      classNames: ['a', 'b'],
      maxPixel: 255,
      officialTestStart: undefined,
      notes: [],
    })
    expect([...dataset.labels]).toEqual([0, 0, 0, 0, 1, 1])
    expect(dataset.images.sizeOf(5)).toEqual({ height: 8, width: 13 })
    const [red] = [0, 1, 2].map((channel) => [...pattern(5, 8, 13)].filter((_, i) => i % 3 === channel))
    expect([...dataset.images.read(5)].slice(0, 8 * 13)).toEqual(red)
  })

  it('keeps an official test set behind the rest', async () => {
    const image = await png(1)
    const paths = ['train/b/1.png', 'train/a/1.png', 'train/a/2.png', 'val/a/1.png', 'val/b/1.png']
    const { dataset } = await open(folder(Object.fromEntries(paths.map((path) => [path, image]))))
    expect(dataset.officialTestStart).toBe(3)
    expect([...dataset.labels]).toEqual([0, 0, 1, 0, 1])
  })

  it('is opened by a reference with options', async () => {
    const directory = await photos()
    const dataset = await openDataset(`image-folder:${directory}?side=16&crop=8`)
    expect([dataset.shape, dataset.images.sizeOf(0)]).toEqual([[3, 8, 8], { height: 16, width: 16 }])
    expect((await openDataset(`image-folder:${directory}?side=16`)).shape).toEqual([3, 14, 14])
  })

  it.each([
    ['side=7', "option 'side' of 'image-folder' must be an integer from 8 to 4096, got 7"],
    ['side=big', "option 'side' of 'image-folder' must be an integer from 8 to 4096, got NaN"],
    ['crop=257', "option 'crop' of 'image-folder' must be an integer from 1 to 256, got 257"],
    ['corrupt=maybe', "option 'corrupt' of 'image-folder' must be refuse or skip, got 'maybe'"],
  ])('refuses the option %s', async (option, message) => {
    const opening = openDataset(`image-folder:${tmpdir()}?${option}`)
    await expect(opening).rejects.toThrow(expect.objectContaining({ code: 'data.option', message }))
  })

  it('has a content hash over pixels, labels and what is seen of them', async () => {
    const directory = await photos()
    const hashOf = async (options?: ImageFolderOptions) => (await open(directory, options)).dataset.contentHash
    const hash = await hashOf()
    expect(await hashOf()).toBe(hash)
    const others = [await hashOf({ crop: 5 }), await hashOf({ side: 16 })]
    writeFileSync(join(directory, 'a/1.png'), await png(99))
    others.push(await hashOf())
    expect(new Set([hash, ...others]).size).toBe(4)
  })

  it('is the same however many images are decoded at once', async () => {
    const image = await Promise.all(Array.from({ length: 40 }, (_, i) => jpeg(i, 20 + i, 90 - i)))
    const directory = folder(Object.fromEntries(image.map((bytes, i) => [`${i % 2}/${i}.jpg`, bytes])))
    const alone = await open(directory, { concurrency: 1 })
    const [part] = cacheFiles('.bin')
    const bytes = readFileSync(part!)
    rmSync(join(cache, 'image-folder'), { recursive: true })
    const together = await open(directory, { concurrency: 13 })
    expect(together.dataset.contentHash).toBe(alone.dataset.contentHash)
    expect(readFileSync(part!).equals(bytes)).toBe(true)
  })
})

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

describe('images that cannot be decoded', () => {
  const broken = async () => {
    const half = (await jpeg(1)).subarray(0, 400)
    return folder({ 'a/1.png': await png(1), 'a/2.jpg': half, 'a/3.png': '', 'b/1.png': await png(2) })
  }

  it('are refused, with their reasons', async () => {
    const directory = await broken()
    await expect(open(directory)).rejects.toThrow(
      expect.objectContaining({
        code: 'data.corrupt',
        message: expect.stringMatching(
          /^2 of 4 images in .* cannot be decoded: a\/2\.jpg \(it is damaged or cut short\); a\/3\.png \(it is empty \(0 bytes\)\)$/,
        ),
        hint: expect.stringContaining('corrupt=skip'),
      }),
    )
  })

  it('are left out where that is asked for, remembered, and taken when mended', async () => {
    const directory = await broken()
    const { dataset } = await open(directory, { corrupt: 'skip' })
    expect([...dataset.labels]).toEqual([0, 1])
    expect(dataset.description).toContain('2 of 4 could not be decoded and were left out')
    expect(dataset.notes).toEqual([
      'left out: a/2.jpg (it is damaged or cut short)',
      'left out: a/3.png (it is empty (0 bytes))',
    ])
    expect((await open(directory, { corrupt: 'skip' })).decoded).toBe(0)
    writeFileSync(join(directory, 'a/3.png'), await png(3))
    writeFileSync(join(directory, 'a/2.jpg'), await jpeg(1))
    const mended = await open(directory)
    expect([mended.decoded, mended.dataset.images.count]).toEqual([2, 4])
  })

  it('leave a class with no image', async () => {
    const directory = folder({ 'a/1.png': await png(1), 'b/1.png': 'no image' })
    await expect(open(directory, { corrupt: 'skip' })).rejects.toThrow(
      expect.objectContaining({ code: 'data.corrupt', message: expect.stringContaining("class 'b' of") }),
    )
  })
})

const wbc = fileURLToPath(new URL('../../../../../shared/data/wbc', import.meta.url))
it.skipIf(!existsSync(wbc))('reads the blood cells, three of them of the rarest class (needs ../shared)', async () => {
  const { dataset } = await open(wbc, { side: 32 })
  const counts = dataset.classNames.map((name, label) => [name, dataset.labels.filter((of) => of === label).length])
  expect(Object.fromEntries(counts)).toEqual({
    basophil: 3,
    eosinophil: 87,
    lymphocyte: 33,
    monocyte: 20,
    neutrophil: 205,
  })
  expect(dataset.images.sizeOf(0)).toEqual({ height: 32, width: 43 })
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
