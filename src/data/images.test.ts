import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { centreView, copyView, imagesInMemory, type View } from './images.ts'

const side = fc.integer({ min: 1, max: 7 })
const offset = fc.integer({ min: -8, max: 8 })
const view = fc.record({ top: offset, left: offset, mirrored: fc.boolean() })

describe('copyView', () => {
  it('shows what its definition says, pixel by pixel, and touches nothing else', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 3 }), side, side, side, side)
    fc.assert(
      fc.property(sizes, view, ([channels, height, width, rows, columns], { top, left, mirrored }) => {
        const image = Uint8Array.from({ length: channels * height * width }, (_, i) => 1 + (i % 255))
        const length = channels * rows * columns
        const target = new Uint8Array(length + 2).fill(99)
        copyView({ top, left, mirrored }, image, { height, width }, [channels, rows, columns], target, 1)
        expect([target[0], target[length + 1]]).toEqual([99, 99])
        for (let i = 0; i < length; i++) {
          const [row, column] = [Math.floor(i / columns), i % columns]
          const x = (mirrored ? columns - 1 - column : column) + left
          const y = (row % rows) + top
          const isInside = x >= 0 && x < width && y >= 0 && y < height
          const channel = Math.floor(row / rows)
          expect(target[1 + i]).toBe(isInside ? image[(channel * height + y) * width + x] : 0)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('gives a crop and a mirrored one of a small image', () => {
    const seen = (given: View) => {
      const target = new Uint8Array(6)
      copyView(given, Uint8Array.of(1, 2, 3, 4, 5, 6), { height: 2, width: 3 }, [1, 2, 3], target, 0)
      return [...target]
    }
    expect(seen({ top: 0, left: 0, mirrored: false })).toEqual([1, 2, 3, 4, 5, 6])
    expect(seen({ top: 0, left: 0, mirrored: true })).toEqual([3, 2, 1, 6, 5, 4])
    expect(seen({ top: 1, left: -1, mirrored: false })).toEqual([0, 4, 5, 0, 0, 0])
    expect(seen({ top: -1, left: 1, mirrored: true })).toEqual([0, 0, 0, 0, 3, 2])
  })
})

it('centreView lies in the middle, half a pixel off where it must', () => {
  expect(centreView({ height: 4, width: 7 }, [1, 4, 4])).toEqual({ top: 0, left: 1, mirrored: false })
  expect(centreView({ height: 256, width: 341 }, [3, 224, 224])).toEqual({ top: 16, left: 58, mirrored: false })
})

it('imagesInMemory reads where the images lie', () => {
  const images = imagesInMemory(
    Uint8Array.from({ length: 12 }, (_, i) => i),
    [1, 2, 3],
  )
  expect([images.count, images.sizeOf(1)]).toEqual([2, { height: 2, width: 3 }])
  expect([...images.read(1)]).toEqual([6, 7, 8, 9, 10, 11])
})
