import type { Emitter } from '../graph/emitter.ts'
import type { Shape } from '../graph/shape.ts'
import { dealToFirstMaximum, type Pair, type Windows } from './windows.ts'

/**
 * Lowering forms of convolution and pooling with the batch as the innermost axis, [C, H, W, N]. There an image's pixel is a run
 * of N floats, so gathering windows copies whole runs and pooling is a maximum of slices; the convolutions become
 * plain matrix products that share one matrix of windows between forward and weight gradient. A convolution that is pooled
 * is computed place by place of the pooling windows, so that neither pooling nor its gradient moves anything.
 *
 * For narrow layers this beats the runtime's own convolution, whose blocks suit channels in multiples of 16 (LeNet-5's step: a
 * fifth less time, bench/README.md); for wide ones it does not.
 */

/** Columns (window positions times batch) that a matrix product takes at once, so that its operands stay in the cache. */
const BAND = 1024

/** Floats in a window matrix above which places are not worth their memory. */
const LARGEST_MATRIX = 1 << 20

/** Some of a convolution's windows, as rows and columns of its output. */
interface Positions {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

const range = (start: number, end: number, step = 1) =>
  Array.from({ length: Math.ceil((end - start) / step) }, (_, i) => start + i * step)

/** All positions, band after band of whole rows. */
function bands([rows, columns]: Pair, batch: number): Positions[] {
  const height = Math.max(1, Math.floor(BAND / (columns * batch)))
  return range(0, rows, height).map((first) => ({
    rows: range(first, Math.min(rows, first + height)),
    columns: range(0, columns),
  }))
}

/** The positions of each place of pooling windows; a rest at the edge belongs to none. */
function placesOf([rows, columns]: Pair, [h, w]: Pair): Positions[] {
  const [height, width] = [Math.floor(rows / h), Math.floor(columns / w)]
  return range(0, h * w).map((place) => ({
    rows: range(0, height).map((row) => row * h + Math.floor(place / w)),
    columns: range(0, width).map((column) => column * w + (place % w)),
  }))
}

/** The windows at some positions as a matrix [C h w, positions N], its rows in the order of a filter's weights. */
function windowMatrix(
  emit: Emitter,
  name: string,
  shape: Shape,
  windows: Windows,
  { rows, columns }: Positions,
): string {
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const { kernel, stride, pad } = windows
  const [top, left] = pad
  let x = emit.batchLast(name, shape)
  if (top > 0 || left > 0) x = emit.node('Pad', [x, emit.integers([0, top, left, 0, 0, top, left, 0])])
  const padded = [height + 2 * top, width + 2 * left] as const
  const flat = emit.node('Reshape', [x, emit.integers([channels, padded[0] * padded[1], batch])])
  const offsets: bigint[] = []
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (const row of rows) {
        for (const column of columns) {
          offsets.push(BigInt((row * stride[0] + i) * padded[1] + column * stride[1] + j))
        }
      }
    }
  }
  const count = rows.length * columns.length
  const size = kernel[0] * kernel[1]
  const indices = emit.constant('int64', [size, count], BigInt64Array.from(offsets))
  const gathered = emit.node('Gather', [flat, indices], { axis: 1 })
  return emit.node('Reshape', [gathered, emit.integers([channels * size, count * batch])])
}

/** x [N, C, H, W], weights [O, C, h, w], bias [O] -> [N, O, H', W']. */
export function convolve(emit: Emitter, inputs: readonly string[], shapes: readonly Shape[], windows: Windows): string {
  const [x, weights, bias] = inputs as [string, string, string | undefined]
  const [shape, [filters, ...filter]] = shapes as [Shape, [number, ...number[]]]
  const batch = shape[0]!
  const depth = filter.reduce((product, n) => product * n, 1)
  const matrix = emit.node('Reshape', [weights, emit.integers([filters, depth])])
  const offset = bias === undefined ? [] : [emit.node('Reshape', [bias, emit.integers([filters, 1])])]
  const at = (positions: Positions) => {
    const product = emit.node('Gemm', [matrix, windowMatrix(emit, x, shape, windows, positions), ...offset])
    return emit.node('Reshape', [
      product,
      emit.integers([filters, positions.rows.length, positions.columns.length, batch]),
    ])
  }
  return emit.defer([batch, filters, ...windows.output], {
    batchLast() {
      const parts = bands(windows.output, batch).map(at)
      return parts.length === 1 ? parts[0]! : emit.node('Concat', parts, { axis: 1 })
    },
    places(kernel) {
      const places = placesOf(windows.output, kernel)
      return fits(depth, places, batch) ? places.map(at) : undefined
    },
  })
}

/** Whether the window matrices of places stay small enough. */
function fits(depth: number, places: readonly Positions[], batch: number): boolean {
  return depth * columnsOf(places[0]!, batch) <= LARGEST_MATRIX
}

function columnsOf({ rows, columns }: Positions, batch: number): number {
  return rows.length * columns.length * batch
}

/**
 * x [N, C, H, W], dy [N, O, H', W'] -> weights [O, C, h, w]: part after part added to one product. Behind a pooling dy is had by
 * places, and the window matrices are those of the forward pass.
 */
