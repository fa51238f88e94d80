import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveSeed } from '../base/random.ts'
import { digits, type Examples, type ImageStore, type View } from '../data/index.ts'
import { drawView } from './augment.ts'
import { featureFeed, oneHot, pixelFeed } from './feed.ts'

const dataset = await digits()
const examples: Examples<'train'> = { role: 'train', dataset, indices: Uint32Array.of(3, 7, 11, 90) }
const image = (index: number) => [...dataset.images.read(index)]

describe('pixelFeed', () => {
  it('gives images as they are', async () => {
    const { shape, dtype, data } = await pixelFeed(examples).batch(Uint32Array.of(7, 3, 7), 0)
    expect([dtype, shape]).toEqual(['uint8', [3, 1, 8, 8]])
    expect([...data]).toEqual([...image(7), ...image(3), ...image(7)])
  })

  it('gives draw number t the same view however the stream is cut', async () => {
    const stream = Uint32Array.from({ length: 40 }, (_, t) => (t * 37) % 1797)
    const options = { augmentation: { pad: 2, mirror: true }, seed: ['feed test', 1] }
    const pixelsOf = async (cuts: readonly number[]) => {
      const feed = pixelFeed(examples, options)
      const pixels: number[] = []
      for (const [i, start] of cuts.entries()) {
        const { data } = await feed.batch(stream.subarray(start, cuts[i + 1] ?? stream.length), start)
        pixels.push(...Array.from(data, Number))
      }
      return pixels
    }
    const whole = await pixelsOf([0])
    expect(whole).not.toEqual([...stream].flatMap(image))
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 39 })).map((list) => [0, ...list.sort((a, b) => a - b)])
    await fc.assert(
      fc.asyncProperty(cuts, async (list) => {
        expect(await pixelsOf(list)).toEqual(whole)
      }),
      { numRuns: 30 },
    )
    // Resumed: only the end of the stream is asked for.
    const resumed = await pixelFeed(examples, options).batch(stream.subarray(24), 24)
    expect(Array.from(resumed.data, Number)).toEqual(whole.slice(24 * 64))
  })

  it('gives windows of larger images: drawn ones in training, the middle otherwise', async () => {
    const images: ImageStore = {
      count: 100,
      sizeOf: () => ({ height: 24, width: 16 }),
      read: (index) => Uint8Array.from({ length: 384 }, (_, i) => (index + i * 7) % 251),
    }
    const larger: Examples<'train'> = { ...examples, dataset: { ...dataset, images } }
    const slice = (index: number, { top, left, mirrored }: View) =>
      Array.from({ length: 64 }, (_, i) => {
        const [y, x] = [Math.floor(i / 8), i % 8]
        return images.read(index)[(y + top) * 16 + (mirrored ? 7 - x : x) + left]
      })
    const indices = Uint32Array.from({ length: 50 }, (_, i) => (i * 37) % 100)
    const augmentation = { pad: 0, mirror: true, crop: 'random' } as const
    const { data } = await pixelFeed(larger, { augmentation, seed: ['crop'] }).batch(indices, 300)
    const views = deriveSeed('crop', 'augment')
    const drawn = Array.from(indices, (index, b) =>
      slice(index, drawView(augmentation, images.sizeOf(index), dataset.shape, views, 300 + b)),
    )
    expect([...data]).toEqual(drawn.flat())
    const middle = await pixelFeed(larger).batch(Uint32Array.of(5, 60), 0)
    const centre = { top: 8, left: 4, mirrored: false }
    expect([...middle.data]).toEqual([...slice(5, centre), ...slice(60, centre)])
  })

  it('takes the memory of the batch before', async () => {
    const feed = pixelFeed(examples)
    const first = await feed.batch(Uint32Array.of(3, 7), 0)
    expect(await feed.batch(Uint32Array.of(7, 3), 2)).toBe(first)
    expect((await feed.batch(Uint32Array.of(7), 4)).shape).toEqual([1, 1, 8, 8])
  })
})

it('featureFeed gives the rows of the examples', async () => {
  const features = Float32Array.of(30, 31, 70, 71, 110, 111, 900, 901)
  const { shape, data } = await featureFeed(examples, features, 2).batch(Uint32Array.of(90, 3, 90), 0)
  expect([shape, [...data]]).toEqual([
    [3, 2],
    [900, 901, 30, 31, 900, 901],
  ])
})

it('oneHot marks the label of each example', () => {
  const { shape, data } = oneHot(dataset, Uint32Array.of(3, 7))
  expect(shape).toEqual([2, 10])
  expect(Array.from(data, Number)).toEqual(
    [3, 7].flatMap((index) => Array.from({ length: 10 }, (_, c) => Number(c === dataset.labels[index]))),
  )
})
