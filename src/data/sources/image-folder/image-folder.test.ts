import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openDataset } from '../registry.ts'
import { cache, cacheFiles, folder, open, photos, useOwnCache } from './fixtures/opening.ts'
import { jpeg, pattern, png } from './fixtures/photos.ts'
import type { ImageFolderOptions } from './image-folder.ts'

useOwnCache()

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
      leftOut: [],
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
    ['side=big', "option 'side' of 'image-folder' must be an integer, got 'big'"],
    ['crop=0x20', "option 'crop' of 'image-folder' must be an integer, got '0x20'"],
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

  it('are left out where that is asked for, and taken when mended', async () => {
    const directory = await broken()
    const { dataset } = await open(directory, { corrupt: 'skip' })
    expect([...dataset.labels]).toEqual([0, 1])
    expect(dataset.description).toContain('2 of 4 could not be decoded and were left out')
    expect(dataset.notes).toEqual([
      'left out: a/2.jpg (it is damaged or cut short)',
      'left out: a/3.png (it is empty (0 bytes))',
    ])
    expect(dataset.leftOut).toEqual([
      { path: 'a/2.jpg', reason: 'it is damaged or cut short' },
      { path: 'a/3.png', reason: 'it is empty (0 bytes)' },
    ])
    // Tried again each time, since it may have been the machine's fault; the cache does not grow by it.
    expect((await open(directory, { corrupt: 'skip' })).decoded).toBe(2)
    expect(cacheFiles('.bin')).toHaveLength(1)
    writeFileSync(join(directory, 'a/3.png'), await png(3))
    writeFileSync(join(directory, 'a/2.jpg'), await jpeg(1))
    const mended = await open(directory)
    expect([mended.decoded, mended.dataset.images.count]).toEqual([2, 4])
  })

  it('are counted beyond the first twenty, and all of them kept', async () => {
    const image = await png(1)
    const empty = Array.from({ length: 23 }, (_, i) => [`a/${i}.png`, ''])
    const directory = folder({ ...Object.fromEntries(empty), 'a/x.png': image, 'b/x.png': image })
    const { dataset } = await open(directory, { corrupt: 'skip' })
    expect([dataset.notes.length, dataset.notes.at(-1)]).toEqual([21, 'left out: and 3 more'])
    expect(dataset.leftOut).toHaveLength(23)
  })

  it('leave a class with no image', async () => {
    const image = await png(1)
    const without = (...paths: string[]) =>
      folder(Object.fromEntries(paths.map((path) => [path, path.endsWith('bad.png') ? '?' : image])))
    const refused = (directory: string, lost: string) =>
      expect(open(directory, { corrupt: 'skip' })).rejects.toThrow(
        expect.objectContaining({
          code: 'data.corrupt',
          message: `class 'b' of ${directory} has no image to ${lost} on that can be decoded`,
        }),
      )
    await refused(without('a/1.png', 'b/bad.png'), 'train')
    await refused(without('train/a/1.png', 'train/b/1.png', 'val/a/1.png', 'val/b/bad.png'), 'test')
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
