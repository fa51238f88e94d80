import type { Emitter } from '../graph/emitter.ts'
import type { Shape } from '../graph/shape.ts'

/**
 * Lowering forms of convolution and pooling with the batch as the innermost axis, [C, H, W, N]. There an image's pixel is a run
 * of N floats, so gathering windows copies whole runs and pooling is a maximum of slices; the convolutions become
 * plain matrix products that share one matrix of windows between forward and weight gradient.
 *
 * For narrow layers this beats the runtime's own convolution, whose blocks suit channels in multiples of 16 (LeNet-5's step: a
 * fifth less time, bench/README.md); for wide ones it does not.
 */
export interface Windows {
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly pad: readonly [number, number]
  /** [H', W'] */
  readonly output: readonly [number, number]
}

/** Whether a convolution x [N, C, H, W] with `filters` outputs is faster in batch-last form. */
export function prefersBatchLast([batch, channels]: Shape, filters: number): boolean {
  return batch! >= 16 && Math.min(channels!, filters) < 64
}

/** Columns (window positions times batch) that a matrix product takes at once, so that its operands stay in the cache. */
const BAND = 1024

/** Rows of windows cut into bands: [first, end). */
function bands([rows, columns]: readonly [number, number], batch: number): [number, number][] {
  const height = Math.max(1, Math.floor(BAND / (columns * batch)))
  return Array.from({ length: Math.ceil(rows / height) }, (_, i) => [i * height, Math.min(rows, (i + 1) * height)])
}

/** The windows of one band as a matrix [C h w, positions N], its rows in the order of a filter's weights. */
function windowMatrix(
  emit: Emitter,
  name: string,
  shape: Shape,
  windows: Windows,
  [first, end]: [number, number],
): string {
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const { kernel, stride, pad, output } = windows
  const [top, left] = pad
  let x = emit.batchLast(name, shape)
  if (top > 0 || left > 0) x = emit.node('Pad', [x, emit.integers([0, top, left, 0, 0, top, left, 0])])
  const padded = [height + 2 * top, width + 2 * left] as const
  const flat = emit.node('Reshape', [x, emit.integers([channels, padded[0] * padded[1], batch])])
  const offsets: bigint[] = []
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      for (let row = first; row < end; row++) {
        for (let column = 0; column < output[1]; column++) {
          offsets.push(BigInt((row * stride[0] + i) * padded[1] + column * stride[1] + j))
        }
      }
    }
  }
  const positions = (end - first) * output[1]
  const size = kernel[0] * kernel[1]
  const indices = emit.constant('int64', [size, positions], BigInt64Array.from(offsets))
  const gathered = emit.node('Gather', [flat, indices], { axis: 1 })
  return emit.node('Reshape', [gathered, emit.integers([channels * size, positions * batch])])
}

/** x [N, C, H, W], weights [O, C, h, w], bias [O] -> [N, O, H', W']. */
export function convolve(emit: Emitter, inputs: readonly string[], shapes: readonly Shape[], windows: Windows): string {
  const [x, weights, bias] = inputs as [string, string, string | undefined]
  const [shape, [filters, ...filter]] = shapes as [Shape, [number, ...number[]]]
  const batch = shape[0]!
  const depth = filter.reduce((product, n) => product * n, 1)
  const matrix = emit.node('Reshape', [weights, emit.integers([filters, depth])])
  const offset = bias === undefined ? [] : [emit.node('Reshape', [bias, emit.integers([filters, 1])])]
  const parts = bands(windows.output, batch).map(([first, end]) => {
    const product = emit.node('Gemm', [matrix, windowMatrix(emit, x, shape, windows, [first, end]), ...offset])
    return emit.node('Reshape', [product, emit.integers([filters, end - first, windows.output[1], batch])])
  })
  const result = parts.length === 1 ? parts[0]! : emit.node('Concat', parts, { axis: 1 })
  return emit.fromBatchLast(result, [batch, filters, ...windows.output])
}

