import { describe, expect, it } from 'vitest'
import { areaAveraged, perceptualHash } from './perceptual-hash.ts'

describe('areaAveraged', () => {
  it('takes each pixel by the share of it that lies in an area', () => {
    const pixels = Uint8Array.from([10, 20, 60, 40, 50, 90])
    // Two rows of three: half of the middle column belongs to each side.
    expect([...areaAveraged(pixels, { height: 2, width: 3 }, 1, 2)]).toEqual(
      [(10 + 10) / 1.5, (10 + 60) / 1.5, (40 + 25) / 1.5, (25 + 90) / 1.5].map(Math.fround),
    )
  })

  it('keeps channels apart and repeats pixels of a smaller image', () => {
    expect([...areaAveraged(Uint8Array.from([7, 9]), { height: 1, width: 1 }, 2, 2)]).toEqual([7, 7, 7, 7, 9, 9, 9, 9])
  })
})

describe('perceptualHash', () => {
  const picture = (brightness: (x: number, y: number) => number) =>
    Float32Array.from({ length: 1024 }, (_, at) => brightness((at % 32) / 32, Math.floor(at / 32) / 32))
  const scene = (x: number, y: number) => 80 + 60 * Math.sin(7 * x + 3 * y) + 40 * Math.cos(11 * x * y)

  it('is that of the picture in another light', () => {
    expect(perceptualHash(picture((x, y) => 20 + 0.8 * scene(x, y)))).toEqual(perceptualHash(picture(scene)))
  })

  it('has a one for each frequency above the median: half of its bits', () => {
    const bits = perceptualHash(picture(scene)).map((word) => word.toString(2).replaceAll('0', '').length)
    expect(bits[0]! + bits[1]!).toBe(32)
  })

  it('tells the one wave of a picture from all others', () => {
    // Vertical frequency 2 and horizontal frequency 3: bit (2 - 1) * 8 + (3 - 1). Coefficients of 0 are above or below by rounding.
    const wave = (frequency: number, at: number) => Math.cos(((2 * at + 1) * frequency * Math.PI) / 64)
    const one = Float32Array.from({ length: 1024 }, (_, at) => wave(2, Math.floor(at / 32)) * wave(3, at % 32))
    expect((perceptualHash(one)[0] >>> 10) & 1).toBe(1)
    expect((perceptualHash(one.map((value) => -value))[0] >>> 10) & 1).toBe(0)
  })
})
