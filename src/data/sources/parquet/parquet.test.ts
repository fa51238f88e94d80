import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { openCache } from '../image-folder/cache.ts'
import { cache, folder, imagesOf, useOwnCache } from '../image-folder/fixtures/opening.ts'
import { pattern } from '../image-folder/fixtures/photos.ts'
import { images, parquetOf, type ShardOptions, shardOf } from './fixtures/shards.ts'
import { type ParquetOptions, parquet, parquetOptions } from './parquet.ts'
import { decompressors, openParquet, readGroup } from './parquet-file.ts'

useOwnCache()

const NAMES = { classNames: ['cat', 'dog'] }

async function open(path: string, options: ParquetOptions = {}) {
  let decoded = 0
  const progress = (_: number, of: number) => {
    decoded = of
  }
  const dataset = await parquet(path, { side: 8, crop: 8, progress, ...options })
  return { dataset, decoded }
}

/** [3, 8, 8] of the image with this seed. */
function pixelsOf(seed: number): number[] {
  const pixels = pattern(seed, 8, 8)
  return [0, 1, 2].flatMap((channel) => Array.from({ length: 64 }, (_, i) => pixels[3 * i + channel]!))
}

describe('a folder of shards', () => {
  const shards = async (options: ShardOptions = NAMES) =>
    folder({
      'data/train-00000-of-00002.parquet': await shardOf([1, 0, 1], options),
      'data/train-00001-of-00002.parquet': await shardOf([0, 0, 1], { ...options, seed: 10 }),
      'data/validation-00000-of-00001.parquet': await shardOf([0, 1], { ...options, seed: 20 }),
      'data/test-00000-of-00001.parquet': await shardOf([1, 0], { ...options, seed: 30 }),
      'README.md': 'a card',
    })

  it('is a dataset with its roles and the names of its classes', async () => {
    const { dataset } = await open(await shards())
    expect(dataset).toMatchObject({
      shape: [3, 8, 8],
      classNames: ['cat', 'dog'],
      labels: Uint16Array.of(0, 0, 0, 1, 1, 1, 0, 1, 0, 1),
      officialSelectionStart: 6,
      officialTestStart: 8,
      groups: undefined,
      notes: [],
      leftOut: [],
    })
    expect(dataset.nameOf!(3)).toBe('data/train-00000-of-00002.parquet#0')
    expect(imagesOf(dataset)).toEqual([1, 10, 11, 0, 2, 12, 20, 21, 31, 30].map(pixelsOf))
  })

  it('is decoded once, and anew where a shard has changed', async () => {
    const place = await shards()
    expect((await open(place)).decoded).toBe(10)
    expect((await open(place)).decoded).toBe(0)
    writeFileSync(join(place, 'data/test-00000-of-00001.parquet'), await shardOf([1, 0, 0], { ...NAMES, seed: 40 }))
    const { dataset, decoded } = await open(place)
    expect(decoded).toBe(3)
    expect(imagesOf(dataset).slice(8)).toEqual([41, 42, 40].map(pixelsOf))
  })

  it('has the same content, whatever the size of its row groups and however they are packed', async () => {
    const codecs = ['GZIP', 'BROTLI', 'UNCOMPRESSED'] as const
    const options = [...[1, 2, 100].map((rowGroupSize) => ({ rowGroupSize })), ...codecs.map((codec) => ({ codec }))]
    const hashes = options.map(async (way) => (await open(await shards({ ...NAMES, ...way }))).dataset.contentHash)
    expect(new Set(await Promise.all(hashes)).size).toBe(1)
  })

  it('without words of roles is for training; with some, the others are not read', async () => {
    const [first, second] = [await shardOf([1, 0]), await shardOf([0, 1], { seed: 5 })]
    const { dataset } = await open(folder({ 'part-0.parquet': first, 'part-1.parquet': second }))
    expect(dataset).toMatchObject({ classNames: ['0', '1'], labels: { length: 4 }, officialTestStart: undefined })
    const mixed = await open(folder({ 'train.parquet': first, 'unsupervised.parquet': second }))
    expect(mixed.dataset).toMatchObject({ labels: { length: 2 }, notes: ["not read: 'unsupervised.parquet'"] })
    await expect(open(folder({ 'test-0.parquet': first }))).rejects.toMatchObject({
      code: 'data.parquet',
      message: expect.stringContaining("is for training; there are 'test-0.parquet'"),
    })
  })

  it('keeps links out of it away', async () => {
    const elsewhere = folder({ 'train.parquet': await shardOf([0, 1]) })
    const place = folder({ 'test.parquet': await shardOf([0, 1]) })
    symlinkSync(join(elsewhere, 'train.parquet'), join(place, 'train.parquet'))
    await expect(open(place)).rejects.toMatchObject({ code: 'data.link' })
    const alone = join(place, 'train.parquet')
    expect((await open(alone)).dataset.labels).toHaveLength(2)
  })

  it('whose classes are called otherwise in one of them is refused', async () => {
    const other = await shardOf([0, 1], { classNames: ['dog', 'cat'] })
    const place = folder({ 'train.parquet': await shardOf([0, 1], NAMES), 'test.parquet': other })
    await expect(open(place)).rejects.toThrow(/train\.parquet has other names of classes than .*test\.parquet/)
  })
})

