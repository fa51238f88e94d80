import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { thumbnail } from './encode.ts'

/** [channels, height, width], each channel of its own level. */
const flat = (levels: readonly number[], height: number, width: number) =>
  Uint8Array.from(levels.flatMap((level) => new Array<number>(height * width).fill(level)))

describe('thumbnail', () => {
  it('fits into the square and keeps colours', async () => {
    const picture = await thumbnail(flat([200, 100, 30], 60, 120), { height: 60, width: 120 }, 48)
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).toEqual([48, 24, 3])
    ;[200, 100, 30].forEach((level, channel) => {
      expect(Math.abs(data[channel]! - level)).toBeLessThan(6)
    })
  })

  it('enlarges small grey images a whole number of times', async () => {
    const picture = await thumbnail(Uint8Array.from([0, 255, 255, 0]), { height: 2, width: 2 }, 65)
    const { data, info } = await sharp(picture).greyscale().raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([64, 64])
    const at = (x: number, y: number) => data[y * 64 + x]!
    expect([at(10, 10), at(50, 10), at(10, 50), at(50, 50)].map((level) => Math.round(level / 255))).toEqual([
      0, 1, 1, 0,
    ])
  })

  it('gives the same bytes for the same pixels', async () => {
    const pixels = Uint8Array.from({ length: 3 * 40 * 30 }, (_, i) => (i * 37) % 256)
    const [a, b] = await Promise.all([1, 2].map(() => thumbnail(pixels, { height: 40, width: 30 }, 24)))
    expect(Buffer.compare(a!, b!)).toBe(0)
  })
})