/** x [N, C, H, W], dy [N, O, H', W'] -> weights [O, C, h, w]: band after band added to one product. */
export function weightGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  windows: Windows,
): string {
  const [x, dy] = inputs as [string, string]
  const [shape, gradientShape] = shapes as [Shape, Shape]
  const batch = shape[0]!
  const filters = gradientShape[1]!
  const slopes = emit.batchLast(dy, gradientShape)
  let total: string[] = []
  for (const [first, end] of bands(windows.output, batch)) {
    const rows = emit.node('Slice', [slopes, emit.integers([first]), emit.integers([end]), emit.integers([1])])
    const flat = emit.node('Reshape', [rows, emit.integers([filters, (end - first) * windows.output[1] * batch])])
    const columns = windowMatrix(emit, x, shape, windows, [first, end])
    total = [emit.node('Gemm', [flat, columns, ...total], { transB: 1 })]
  }
  return emit.node('Reshape', [total[0]!, emit.integers([filters, shape[1]!, ...windows.kernel])])
}

/**
 * Whether the input gradient is worth computing as a convolution of dy with the filters turned round: only at stride 1, and
 * only where padding dy does not add much work (it multiplies H' W' to H W).
 */
export function prefersTurnedFilters([, , height, width]: Shape, { stride, output }: Omit<Windows, 'kernel'>): boolean {
  return stride[0] === 1 && stride[1] === 1 && height! * width! <= 1.2 * output[0] * output[1]
}

/** dy [N, O, H', W'], weights [O, C, h, w] -> [N, C, H, W], at stride 1. */
export function inputGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  { kernel, pad }: Pick<Windows, 'kernel' | 'pad'>,
  input: readonly [number, number],
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
    output: input,
  })
}

/** The k x k slices of x that windows without overlap take their places from, in row-major order: [C, H', W', N] each. */
function phases(emit: Emitter, x: string, shape: Shape, { kernel, output }: Windows): string[] {
  const whole = emit.batchLast(x, shape)
  const ends = emit.integers([output[0] * kernel[0], output[1] * kernel[1]])
  return Array.from({ length: kernel[0] * kernel[1] }, (_, place) => {
    const start = emit.integers([Math.floor(place / kernel[1]), place % kernel[1]])
    return emit.node('Slice', [whole, start, ends, emit.integers([1, 2]), emit.integers(kernel)])
  })
}

/** Max-pooling over windows without overlap or padding. */
export function maxPool(emit: Emitter, x: string, shape: Shape, windows: Windows): string {
  const result = emit.node('Max', phases(emit, x, shape, windows))
  return emit.fromBatchLast(result, [shape[0]!, shape[1]!, ...windows.output])
}

/**
 * Its gradient: place after place takes dy where it holds the maximum and leaves the rest to the places after it, so the first
 * maximum in row-major order gets it all. The last place needs no comparison.
 */
export function maxPoolGradient(emit: Emitter, inputs: readonly string[], shape: Shape, windows: Windows): string {
  const [x, dy] = inputs as [string, string]
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const { kernel, output } = windows
  const places = phases(emit, x, shape, windows)
  const largest = emit.node('Max', places)
  let rest = emit.batchLast(dy, [batch, channels, ...output])
  const parts = places.map((place, i) => {
    if (i === places.length - 1) return rest
    const isMaximum = emit.node('Cast', [emit.node('GreaterOrEqual', [place, largest])], { to: 1 /* FLOAT */ })
    const part = emit.node('Mul', [rest, isMaximum])
    rest = emit.node('Sub', [rest, part])
    return part
  })
  // Interleaves the places: first along a row of windows, then the rows.
  const cell = emit.integers([channels, output[0], 1, output[1], 1, batch])
  const rows = Array.from({ length: kernel[0] }, (_, i) => {
    const row = parts.slice(i * kernel[1], (i + 1) * kernel[1]).map((part) => emit.node('Reshape', [part, cell]))
    return emit.node('Concat', row, { axis: 4 })
  })
  const covered = [output[0] * kernel[0], output[1] * kernel[1]] as const
  const joined = emit.node('Concat', rows, { axis: 2 })
  const dx = emit.node('Reshape', [joined, emit.integers([channels, ...covered, batch])])
  const margin = [0, 0, 0, 0, 0, height - covered[0], width - covered[1], 0]
  const whole = margin.some((n) => n > 0) ? emit.node('Pad', [dx, emit.integers(margin)]) : dx
  return emit.fromBatchLast(whole, shape)
}
