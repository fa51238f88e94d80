import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveSeed } from '../base/random.ts'
import { digits, type ImageShape } from '../data/index.ts'
import { type Augmentation, drawView } from './augment.ts'
import { pixelFeed } from './feed.ts'

const seed = deriveSeed('augment test')
const shape: ImageShape = [3, 8, 8]
const own = { height: 8, width: 8 }

describe('drawView', () => {
  const draws = (augmentation: Augmentation, count: number, size = own) =>
    Array.from({ length: count }, (_, position) => drawView(augmentation, size, shape, seed, position))

  it.each<[Augmentation, typeof own, number]>([
    [{ pad: 0, mirror: false }, own, 1],
    [{ pad: 0, mirror: true }, own, 2],
    [{ pad: 1, mirror: true }, own, 18],
    [{ pad: 2, mirror: false }, own, 25],
    [{ pad: 1, mirror: false }, { height: 11, width: 9 }, 9],
    [{ pad: 0, mirror: false, crop: 'random' }, own, 1],
    [{ pad: 0, mirror: true, crop: 'random' }, { height: 8, width: 13 }, 12],
    [{ pad: 1, mirror: false, crop: 'random' }, { height: 10, width: 9 }, 20],
  ])('draws each view of %j of an image of %j equally often', (augmentation, size, views) => {
    const count = 400 * views
    const times = new Map<string, number>()
    for (const { top, left, mirrored } of draws(augmentation, count, size)) {
      const key = `${top} ${left} ${mirrored}`
      times.set(key, (times.get(key) ?? 0) + 1)
    }
    expect(times.size).toBe(views)
    // Five standard deviations of a binomial count.
    for (const n of times.values()) expect(Math.abs(n - 400)).toBeLessThan(100)
  })

  it('keeps each window inside the image and its padding, and by default about the middle', () => {
    const more = fc.integer({ min: 0, max: 300 })
    const drawn = fc.record({ pad: fc.integer({ min: 0, max: 9 }), mirror: fc.boolean(), position: fc.nat() })
    fc.assert(
      fc.property(more, more, drawn, (higher, wider, { position, ...augmentation }) => {
        const size = { height: 8 + higher, width: 8 + wider }
        const within = (value: number, from: number, to: number) => {
          expect(value).toBeGreaterThanOrEqual(from)
          expect(value).toBeLessThanOrEqual(to)
        }
        const { pad } = augmentation
        const anywhere = drawView({ ...augmentation, crop: 'random' }, size, shape, seed, position)
        within(anywhere.top, -pad, higher + pad)
        within(anywhere.left, -pad, wider + pad)
        const middle = drawView(augmentation, size, shape, seed, position)
        within(middle.top - Math.floor(higher / 2), -pad, pad)
        within(middle.left - Math.floor(wider / 2), -pad, pad)
      }),
    )
  })

  it('draws other views for another seed', () => {
    const augmentation = { pad: 4, mirror: true }
    const others = Array.from({ length: 50 }, (_, position) =>
      drawView(augmentation, own, shape, deriveSeed('other'), position),
    )
    expect(others).not.toEqual(draws(augmentation, 50))
  })

  it('draws what version 0.1 drew of images of the own size', async () => {
    const augmentation = { pad: 4, mirror: true }
    const views = [0, 1, 2, 63, 2 ** 33].map((position) =>
      drawView(augmentation, own, shape, deriveSeed('pin'), position),
    )
    expect(views).toEqual([
      { top: -4, left: 0, mirrored: false },
      { top: 2, left: 4, mirrored: true },
      { top: 1, left: 0, mirrored: false },
      { top: 1, left: 1, mirrored: true },
      { top: -2, left: -1, mirrored: false },
    ])
    const examples = { role: 'train', dataset: await digits(), indices: Uint32Array.of(0) } as const
    const feed = pixelFeed(examples, { augmentation: { pad: 2, mirror: true }, seed: ['pin'] })
    const { data } = await feed.batch(
      Uint32Array.from({ length: 100 }, (_, i) => i * 7),
      1000,
    )
    expect(
      createHash('sha256')
        .update(data as Uint8Array)
        .digest('hex'),
    ).toBe('f91841d5a88fb82e94667a836178892dddb3b09316a87fe62aae9180c346daef')
  })
})