describe('a file', () => {
  it('of bytes and texts has its classes by code point, and groups', async () => {
    const files = (await images(4)).map(({ bytes }) => bytes)
    const path = join(
      folder({
        'photos.parquet': parquetOf([
          { name: 'photo', type: 'bytes', data: files },
          { name: 'kind', type: 'text', data: ['mite', 'Ant', 'Ant', 'mite'] },
          { name: 'video', type: 'text', data: ['v1', 'v2', null, 'v1'] },
        ]),
      }),
      'photos.parquet',
    )
    const { dataset } = await open(path, parquetOptions({ image: 'photo', label: 'kind', side: '8' }))
    expect(dataset).toMatchObject({ name: 'photos', classNames: ['Ant', 'mite'], labels: Uint16Array.of(0, 0, 1, 1) })
    const groups = [...dataset.groups!]
    expect(groups[2]).toBe(groups[3])
    expect(new Set(groups).size).toBe(3)
  })

  it('leaves classes out that have no image, and says so', async () => {
    const classNames = ['cat', 'cow', 'dog', 'yak']
    const { dataset } = await open(folder({ 'train.parquet': await shardOf([2, 0, 2], { classNames }) }))
    expect(dataset).toMatchObject({
      classNames: ['cat', 'dog'],
      labels: Uint16Array.of(0, 1, 1),
      notes: ["classes without images are left out: 'cow', 'yak'"],
    })
  })

  it('of many rows has their order in its names', async () => {
    const labels = Array.from({ length: 12 }, (_, i) => i % 2)
    const { dataset } = await open(folder({ 'train.parquet': await shardOf(labels) }))
    expect(imagesOf(dataset)).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11].map(pixelsOf))
    expect(dataset.nameOf!(1)).toBe('train.parquet#02')
  })

  it('with an image that is none is refused, or does without', async () => {
    const [good, other, bad] = await images(3)
    const rows = [good, other, { ...bad, bytes: new Uint8Array([1, 2]) }, { ...bad, bytes: null }, null]
    const place = folder({
      'train.parquet': parquetOf([
        { name: 'img', type: 'struct', data: rows },
        { name: 'label', type: 'integer', data: [0n, 1n, 1n, 0n, 0n] },
      ]),
    })
    await expect(open(place)).rejects.toMatchObject({ code: 'data.corrupt' })
    const { dataset } = await open(place, { corrupt: 'skip' })
    expect(dataset.leftOut).toEqual([
      { path: 'train.parquet#3', reason: 'it is empty (0 bytes)' },
      { path: 'train.parquet#4', reason: 'it is empty (0 bytes)' },
      { path: 'train.parquet#2', reason: 'it is no image of a known format' },
    ])
  })

  it('must have its columns', async () => {
    const place = folder({
      'train.parquet': parquetOf([
        { name: 'picture', type: 'struct', data: await images(2) },
        { name: 'label', type: 'bytes', data: [Uint8Array.of(1), Uint8Array.of(2)] },
        { name: 'age', type: 'integer', data: [1n, 2n] },
      ]),
    })
    const columns = 'its columns are picture (struct of bytes, path), label (bytes), age (integer)'
    const refused = (options: ParquetOptions) => open(place, options).catch((error) => error)
    expect(await refused({})).toMatchObject({
      code: 'data.parquet',
      message: expect.stringMatching(
        /there is no column 'image' or 'img' with images: bytes, or a struct with bytes; its col/,
      ),
      hint: 'name it with the option image=COLUMN',
    })
    expect((await refused({})).message).toContain(columns)
    expect(await refused({ image: 'pictures' })).toMatchObject({ hint: "did you mean 'picture'?" })
    expect((await refused({ image: 'age' })).message).toContain("column 'age' must hold images")
    expect((await refused({ image: 'picture' })).message).toContain("column 'label' must hold numbers or text")
    expect((await refused({ image: 'picture', label: 'age', group: 'patient' })).message).toContain(
      "no column 'patient'",
    )
  })

  it.each([
    [[0n, 2n], 'row 1 (counted from 0): the label must be 0 to 1, got 2'],
    [[0n, -1n], 'row 1 (counted from 0): the label must be 0 to 1, got -1'],
    [[null, 1n], 'row 0 (counted from 0): there is no label'],
  ])('with the labels %# is refused', async (labels, message) => {
    const columns = [
      { name: 'image', type: 'struct' as const, data: await images(2) },
      { name: 'label', type: 'integer' as const, data: labels },
    ]
    await expect(open(folder({ 'train.parquet': parquetOf(columns, NAMES) }))).rejects.toThrow(message)
  })

  it('that is cut short, or is none, is refused in a sentence', async () => {
    const bytes = await shardOf([0, 1, 1])
    const place = folder({ 'a.parquet': bytes, 'b.parquet': 'PAR1 and no more', 'c.parquet': '' })
    for (const length of [1, 4, 100, bytes.length / 2, bytes.length - 1].map(Math.floor)) {
      truncateSync(join(place, 'a.parquet'), length)
      writeFileSync(join(place, 'a.parquet'), bytes.subarray(0, length))
      await expect(open(join(place, 'a.parquet'))).rejects.toMatchObject({
        code: 'data.parquet',
        message: expect.stringMatching(/a\.parquet is no Parquet file that can be read: /),
      })
    }
    await expect(open(join(place, 'b.parquet'))).rejects.toThrow('b.parquet is no Parquet file that can be read: ')
    await expect(open(join(place, 'c.parquet'))).rejects.toMatchObject({ code: 'data.empty' })
    await expect(open(join(place, 'd.parquet'))).rejects.toMatchObject({ code: 'data.missing' })
  })

  it('with a page that unpacks to too much is refused before it is unpacked', async () => {
    const bytes = await shardOf([0, 1, 1])
    // Behind the magic and the type of the page: its unpacked size, and its packed size, each as 0x15 and twice the number in groups of
    // seven bits. The unpacked one becomes three bytes longer and the page as much shorter.
    const packed = (bytes[10]! & 127) + 128 * bytes[11]! - 6
    const sizes = Uint8Array.of(0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x15, 128 | (packed & 127), packed >> 7)
    const changed = Buffer.concat([bytes.subarray(0, 6), sizes, bytes.subarray(12, 100), bytes.subarray(103)])
    const path = join(folder({ 'a.parquet': changed }), 'a.parquet')
    const file = await openParquet(path)
    await expect(file.read(['image'], file.rowGroups[0]!)).rejects.toThrow(
      'row group 0 (counted from 0) unpacks to 2147',
    )
  })

  it('with a frame of Zstandard that unpacks to more than its page promises gives no more than that', () => {
    const [magic, window] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), [0, 0x58]]
    // Blocks of one byte, repeated 131,072 times.
    const block = (isLast: boolean) => {
      const header = Number(isLast) | (1 << 1) | (131_072 << 3)
      return [header & 255, (header >> 8) & 255, header >> 16, 7]
    }
    const bomb = Uint8Array.from([...magic, ...window, ...Array.from({ length: 4 }, (_, i) => block(i === 3)).flat()])
    for (const length of [4 * 131_072, 200_000, 100]) {
      expect(Buffer.alloc(length, 7).equals(decompressors.ZSTD!(bomb, length))).toBe(true)
    }
  })

  it('whose row group is larger than what is read is refused before that is read', async () => {
    const bytes = parquetOf([{ name: 'image', type: 'bytes', data: [Uint8Array.of(1)] }])
    const place = folder({ 'train.parquet': bytes })
    const { rowGroups, read } = await openParquet(join(place, 'train.parquet'))
    await expect(read(['image'], rowGroups[0]!)).resolves.toHaveLength(1)
    const metadata = { ...parquetMetadata(Uint8Array.from(bytes).buffer) }
    metadata.row_groups[0]!.columns[0]!.meta_data!.total_compressed_size = 2n ** 40n
    const file = { byteLength: 2 ** 41, slice: () => Promise.reject(new Error('it was read')) }
    await expect(readGroup('big.parquet', file, metadata, ['image'], rowGroups[0]!)).rejects.toMatchObject({
      code: 'data.parquet',
      message: expect.stringContaining('has 1099511627776 bytes, more than the 1073741824 that are read'),
    })
  })

  it('with any byte changed is refused or opened, but ends nothing', async () => {
    const bytes = await shardOf([0, 1, 1], NAMES)
    const path = join(folder({ 'a.parquet': bytes }), 'a.parquet')
    for (let at = 0; at < bytes.length; at += 7) {
      writeFileSync(path, bytes.with(at, bytes[at]! ^ 0x55))
      const result = await open(path, { corrupt: 'skip' }).catch((error) => error)
      if (result instanceof Error)
        expect(result, `byte ${at}`).toMatchObject({ code: expect.stringMatching(/^data\./) })
    }
  })
})

it('images of one file are read in the order of its rows, whatever order is asked for', async () => {
  const file = await openParquet(join(folder({ 'a.parquet': await shardOf([0, 1, 1]) }), 'a.parquet'))
  expect(file.rowGroups).toEqual([
    { index: 0, start: 0, end: 2 },
    { index: 1, start: 2, end: 3 },
  ])
  const asked: string[] = []
  const read = async ({ path }: { path: string }) => {
    asked.push(path)
    return readFileSync(path.replace(/#.*/, ''))
  }
  const files = ['#3', '#1', '#2'].map((row) => ({ path: `package.json${row}`, size: 1, modified: 1, changed: 1 }))
  await openCache(files, { folder: join(cache, 'x'), read, side: 8, concurrency: 2 })
  expect(asked).toEqual(['#1', '#2', '#3'].map((row) => `package.json${row}`))
})
