import sharp from 'sharp'
import type { Size } from '../../images.ts'

/** Quality of a thumbnail, 1 to 100: artefacts are invisible at its size. */
const QUALITY = 80

/**
 * A small picture (WebP) of an image that fits into a square of `side` pixels; what is smaller is enlarged a whole number of times. The same
 * pixels give the same bytes.
 *
 * @param pixels [3, height, width] sRGB or [1, height, width] grey, 0 to 255
 */
export async function thumbnail(pixels: Uint8Array, size: Size, side: number): Promise<Uint8Array> {
  const { height, width } = size
  const channels = pixels.length === height * width ? 1 : 3
  const scale = side / Math.max(height, width)
  const exact = scale < 1 ? scale : Math.floor(scale)
  const scaled = (length: number) => Math.max(1, Math.round(length * exact))
  return sharp(channelsTogether(pixels, channels), { raw: { height, width, channels } })
    .resize({
      width: scaled(width),
      height: scaled(height),
      fit: 'fill',
      kernel: scale < 1 ? 'lanczos3' : 'nearest',
    })
    .webp({ quality: QUALITY })
    .toBuffer()
}

/** [channels, height, width] to [height, width, channels]. */
function channelsTogether(pixels: Uint8Array, channels: number): Uint8Array {
  const size = pixels.length / channels
  const interleaved = new Uint8Array(pixels.length)
  for (let i = 0, to = 0; i < size; i++) {
    for (let channel = 0; channel < channels; channel++) interleaved[to++] = pixels[channel * size + i]!
  }
  return interleaved
}
