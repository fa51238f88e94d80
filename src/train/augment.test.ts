import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveSeed } from '../base/random.ts'
import { type Augmentation, copyView, drawView, type View } from './augment.ts'

const shape = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
const view = fc.record({
  top: fc.integer({ min: -8, max: 8 }),
  left: fc.integer({ min: -8, max: 8 }),
  mirrored: fc.boolean(),
})

describe('copyView', () => {
  it('shows what its definition says, pixel by pixel, and touches nothing else', () => {
    fc.assert(
      fc.property(shape, view, (size, { top, left, mirrored }) => {
        const [channels, height, width] = size
        const length = channels * height * width
        const source = Uint8Array.from({ length: length + 5 }, (_, i) => 1 + (i % 255))
        const target = new Uint8Array(length + 2).fill(99)
        copyView({ top, left, mirrored }, size, source, 5, target, 1)
        expect([target[0], target[length + 1]]).toEqual([99, 99])
        for (let i = 0; i < length; i++) {
          const [row, column] = [Math.floor(i / width), i % width]
          const x = (mirrored ? width - 1 - column : column) + left
          const y = (row % height) + top
          const isInside = x >= 0 && x < width && y >= 0 && y < height
          const channel = Math.floor(row / height)
          const expected = isInside ? source[5 + (channel * height + y) * width + x] : 0
          expect(target[1 + i]).toBe(expected)
        }
      }),
    )
  })

  it('gives a crop and a mirrored one of a small image', () => {
    const seen = (given: View) => {
      const target = new Uint8Array(6)
      copyView(given, [1, 2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6), 0, target, 0)
      return [...target]
    }
    expect(seen({ top: 0, left: 0, mirrored: false })).toEqual([1, 2, 3, 4, 5, 6])
    expect(seen({ top: 0, left: 0, mirrored: true })).toEqual([3, 2, 1, 6, 5, 4])
    expect(seen({ top: 1, left: -1, mirrored: false })).toEqual([0, 4, 5, 0, 0, 0])
    expect(seen({ top: -1, left: 1, mirrored: true })).toEqual([0, 0, 0, 0, 3, 2])
  })
})

describe('drawView', () => {
  const seed = deriveSeed('augment test')
  const draws = (augmentation: Augmentation, count: number) =>
    Array.from({ length: count }, (_, position) => drawView(augmentation, seed, position))

  it.each<[Augmentation, number]>([
    [{ pad: 0, mirror: false }, 1],
    [{ pad: 0, mirror: true }, 2],
    [{ pad: 1, mirror: true }, 18],
    [{ pad: 2, mirror: false }, 25],
  ])('draws each view of %j equally often', (augmentation, views) => {
    const count = 400 * views
    const times = new Map<string, number>()
    for (const { top, left, mirrored } of draws(augmentation, count)) {
      const key = `${top} ${left} ${mirrored}`
      times.set(key, (times.get(key) ?? 0) + 1)
    }
    expect(times.size).toBe(views)
    // Five standard deviations of a binomial count.
    for (const n of times.values()) expect(Math.abs(n - 400)).toBeLessThan(100)
  })

  it('draws other views for another seed', () => {
    const augmentation = { pad: 4, mirror: true }
    const others = Array.from({ length: 50 }, (_, position) => drawView(augmentation, deriveSeed('other'), position))
    expect(others).not.toEqual(draws(augmentation, 50))
  })
})
