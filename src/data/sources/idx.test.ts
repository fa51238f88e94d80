import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvenkeelError } from '../../base/errors.ts'
import { classCounts } from '../dataset.ts'
import { idx, idxDirectory } from './idx.ts'
import { readIdxFile } from './idx-file.ts'
import { fashionMnist, mnist } from './mnist.ts'

const SHARED = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))
const absent = !existsSync(SHARED)

/** An IDX file: header for these sizes, then these bytes. */
function idxBytes(sizes: readonly number[], data: ArrayLike<number>, type = 0x08): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0, 0, type, sizes.length])
  sizes.forEach((size, d) => {
    view.setUint32(4 + 4 * d, size)
  })
  bytes.set(data, 4 + 4 * sizes.length)
  return bytes
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-idx-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

/** The error of a promise that must fail. */
function failure(promise: Promise<unknown>): Promise<EvenkeelError> {
  return promise.then(
    () => expect.fail('expected an error'),
    (error) => error,
  )
}

const images = idxBytes([3, 2, 2], [...Array(12).keys()])
const labels = idxBytes([3], [1, 0, 1])

describe('an IDX file', () => {
  it.each([
    ['plain', images],
    ['gzipped', gzipSync(images)],
    ['several gzip members', Buffer.concat([gzipSync(images.subarray(0, 7)), gzipSync(images.subarray(7))])],
  ])('is read, %s', async (_, bytes) => {
    const path = await file('good', bytes)
    expect(await readIdxFile(path, 'images')).toEqual({
      path,
      sizes: [3, 2, 2],
      data: Uint8Array.from(Array(12).keys()),
    })
  })

  it.each<[string, Uint8Array, string, string]>([
    ['is empty', new Uint8Array(0), 'data.empty', 'PATH is empty (0 bytes)'],
    ['unpacks to nothing', gzipSync(''), 'data.truncated', 'PATH ends within its header: 16 bytes needed, got 0'],
    [
      'ends in its header',
      images.subarray(0, 9),
      'data.truncated',
      'PATH ends within its header: 16 bytes needed, got 9',
    ],
    [
      'is cut short',
      images.subarray(0, 20),
      'data.truncated',
      'PATH is cut short: its header says 3 x 2 x 2, which needs 28 bytes, the file can hold at most 20',
    ],
    [
      'is cut short before it was gzipped',
      gzipSync(images.subarray(0, 20)),
      'data.truncated',
      'PATH is cut short: its header says 3 x 2 x 2, which needs 28 bytes, got 20',
    ],
    [
      'promises what memory could not hold',
      idxBytes([4_000_000_000, 28, 28], [1, 2, 3]),
      'data.truncated',
      'PATH is cut short: its header says 4000000000 x 28 x 28, which needs 3136000000016 bytes, the file can hold at most 19',
    ],
    [
      'promises, gzipped, what memory could not hold',
      gzipSync(idxBytes([4_000_000_000, 28, 28], [1, 2, 3])),
      'data.truncated',
      'PATH is cut short: its header says 4000000000 x 28 x 28, which needs 3136000000016 bytes, the file can hold at most ',
    ],
    [
      'is too long',
      Buffer.concat([images, Buffer.of(0)]),
      'data.oversized',
      'PATH is longer than its header says: 3 x 2 x 2 images need 28 bytes, got more',
    ],
    [
      'unpacks to far more than it promises',
      gzipSync(Buffer.concat([images, Buffer.alloc(50_000_000)])),
      'data.oversized',
      'PATH is longer than its header says: 3 x 2 x 2 images need 28 bytes, got more',
    ],
    ['holds nothing', idxBytes([0, 28, 28], []), 'data.empty', 'PATH holds nothing: its sizes are 0 x 28 x 28'],
    [
      'is no IDX file',
      Buffer.from('\x89PNG and so on'),
      'data.idx-magic',
      'PATH is not an IDX file: expected magic number 0x00000803, got 0xc289504e',
    ],
    ['holds labels', labels, 'data.idx-magic', 'PATH must hold images (3 dimensions), got 1 dimensions'],
    [
      'holds another type',
      idxBytes([1, 1, 1], [0, 0, 0, 0], 0x0d),
      'data.idx-type',
      'PATH must hold unsigned bytes (type 0x08), got type 0x0d (float32)',
    ],
    ['is damaged', gzipSync(images).fill(0xff, 12, 20), 'data.gzip', 'PATH is not a sound gzip file: '],
    [
      'lost its end after it was gzipped',
      gzipSync(images).subarray(0, 24),
      'data.gzip',
      'PATH is not a sound gzip file: unexpected end of file',
    ],
  ])('that %s is refused', async (_, bytes, code, message) => {
    const path = await file('bad', bytes)
    const error = await failure(readIdxFile(path, 'images'))
    expect(error.code).toBe(code)
    expect(error.message).toContain(message.replace('PATH', path))
  })

  it('says when images and labels seem to be swapped', async () => {
    expect((await failure(readIdxFile(await file('swapped', images), 'labels'))).hint).toBe(
      'the files of images and labels seem to be swapped',
    )
  })

  it('that is missing or a directory is refused', async () => {
    const path = join(folder, 'none')
    expect(await failure(readIdxFile(path, 'images'))).toMatchObject({
      code: 'data.missing',
      message: `there is no file ${path}`,
    })
    expect(await failure(readIdxFile(folder, 'images'))).toMatchObject({
      code: 'data.not-a-file',
      message: `expected a file, got a directory: ${folder}`,
    })
  })
})

