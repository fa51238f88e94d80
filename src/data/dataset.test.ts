import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EvenkeelError } from '../base/errors.ts'
import {
  classCounts,
  classIndex,
  createDataset,
  type DatasetContent,
  type Examples,
  imbalanceRatio,
  updateInPieces,
} from './dataset.ts'

/** Six images of 1x1x2 pixels in three classes. */
const content: DatasetContent = {
  name: 'six',
  description: 'made for this test',
  shape: [1, 1, 2],
  classNames: ['a', 'b', 'c'],
  pixels: Uint8Array.from({ length: 12 }, (_, i) => i),
  labels: Uint16Array.from([2, 0, 1, 2, 2, 0]),
  officialTestStart: undefined,
  maxPixel: 255,
}

it('updateInPieces hashes bytes as if all at once', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)
  const whole = createHash('sha256').update(bytes).digest('hex')
  for (const piece of [1, 7, 50, 100, 200]) {
    const hash = createHash('sha256')
    updateInPieces(hash, bytes, piece)
    expect(hash.digest('hex')).toBe(whole)
  }
})

describe('createDataset', () => {
  it('hashes what affects training and nothing else', () => {
    const { contentHash } = createDataset(content)
    expect(contentHash).toMatch(/^[0-9a-f]{64}$/)
    const renamed = { ...content, name: 'x', description: 'y', classNames: ['p', 'q', 'r'] }
    expect(createDataset(renamed).contentHash).toBe(contentHash)
    const changes: Partial<DatasetContent>[] = [
      { shape: [2, 1, 1] },
      { shape: [1, 2, 1] },
      { classNames: ['a', 'b', 'c', 'd'] },
      { pixels: content.pixels.with(0, 1) },
      { labels: content.labels.with(0, 1) },
      { officialTestStart: 4 },
      { officialTestStart: 4, officialSelectionStart: 2 },
      { groups: Uint32Array.from([0, 0, 1, 1, 2, 2]) },
      { groups: Uint32Array.from([0, 0, 1, 1, 2, 3]) },
      { maxPixel: 16 },
    ]
    expect(createDataset({ ...content, officialSelectionStart: undefined, groups: undefined }).contentHash).toBe(
      contentHash,
    )
    const hashes = changes.map((change) => createDataset({ ...content, ...change }).contentHash)
    expect(new Set([contentHash, ...hashes]).size).toBe(changes.length + 1)
  })

  it.each<[Partial<DatasetContent>, string]>([
    [{ shape: [1, 0, 2] }, "dataset 'six': shape must be three sizes >= 1, got [1, 0, 2]"],
    [{ classNames: ['a'] }, "dataset 'six': there must be 2 to 65536 classes, got 1"],
    [{ classNames: ['a', 'b', 'a'] }, "dataset 'six': class names must differ, got 'a' twice"],
    [{ labels: new Uint16Array(0) }, "dataset 'six': there must be at least one example"],
    [{ labels: new Uint16Array(5) }, "dataset 'six': 5 labels and shape [1, 1, 2] need 10 pixels, got 12"],
    [{ classNames: ['a', 'b'] }, "dataset 'six': label 2 of example 0 is not one of 0 to 1"],
    [{ maxPixel: 0 }, "dataset 'six': maxPixel must be an integer from 1 to 255, got 0"],
    [{ maxPixel: 6 }, "dataset 'six': pixel 7 of example 3 is above 6"],
    [{ officialTestStart: 6 }, "dataset 'six': officialTestStart must leave examples on both sides of 6, got 6"],
    [{ officialSelectionStart: 2 }, "dataset 'six': an official selection set needs an official test set behind it"],
    ...[0, 4, 1.5].map((officialSelectionStart): [Partial<DatasetContent>, string] => [
      { officialTestStart: 4, officialSelectionStart },
      "dataset 'six': officialSelectionStart must leave examples on both sides before officialTestStart 4, " +
        `got ${officialSelectionStart}`,
    ]),
    [{ groups: new Uint32Array(5) }, "dataset 'six': 6 labels need as many groups, got 5"],
    [
      { classNames: ['a', 'b\u001b[2J', 'c'] },
      "dataset 'six': the class name 'b\\u001b[2J' has a character that cannot be printed",
    ],
  ])('refuses %j', (change, message) => {
    const create = () => createDataset({ ...content, ...change })
    expect(create).toThrow(EvenkeelError)
    expect(create).toThrow(expect.objectContaining({ code: 'data.content', message }))
  })
})

describe('class counts', () => {
  const examples: Examples<'train'> = {
    role: 'train',
    dataset: createDataset(content),
    indices: Uint32Array.from([0, 1, 3, 4, 5]),
  }

  it('count the examples of the role, empty classes included', () => {
    expect(classCounts(examples)).toEqual([2, 0, 3])
  })

  it('index each class contiguously, in the order of the examples', () => {
    const index = classIndex(examples)
    expect([...index.order]).toEqual([1, 5, 0, 3, 4])
    expect([...index.offsets]).toEqual([0, 2, 2, 5])
    expect(index.counts).toEqual([2, 0, 3])
  })

  it('give the imbalance ratio', () => {
    expect(imbalanceRatio([500, 5000, 1000])).toBe(10)
    expect(imbalanceRatio([3, 3])).toBe(1)
    expect(imbalanceRatio([3, 0])).toBe(Number.POSITIVE_INFINITY)
  })
})
