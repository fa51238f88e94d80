import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Dataset, numberedClasses } from '../dataset.ts'
import { cifar10, cifar100, cifar100Coarse } from './cifar.ts'
import { openDataset } from './registry.ts'

const SHARED = fileURLToPath(new URL('../../../../shared/data/cifar-10/', import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evenkeel-cifar-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A record: these labels, then 1,024 bytes each of red, green and blue, which tell the image. */
function record(labels: readonly number[], red: number): Uint8Array {
  const pixels = [red, red + 1, red + 2].flatMap((value) => Array<number>(1024).fill(value))
  return Uint8Array.from([...labels, ...pixels])
}

async function write(name: string, ...parts: readonly Uint8Array[]): Promise<void> {
  const bytes = Buffer.concat(parts)
  await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(bytes) : bytes)
}

/** Labels and the first byte of each channel of every image. */
function seen({ labels, images }: Dataset): number[][] {
  return Array.from(labels, (label, i) => [label, ...[0, 1024, 2048].map((at) => images.read(i)[at]!)])
}

describe('cifar-10', () => {
  it('reads whatever batches are there, in their order, the test batch last', async () => {
    await write('test_batch_first1000.bin.gz', record([7], 70))
    await write('data_batch_4.bin', record([4], 40))
    await write('data_batch_2.bin.gz', record([9], 20), record([0], 21))
    const dataset = await cifar10(folder)
    expect(dataset).toMatchObject({
      name: 'cifar-10',
      shape: [3, 32, 32],
      officialTestStart: 3,
      maxPixel: 255,
      description: expect.stringMatching(/; 3 of 50,000 training and 1 of 10,000 test images$/),
    })
    expect(dataset.classNames.slice(0, 3)).toEqual(['airplane', 'automobile', 'bird'])
    expect(seen(dataset)).toEqual([
      [9, 20, 21, 22],
      [0, 21, 22, 23],
      [4, 40, 41, 42],
      [7, 70, 71, 72],
    ])
    expect(dataset.images.count).toBe(4)
  })

  it('is the same dataset plain and gzipped, in the directory and below it, with and without names', async () => {
    await write('data_batch_1.bin', record([1], 1), record([2], 2))
    const plain = await cifar10(folder)
    expect(plain.officialTestStart).toBeUndefined()
    await rm(join(folder, 'data_batch_1.bin'))
    await mkdir(join(folder, 'cifar-10-batches-bin'))
    await write('cifar-10-batches-bin/data_batch_1.bin.gz', record([1], 1), record([2], 2))
    await write('cifar-10-batches-bin/batches.meta.txt', Buffer.from(`${'abcdefghij'.split('').join('\n')}\n\n`))
    const below = await openDataset(`cifar-10:${folder}`)
    expect(below.contentHash).toBe(plain.contentHash)
    expect(below.classNames).toEqual('abcdefghij'.split(''))
  })

  it('prefers the whole batch to its beginning', async () => {
    await write('data_batch_1_first2.bin', record([1], 1), record([1], 1))
    await write('data_batch_1.bin.gz', record([3], 3))
    expect(seen(await cifar10(folder))).toEqual([[3, 3, 4, 5]])
  })

  it.each<[string, Readonly<Record<string, Uint8Array>>, string, string]>([
    [
      'no training batch',
      { 'test_batch.bin': record([0], 0) },
      'data.missing',
      'there is no training batch of cifar-10 in DIR: expected data_batch_1.bin, data_batch_2.bin, data_batch_3.bin, ' +
        'data_batch_4.bin, data_batch_5.bin, plain or .gz',
    ],
    [
      'two beginnings of one batch',
      { 'data_batch_2_b.bin': record([0], 0), 'data_batch_2_a.bin.gz': record([0], 0) },
      'data.ambiguous',
      'there must be one file of data_batch_2 in DIR, got data_batch_2_a.bin.gz, data_batch_2_b.bin',
    ],
    [
      'a truncated record',
      { 'data_batch_1.bin': Buffer.concat([record([0], 0), record([1], 1).subarray(0, 100)]) },
      'data.truncated',
      'DIR/data_batch_1.bin is cut short: image 1 (counted from 0) needs 3073 bytes, got 100',
    ],
    [
      'a record truncated before it was gzipped',
      { 'data_batch_1.bin.gz': record([0], 0).subarray(1) },
      'data.truncated',
      'DIR/data_batch_1.bin.gz is cut short: image 0 (counted from 0) needs 3073 bytes, got 3072',
    ],
    [
      'an image too many',
      { 'test_batch.bin.gz': Buffer.alloc(10_001 * 3073), 'data_batch_1.bin': record([0], 0) },
      'data.oversized',
      'DIR/test_batch.bin.gz holds more than the 10000 images of test_batch',
    ],
    [
      'nothing when unpacked',
      { 'data_batch_1.bin.gz': new Uint8Array(0) },
      'data.empty',
      'DIR/data_batch_1.bin.gz holds no image',
    ],
    [
      'a label that is none',
      { 'data_batch_1.bin': Buffer.concat([record([9], 0), record([10], 0)]) },
      'data.label-range',
      'labels in DIR/data_batch_1.bin must be 0 to 9, got 10 for image 1 (counted from 0)',
    ],
    [
      'a name too few',
      { 'data_batch_1.bin': record([0], 0), 'batches.meta.txt': Buffer.from('a\nb\n') },
      'data.class-names',
      'DIR/batches.meta.txt must name 10 classes, one a line, got 2',
    ],
  ])('refuses %s', async (_, files, code, message) => {
    for (const [name, bytes] of Object.entries(files)) await write(name, bytes)
    const error = await cifar10(folder).catch((reason) => reason)
    expect({ code: error.code, message: error.message }).toEqual({ code, message: message.replaceAll('DIR', folder) })
  })

  it('refuses a damaged gzip file, a file for a directory, and says how to get what is missing', async () => {
    await writeFile(join(folder, 'data_batch_1.bin.gz'), gzipSync(record([0], 0)).subarray(0, -9))
    await expect(cifar10(folder)).rejects.toMatchObject({ code: 'data.gzip' })
    await expect(cifar10(join(folder, 'data_batch_1.bin.gz'))).rejects.toMatchObject({ code: 'data.not-a-directory' })
    await expect(cifar10(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'data.missing',
      hint: 'evenkeel data fetch cifar-10 downloads it into data/cifar-10',
    })
  })
})

describe('cifar-100', () => {
  it('has fine or coarse labels as its classes', async () => {
    await write('train.bin', record([19, 99], 1), record([0, 5], 2))
    await write('test.bin.gz', record([3, 50], 3))
    await write(
      'coarse_label_names.txt',
      Buffer.from(
        numberedClasses(20)
          .map((name) => `coarse ${name}\n`)
          .join(''),
      ),
    )
    const fine = await cifar100(folder)
    expect(fine).toMatchObject({ name: 'cifar-100', classNames: numberedClasses(100), officialTestStart: 2 })
    expect([...fine.labels]).toEqual([99, 5, 50])
    const coarse = await cifar100Coarse(folder)
    expect([...coarse.labels]).toEqual([19, 0, 3])
    expect(coarse.classNames[19]).toBe('coarse 19')
    expect(seen(fine)[2]).toEqual([50, 3, 4, 5])
    expect(seen(coarse)[2]).toEqual([3, 3, 4, 5])
  })

  it('refuses a file of CIFAR-10 under its name', async () => {
    await write('train.bin', record([1], 200), record([2], 200))
    await expect(cifar100(folder)).rejects.toMatchObject({
      code: 'data.label-range',
      hint: 'is it a file of cifar-100 in the binary version?',
    })
  })
})

describe.skipIf(!existsSync(SHARED))('the published batches in ../shared (skipped where it is missing)', () => {
  it('have the counts and pixels that are on record', async () => {
    for (const name of ['data_batch_2.bin.gz', 'test_batch_first1000.bin.gz', 'batches.meta.txt']) {
      await symlink(join(SHARED, name), join(folder, name))
    }
    const dataset = await cifar10(folder)
    expect(dataset.description).toContain('10,000 of 50,000 training and 1,000 of 10,000 test images')
    const counts = (labels: Uint16Array) =>
      dataset.classNames.map((_, c) => labels.reduce((count, label) => count + Number(label === c), 0))
    expect(counts(dataset.labels.subarray(0, 10_000))).toEqual([984, 1007, 1010, 995, 1010, 988, 1008, 1026, 987, 985])
    expect(counts(dataset.labels.subarray(10_000))).toEqual([103, 89, 100, 103, 90, 86, 112, 102, 106, 109])
    expect(dataset.classNames.at(-1)).toBe('truck')
    // Put together again, labels and pixels are the file, whose SHA-1 is published.
    const again = new Uint8Array(10_000 * 3073)
    for (let i = 0; i < 10_000; i++) {
      again[i * 3073] = dataset.labels[i]!
      again.set(dataset.images.read(i), i * 3073 + 1)
    }
    expect(createHash('sha1').update(again).digest('hex')).toBe('c0ba65cce70568cd57b4e03e9ac8d2a5367c1795')
  })
})