describe('a set of IDX files', () => {
  it('keeps the official test set behind the training part', async () => {
    const train = { images: await file('train-i', images), labels: await file('train-l', labels) }
    const test = {
      images: await file('test-i', gzipSync(idxBytes([1, 2, 2], [9, 9, 9, 9]))),
      labels: await file('test-l', idxBytes([1], [0])),
    }
    const dataset = await idx({ train, test, name: 'tiny' })
    expect(dataset).toMatchObject({ name: 'tiny', shape: [1, 2, 2], classNames: ['0', '1'], officialTestStart: 3 })
    expect([...dataset.labels]).toEqual([1, 0, 1, 0])
    expect([2, 3].map((index) => [...dataset.images.read(index)])).toEqual([
      [8, 9, 10, 11],
      [9, 9, 9, 9],
    ])
    expect((await idx({ train })).officialTestStart).toBeUndefined()
  })

  it('must have one label per image, labels in range, images of one size', async () => {
    const imagePath = await file('i', images)
    const fourLabels = await file('four', idxBytes([4], [0, 1, 0, 1]))
    expect(await failure(idx({ train: { images: imagePath, labels: fourLabels } }))).toMatchObject({
      code: 'data.count-mismatch',
      message: `there must be one label per image, got 3 images in ${imagePath} and 4 labels in ${fourLabels}`,
    })

    const train = { images: imagePath, labels: await file('l', labels) }
    const high = await file('high', idxBytes([3], [0, 7, 1]))
    expect(await failure(idx({ train, test: { images: imagePath, labels: high } }))).toMatchObject({
      code: 'data.label-range',
      message: `labels in ${high} must be 0 to 1, got 7 for example 1 (counted from 0)`,
    })

    const wide = {
      images: await file('wide', idxBytes([1, 2, 3], Array(6))),
      labels: await file('one', idxBytes([1], [0])),
    }
    expect(await failure(idx({ train, test: wide }))).toMatchObject({
      code: 'data.size-mismatch',
      message: `images must have one size: 2 x 2 in ${imagePath}, got 2 x 3 in ${wide.images}`,
    })
  })

  it('is found in a directory, plain or gzipped, with or without a test pair', async () => {
    const directory = join(folder, 'tiny-set')
    await mkdir(directory)
    await file('tiny-set/train-images.idx3-ubyte', images)
    await file('tiny-set/train-labels-idx1-ubyte.gz', gzipSync(labels))
    expect(await idxDirectory(directory)).toMatchObject({ name: 'tiny-set', officialTestStart: undefined })

    await file('tiny-set/t10k-images-idx3-ubyte', images)
    expect(await failure(idxDirectory(directory))).toMatchObject({
      code: 'data.missing',
      message: `there is no t10k-labels-idx1-ubyte in ${directory}, neither plain nor .gz`,
    })
    await file('tiny-set/t10k-labels-idx1-ubyte', labels)
    expect((await idxDirectory(directory)).officialTestStart).toBe(3)
    expect((await mnist(directory)).classNames).toHaveLength(10)
  })

  it('is refused where the directory is missing, a file or empty', async () => {
    const missing = join(folder, 'nowhere')
    expect((await failure(idxDirectory(missing))).message).toBe(`there is no directory ${missing}`)
    const plain = await file('plain-file', labels)
    expect((await failure(idxDirectory(plain))).message).toBe(
      `expected a directory with IDX files, got a file: ${plain}`,
    )
    const empty = join(folder, 'empty-directory')
    await mkdir(empty)
    expect((await failure(idxDirectory(empty))).message).toBe(
      `there is no train-images-idx3-ubyte in ${empty}, neither plain nor .gz`,
    )
  })
})

describe.skipIf(absent)('the real sets (skipped where the shared data folder is absent)', () => {
  const histogram = (dataset: Awaited<ReturnType<typeof mnist>>, start: number, end: number) =>
    classCounts({ role: 'train', dataset, indices: Uint32Array.from({ length: end - start }, (_, i) => start + i) })

  it('MNIST has the published histograms', async () => {
    const dataset = await mnist(join(SHARED, 'mnist'))
    expect(dataset).toMatchObject({ name: 'mnist', shape: [1, 28, 28], officialTestStart: 60_000 })
    expect(histogram(dataset, 0, 60_000)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    expect(histogram(dataset, 60_000, 70_000)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
  })

  it('Fashion-MNIST has equal classes', async () => {
    const dataset = await fashionMnist(join(SHARED, 'fashion-mnist'))
    expect(dataset.classNames[9]).toBe('Ankle boot')
    expect(histogram(dataset, 0, 60_000)).toEqual(Array(10).fill(6000))
    expect(histogram(dataset, 60_000, 70_000)).toEqual(Array(10).fill(1000))
  })
})
