import { grey } from '../../data/images.ts'

/**
 * Images as decoding makes them for training, for where there is no image library: in a browser. The shorter side is scaled by
 * Lanczos' kernel of three lobes, widened where an image shrinks (Turkowski 1990), then the middle is taken.
 */

/** RGBA pixels as a canvas gives them: [height, width, 4]. */
export interface Rgba {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray | Uint8Array
}

/** What a model takes: scaled until the shorter side has `shorterSide` pixels, then the middle [height, width] in 1 or 3 channels. */
export interface ModelInput {
  readonly shorterSide: number
  readonly height: number
  readonly width: number
  readonly channels: number
}

const LOBES = 3
const OPAQUE = 255

/** An image as a model's input: [height, width, channels], what is transparent on black. */
export function asModelInput(image: Rgba, { shorterSide, height, width, channels }: ModelInput): Uint8Array {
  const shorter = Math.min(image.width, image.height)
  const scaled = (length: number) => Math.round((length * shorterSide) / shorter)
  const [scaledWidth, scaledHeight] = [scaled(image.width), scaled(image.height)]
  const top = Math.floor((scaledHeight - height) / 2)
  const left = Math.floor((scaledWidth - width) / 2)
  // Rows first, of which fewer are left: only those and the columns of the window are computed.
  const rows = weightsOf(image.height, scaledHeight, top, height)
  const columns = weightsOf(image.width, scaledWidth, left, width)
  const narrowed = resampleRows(image, rows)
  const colours = resampleColumns(narrowed, image.width, columns)
  return channels === 1 ? greys(colours) : colours
}

/** How one pixel of a scaled line comes about: from `first` on, times these. */
interface Weights {
  readonly first: number
  readonly factors: Float64Array
}

/** Of the pixels `start` to `start + count` of a line that is scaled from `length` to `scaled`; outside there is nothing. */
function weightsOf(length: number, scaled: number, start: number, count: number): readonly (Weights | undefined)[] {
  const ratio = length / scaled
  const widening = Math.max(1, ratio)
  return Array.from({ length: count }, (_, k) => {
    const place = start + k
    if (place < 0 || place >= scaled) return undefined
    const centre = (place + 0.5) * ratio - 0.5
    const first = Math.max(0, Math.ceil(centre - LOBES * widening))
    const last = Math.min(length - 1, Math.floor(centre + LOBES * widening))
    const raw = Float64Array.from({ length: last - first + 1 }, (_, i) => lanczos((first + i - centre) / widening))
    const total = raw.reduce((sum, factor) => sum + factor, 0)
    return { first, factors: raw.map((factor) => factor / total) }
  })
}

function lanczos(x: number): number {
  if (x === 0) return 1
  if (Math.abs(x) >= LOBES) return 0
  const angle = Math.PI * x
  return (LOBES * Math.sin(angle) * Math.sin(angle / LOBES)) / (angle * angle)
}

/** [rows, width, 3], on black. */
function resampleRows({ data, width }: Rgba, rows: readonly (Weights | undefined)[]): Float64Array {
  const result = new Float64Array(rows.length * width * 3)
  for (const [y, weights] of rows.entries()) {
    if (!weights) continue
    for (const [k, factor] of weights.factors.entries()) {
      let from = (weights.first + k) * width * 4
      let to = y * width * 3
      for (let x = 0; x < width; x++, from += 4) {
        const share = (factor * data[from + 3]!) / OPAQUE
        result[to++]! += share * data[from]!
        result[to++]! += share * data[from + 1]!
        result[to++]! += share * data[from + 2]!
      }
    }
  }
  return result
}

/** [rows, width, 3] to [rows, columns, 3], rounded. */
function resampleColumns(rows: Float64Array, width: number, columns: readonly (Weights | undefined)[]): Uint8Array {
  const height = rows.length / (width * 3)
  const result = new Uint8ClampedArray(height * columns.length * 3)
  for (let y = 0; y < height; y++) {
    for (const [x, weights] of columns.entries()) {
      if (!weights) continue
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0
        let from = (y * width + weights.first) * 3 + channel
        for (const factor of weights.factors) {
          sum += factor * rows[from]!
          from += 3
        }
        result[(y * columns.length + x) * 3 + channel] = sum
      }
    }
  }
  return new Uint8Array(result.buffer)
}

/** [rows, columns, 3] to [rows, columns, 1]. */
function greys(colours: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: colours.length / 3 }, (_, i) =>
    grey(colours[3 * i]!, colours[3 * i + 1]!, colours[3 * i + 2]!),
  )
}
