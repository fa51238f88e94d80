import type { Size } from './images.ts'

/**
 * A hash of 64 bits that changes little when a picture is scaled, compressed or brightened: the signs, about their median, of the
 * lowest frequencies of its cosine transform (the DCT hash of Zauner, Implementation and Benchmarking of Perceptual Image Hash
 * Functions, 2010). The constant terms of rows and columns are left out, so that an offset or a factor of brightness changes nothing.
 */

/** Side of the grey image that is hashed. */
export const HASHED_SIDE = 32

const FREQUENCIES = 8

/** [frequency, position]: cos((2 x + 1) u pi / 2 n) for u = 1 .. 8, rows of the DCT-II. */
const waves = Float64Array.from({ length: FREQUENCIES * HASHED_SIDE }, (_, at) => {
  const [frequency, position] = [Math.floor(at / HASHED_SIDE) + 1, at % HASHED_SIDE]
  return Math.cos(((2 * position + 1) * frequency * Math.PI) / (2 * HASHED_SIDE))
})

/** The two words of the hash of a grey image [32, 32]. */
export function perceptualHash(grey: Float32Array): readonly [number, number] {
  const coefficients = timesWaves(timesWaves(grey))
  const median = coefficients.toSorted()[coefficients.length / 2]!
  const word = (from: number) => {
    let bits = 0
    for (let k = 0; k < 32; k++) if (coefficients[from + k]! >= median) bits |= 1 << k
    return bits >>> 0
  }
  return [word(0), word(32)]
}

/** Rows [R, 32] times the waves, transposed: [8, R]. Twice is the transform of both directions. */
function timesWaves(rows: Float32Array | Float64Array): Float64Array {
  const count = rows.length / HASHED_SIDE
  const products = new Float64Array(FREQUENCIES * count)
  for (let frequency = 0; frequency < FREQUENCIES; frequency++) {
    for (let row = 0; row < count; row++) {
      let sum = 0
      for (let x = 0; x < HASHED_SIDE; x++) sum += waves[frequency * HASHED_SIDE + x]! * rows[row * HASHED_SIDE + x]!
      products[frequency * count + row] = sum
    }
  }
  return products
}

/** An image [C, height, width] as `side` x `side` means over equal areas, parts of pixels by their share: [C, side, side]. */
export function areaAveraged(
  pixels: Uint8Array,
  { height, width }: Size,
  channels: number,
  side: number,
): Float32Array<ArrayBuffer> {
  const narrow = new Float32Array(channels * height * side)
  for (let row = 0; row < channels * height; row++) {
    averageLine(pixels.subarray(row * width, (row + 1) * width), side, narrow, row * side, 1)
  }
  const means = new Float32Array(channels * side * side)
  const column = new Float32Array(height)
  for (let channel = 0; channel < channels; channel++) {
    for (let x = 0; x < side; x++) {
      for (let y = 0; y < height; y++) column[y] = narrow[(channel * height + y) * side + x]!
      averageLine(column, side, means, channel * side * side + x, side)
    }
  }
  return means
}

/** Means over `parts` equal parts of a line, to `target` from `to` on, `step` apart. */
function averageLine(
  line: Uint8Array | Float32Array,
  parts: number,
  target: Float32Array,
  to: number,
  step: number,
): void {
  const length = line.length / parts
  // Sum of all before the next part; `sum` runs over whole pixels.
  let sum = 0
  let before = 0
  let pixel = 0
  for (let part = 0; part < parts; part++) {
    const end = (part + 1) * length
    while (pixel + 1 <= end) sum += line[pixel++]!
    const until = pixel < line.length ? sum + (end - pixel) * line[pixel]! : sum
    target[to + part * step] = (until - before) / length
    before = until
  }
}
