import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { type DecodedImage, decode } from './decode.ts'
import { jpeg, pattern, png } from './fixtures/photos.ts'

const plain = (options: { alpha?: number; width?: number; height?: number } = {}) => {
  const { alpha, width = 24, height = 16 } = options
  const background = { r: 200, g: 100, b: 50, ...(alpha !== undefined && { alpha }) }
  return sharp({ create: { width, height, channels: alpha === undefined ? 3 : 4, background } })
}

describe('decode', () => {
  it('keeps the pixels of an image that has the size already, channel by channel', async () => {
    const { height, width, pixels } = (await decode(await png(3, 8, 11), 8)) as DecodedImage
    expect([height, width]).toEqual([8, 11])
    const interleaved = pattern(3, 8, 11)
    const expected = [0, 1, 2].flatMap((channel) => [...interleaved].filter((_, i) => i % 3 === channel))
    expect([...pixels]).toEqual(expected)
  })

  it.each([
    [480, 640, 256, 256, 341],
    [84, 112, 96, 96, 128],
    [777, 333, 32, 75, 32],
    [3, 5, 8, 8, 13],
  ])('scales %dx%d so that the shorter side is %d', async (height, width, side, scaledHeight, scaledWidth) => {
    const image = await decode(await plain({ height, width }).jpeg().toBuffer(), side)
    expect(image).toMatchObject({ height: scaledHeight, width: scaledWidth })
  })

  it.each<[string, () => Promise<Buffer>, number[]]>([
    ['colour', () => plain().png().toBuffer(), [200, 100, 50]],
    ['a grey image', () => plain().greyscale().png().toBuffer(), [128, 128, 128]],
    ['a 16-bit image', () => plain().toColourspace('rgb16').png().toBuffer(), [199, 99, 49]],
    ['what is transparent, on black', () => plain({ alpha: 0.5 }).png().toBuffer(), [100, 50, 25]],
    ['a CMYK image', () => plain().toColourspace('cmyk').jpeg().toBuffer(), [199, 94, 21]],
    ['a GIF', () => plain().gif().toBuffer(), [200, 100, 50]],
    ['a WebP', () => plain().webp({ lossless: true }).toBuffer(), [200, 100, 50]],
    ['a TIFF', () => plain().tiff().toBuffer(), [200, 100, 50]],
  ])('makes three channels of 8 bits of %s', async (_, make, colour) => {
    const { height, width, pixels } = (await decode(await make(), 16)) as DecodedImage
    expect([height, width, pixels.length]).toEqual([16, 24, 3 * 16 * 24])
    // Profiles of CMYK and the rounding of 16 bits may come out otherwise by one or two in another version of the library.
    colour.forEach((value, channel) => {
      expect(Math.abs(pixels[channel * 16 * 24]! - value)).toBeLessThanOrEqual(2)
    })
  })

  it('turns an image as its EXIF orientation says', async () => {
    const lying = await plain({ height: 16, width: 32 }).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect(await decode(lying, 16)).toMatchObject({ height: 32, width: 16 })
  })

  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['an empty file', async () => new Uint8Array(0), 'it is empty (0 bytes)'],
    ['a text', async () => Buffer.from('not an image'), 'it is no image of a known format'],
    ['half a JPEG', async () => firstPart(await jpeg(1), 0.5), 'it is damaged or cut short'],
    ['a JPEG without its last bytes', async () => firstPart(await jpeg(1), 0.97), 'it is damaged or cut short'],
    ['half a PNG', async () => firstPart(await png(1, 64, 64), 0.5), 'it is damaged or cut short'],
    [
      'a drawing',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'its format is svg',
    ],
    [
      'more pixels than memory holds',
      async () => enlarged(await png(1), 60_000),
      '60000x60000 pixels are more than 100000000',
    ],
    ['a line', () => plain({ height: 2, width: 40 }).png().toBuffer(), '40x2 pixels are longer than 16 to 1'],
  ])('finds fault with %s', async (_, make, reason) => {
    expect(await decode(await make(), 16)).toEqual({ fault: reason })
  })
})

function firstPart(bytes: Uint8Array, share: number): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * share))
}

/** The PNG with another height and width in its header. */
function enlarged(bytes: Buffer, side: number): Uint8Array {
  const copy = Buffer.from(bytes)
  copy.writeUInt32BE(side, 16)
  copy.writeUInt32BE(side, 20)
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29)
  return copy
}
