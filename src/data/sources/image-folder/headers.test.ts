import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOf, jpeg, pattern, png } from './fixtures/photos.ts'
import { readHeaders } from './headers.ts'

describe('readHeaders', () => {
  let folder: string
  let first: Buffer
  beforeAll(async () => {
    first = await jpeg(1)
    const pixels = (height: number, width: number) =>
      sharp(pattern(1, height, width), { raw: { height, width, channels: 3 } })
    folder = folderOf({
      'a.jpg': first,
      'really-a-jpeg.png': first,
      'b.png': await png(2, 8, 9),
      'grey.png': await pixels(8, 8).toColourspace('b-w').png().toBuffer(),
      'clear.png': await pixels(8, 8).ensureAlpha(0.5).png().toBuffer(),
      'deep.png': await pixels(8, 8).toColourspace('rgb16').png().toBuffer(),
      'turned.jpg': await pixels(20, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'empty.jpg': '',
      'text.png': 'no image',
    })
    mkdirSync(join(folder, 'folder.png'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const read = async (...names: string[]) => readHeaders(names.map((name) => join(folder, name)))

  it('says what the file is, whatever it is called', async () => {
    const [a, b] = await read('a.jpg', 'really-a-jpeg.png')
    const sha256 = createHash('sha256').update(first).digest('hex')
    expect(a).toEqual({ format: 'jpeg', mode: 'RGB', width: 64, height: 48, bytes: first.length, sha256 })
    expect(b).toEqual(a)
  })

  it('tells colour modes apart, and gives the size as shown', async () => {
    const headers = await read('b.png', 'grey.png', 'clear.png', 'deep.png', 'turned.jpg')
    expect(headers.map((header) => `${header!.mode} ${header!.width}x${header!.height}`)).toEqual([
      'RGB 9x8',
      'grey 8x8',
      'RGB, transparency 8x8',
      'RGB, 16 bit 8x8',
      'RGB 20x40',
    ])
  })

  it('leaves out what is no image, and keeps the order', async () => {
    const headers = await read('empty.jpg', 'a.jpg', 'text.png', 'nowhere.jpg', 'folder.png', 'b.png')
    expect(headers.map((header) => header?.format)).toEqual([undefined, 'jpeg', undefined, undefined, undefined, 'png'])
  })

  it('tells how far it is, and stops when told to', async () => {
    const paths = ['a.jpg', 'b.png', 'grey.png'].map((name) => join(folder, name))
    const seen: string[] = []
    await readHeaders(paths, { concurrency: 1, progress: (done, of) => seen.push(`${done}/${of}`) })
    expect(seen).toEqual(['1/3', '2/3', '3/3'])
    const controller = new AbortController()
    const stopped = readHeaders(paths, { concurrency: 1, progress: () => controller.abort(), stop: controller.signal })
    await expect(stopped).rejects.toMatchObject({ code: 'data.stopped' })
  })
})
