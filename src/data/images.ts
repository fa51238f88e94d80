/** Of images as networks see them, and of the arrays that hold them. */
export type ImageShape = readonly [channels: number, height: number, width: number]

/** Of an image, in pixels. */
export interface Size {
  readonly height: number
  readonly width: number
}

/** The images of a dataset, uint8 and channel by channel, wherever they are kept. */
export interface ImageStore {
  readonly count: number
  /** At least as large as what networks see of it. */
  sizeOf(index: number): Size
  /** [C, height, width] of one image; good until the next is read, which may take its memory. */
  read(index: number): Uint8Array
}

/** Images of one size that lie next to each other in memory: `pixels` [N, C, H, W]; kept, not copied. */
export function imagesInMemory(pixels: Uint8Array, [channels, height, width]: ImageShape): ImageStore {
  const length = channels * height * width
  const size = { height, width }
  return {
    count: pixels.length / length,
    sizeOf: () => size,
    read: (index) => pixels.subarray(index * length, (index + 1) * length),
  }
}

/** What is seen of an image: pixel [y + top, x + left] comes to [y, x], zeros from outside; then it is mirrored or not. */
export interface View {
  readonly top: number
  readonly left: number
  readonly mirrored: boolean
}

/** The window of `shape` in the middle of an image; where it can't be exact, half a pixel towards the origin. */
export function centreView({ height, width }: Size, [, rows, columns]: ImageShape): View {
  return { top: Math.floor((height - rows) / 2), left: Math.floor((width - columns) / 2), mirrored: false }
}

/** Copies a view of `shape` [C, H, W] of an image [C, height, width] to where `to` begins in `target`. */
export function copyView(
  { top, left, mirrored }: View,
  image: Uint8Array,
  { height, width }: Size,
  [channels, rows, columns]: ImageShape,
  target: Uint8Array,
  to: number,
): void {
  const end = to + channels * rows * columns
  if (top === 0 && left === 0 && height === rows && width === columns) target.set(image, to)
  else {
    const firstRow = Math.max(0, -top)
    const endRow = Math.min(rows, height - top)
    const first = Math.max(0, -left)
    const last = Math.min(columns, width - left)
    target.fill(0, to, end)
    // Rows of the image's own width are copied as they follow each other, which is fastest.
    const rowsAtOnce = width === columns ? endRow - firstRow : 1
    for (let channel = 0; channel < channels && first < last; channel++) {
      for (let row = firstRow; row < endRow; row += rowsAtOnce) {
        const from = (channel * height + row + top) * width + left
        const start = to + (channel * rows + row) * columns
        target.set(image.subarray(from + first, from + (rowsAtOnce - 1) * width + last), start + first)
      }
    }
    if (first < last) clearBeside(first, last, columns, target, to, end)
  }
  if (mirrored) mirrorRows(target, columns, to, end)
}

/** Zeros left of the first and from the last column on: rows copied at once brought pixels of their neighbours there. */
function clearBeside(
  first: number,
  last: number,
  columns: number,
  target: Uint8Array,
  start: number,
  end: number,
): void {
  for (let row = start; row < end; row += columns) {
    for (let x = 0; x < first; x++) target[row + x] = 0
    for (let x = last; x < columns; x++) target[row + x] = 0
  }
}

function mirrorRows(pixels: Uint8Array, width: number, start: number, end: number): void {
  for (let row = start; row < end; row += width) {
    for (let left = row, right = row + width - 1; left < right; left++, right--) {
      const pixel = pixels[left]!
      pixels[left] = pixels[right]!
      pixels[right] = pixel
    }
  }
}

/** Grey of a colour, 0 to 255, in the integers of ITU-R BT.601 that Pillow's mode L has as well. */
export function grey(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}
