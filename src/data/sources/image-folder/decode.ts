import sharp from 'sharp'
import type { Size } from '../../images.ts'

/** What decides the bits of a decoded image beside its file. */
export const decoder = `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`

/** An image as it is stored. */
export interface DecodedImage extends Size {
  /** [3, height, width], sRGB. */
  readonly pixels: Uint8Array
}

/** Why an image cannot be had. */
export interface Fault {
  readonly fault: string
}

/** Formats by their contents, whatever a file's name says; drawings have no pixels of their own. */
const FORMATS: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']

/** Most pixels of an image: a small file can unpack to more than memory holds. */
const MOST_PIXELS = 100_000_000

/** How many times longer than the shorter side the longer may be: images are stored whole. */
const MOST_ELONGATED = 16

// A file that has changed must not be answered from memory.
sharp.cache(false)

/**
 * Decodes an image and scales it so that its shorter side is `side` (Lanczos; a JPEG that shrinks a lot, by area first) and the longer
 * in proportion, rounded. EXIF orientation and colour profiles are applied; grey, CMYK and 16-bit images become 8-bit sRGB; what is
 * transparent lies on black; of several frames the first is taken. Anything wrong with the file is a fault: half an image too.
 *
 * Faults are in our own words: of images that fail at the same time the library mixes up the messages.
 */
export async function decode(file: Uint8Array, side: number): Promise<DecodedImage | Fault> {
  if (file.length === 0) return { fault: 'it is empty (0 bytes)' }
  const size = await sizeOf(file)
  if (isFault(size)) return size
  const shorter = Math.min(size.height, size.width)
  const scaled = (length: number) => Math.round((length * side) / shorter)
  try {
    const { data, info } = await sharp(file, { failOn: 'error', limitInputPixels: MOST_PIXELS, autoOrient: true })
      .resize({ width: scaled(size.width), height: scaled(size.height), fit: 'fill' })
      .flatten({ background: 'black' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { height: info.height, width: info.width, pixels: channelsApart(data) }
  } catch {
    return { fault: 'it is damaged or cut short' }
  }
}

export function isFault<Result extends object>(result: Result): result is Result & Fault {
  return 'fault' in result
}

/** Size of the image as it is shown, by its header alone. */
async function sizeOf(file: Uint8Array): Promise<Size | Fault> {
  try {
    const { format, autoOrient } = await sharp(file, { limitInputPixels: false }).metadata()
    const { width, height } = autoOrient
    if (!FORMATS.includes(format)) return { fault: `its format is ${format}` }
    if (width * height > MOST_PIXELS) return { fault: `${width}x${height} pixels are more than ${MOST_PIXELS}` }
    if (Math.max(width, height) > MOST_ELONGATED * Math.min(width, height)) {
      return { fault: `${width}x${height} pixels are longer than ${MOST_ELONGATED} to 1` }
    }
    return { width, height }
  } catch {
    return { fault: 'it is no image of a known format' }
  }
}

/** [height, width, 3] to [3, height, width]. */
function channelsApart(interleaved: Uint8Array): Uint8Array {
  const size = interleaved.length / 3
  const pixels = new Uint8Array(interleaved.length)
  for (let i = 0, from = 0; i < size; i++) {
    pixels[i] = interleaved[from++]!
    pixels[size + i] = interleaved[from++]!
    pixels[2 * size + i] = interleaved[from++]!
  }
  return pixels
}