export function weightGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  windows: Windows,
): string {
  const [x, dy] = inputs as [string, string]
  const [shape, gradientShape] = shapes as [Shape, Shape]
  const [batch, filters] = gradientShape as [number, number]
  const depth = shape[1]! * windows.kernel[0] * windows.kernel[1]
  const placed = emit.placed(dy)
  const places = placed ? placesOf(windows.output, placed.kernel) : []
  const byPlaces = placed && fits(depth, places, batch)
  const slopes = byPlaces ? undefined : emit.batchLast(dy, gradientShape)
  let total: string[] = []
  for (const [i, positions] of (byPlaces ? places : bands(windows.output, batch)).entries()) {
    const { rows } = positions
    const slope = byPlaces
      ? placed.parts[i]!
      : emit.node('Slice', [slopes!, ...[rows[0]!, rows.at(-1)! + 1, 1].map((n) => emit.integers([n]))])
    const flat = emit.node('Reshape', [slope, emit.integers([filters, columnsOf(positions, batch)])])
    total = [emit.node('Gemm', [flat, windowMatrix(emit, x, shape, windows, positions), ...total], { transB: 1 })]
  }
  return emit.node('Reshape', [total[0]!, emit.integers([filters, shape[1]!, ...windows.kernel])])
}

/**
 * Whether the input gradient is worth computing as a convolution of dy with the filters turned round: only at stride 1, and
 * only where padding dy does not add much work (it multiplies H' W' to H W).
 */
export function turnsFilters({ kernel, stride, pad, input, output }: Windows): boolean {
  return (
    stride.every((n) => n === 1) &&
    kernel.every((n, axis) => pad[axis]! < n) &&
    input[0] * input[1] <= 1.2 * output[0] * output[1]
  )
}

/** dy [N, O, H', W'], weights [O, C, h, w] -> [N, C, H, W], at stride 1. */
export function inputGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  { kernel, pad, input, output }: Windows,
): string {
  const [dy, weights] = inputs as [string, string]
  const [gradientShape, [filters, channels]] = shapes as [Shape, [number, number]]
  const swapped = emit.node('Transpose', [weights], { perm: [1, 0, 2, 3] })
  const last = emit.integers([-1, -1])
  const beforeFirst = emit.integers(kernel.map((n) => -n - 1))
  const turned = emit.node('Slice', [swapped, last, beforeFirst, emit.integers([2, 3]), last])
  return convolve(emit, [dy, turned], [gradientShape, [channels, filters, ...kernel]], {
    kernel,
    stride: [1, 1],
    pad: [kernel[0] - 1 - pad[0], kernel[1] - 1 - pad[1]],
    input: output,
    output: input,
  })
}

/** Pooling windows, which neither overlap nor are padded. */
export type PoolWindows = Pick<Windows, 'kernel' | 'output'>

/** The parts of x by their places in windows without overlap: [C, H', W', N] each. */
function partsOf(emit: Emitter, x: string, shape: Shape, { kernel, output }: PoolWindows): readonly string[] {
  const parts = emit.places(x, kernel)
  if (parts) return parts
  const whole = emit.batchLast(x, shape)
  const ends = emit.integers([output[0] * kernel[0], output[1] * kernel[1]])
  return range(0, kernel[0] * kernel[1]).map((place) => {
    const start = emit.integers([Math.floor(place / kernel[1]), place % kernel[1]])
    return emit.node('Slice', [whole, start, ends, emit.integers([1, 2]), emit.integers(kernel)])
  })
}

/** Max-pooling over windows without overlap or padding. */
export function maxPool(emit: Emitter, x: string, shape: Shape, windows: PoolWindows): string {
  const result = emit.node('Max', partsOf(emit, x, shape, windows))
  return emit.defer([shape[0]!, shape[1]!, ...windows.output], { batchLast: () => result })
}

/** Its gradient, by places as the pooling itself: the first maximum in row-major order gets it all. */
export function maxPoolGradient(emit: Emitter, inputs: readonly string[], shape: Shape, windows: PoolWindows): string {
  const [x, dy] = inputs as [string, string]
  const { kernel, output } = windows
  const places = partsOf(emit, x, shape, windows)
  const largest = emit.node('Max', places)
  const slopes = emit.batchLast(dy, [shape[0]!, shape[1]!, ...output])
  const parts = dealToFirstMaximum(emit, places, largest, slopes)
  return emit.defer(shape, {
    batchLast: () => interleave(emit, parts, shape, windows),
    placed: { kernel, parts },
  })
}

/** Puts the places back into whole images: first along a row of windows, then the rows; the rest at the edge is 0. */
function interleave(emit: Emitter, parts: readonly string[], shape: Shape, { kernel, output }: PoolWindows): string {
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const cell = emit.integers([channels, output[0], 1, output[1], 1, batch])
  const rows = range(0, kernel[0]).map((i) => {
    const row = parts.slice(i * kernel[1], (i + 1) * kernel[1]).map((part) => emit.node('Reshape', [part, cell]))
    return emit.node('Concat', row, { axis: 4 })
  })
  const covered = [output[0] * kernel[0], output[1] * kernel[1]] as const
  const joined = emit.node('Concat', rows, { axis: 2 })
  const whole = emit.node('Reshape', [joined, emit.integers([channels, ...covered, batch])])
  const margin = [0, 0, 0, 0, 0, height - covered[0], width - covered[1], 0]
  return margin.some((n) => n > 0) ? emit.node('Pad', [whole, emit.integers(margin)]) : whole
}
