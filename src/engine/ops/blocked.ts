import type { Emitter } from '../graph/emitter.ts'
import { type Shape, size } from '../graph/shape.ts'
import { defineOp, type FloatTensor } from '../graph/tensor.ts'
import type { Pair, Windows } from './windows.ts'

/**
 * Lowering forms of convolution with channels in blocks, [N, C / b, H, W, b]: the layout in which the runtime's own kernels reach
 * the machine's peak (NCHWc; b is 8 with AVX2, 16 with AVX-512). The runtime uses it by itself for constant weights alone; here
 * the filters are re-blocked in the graph at each step, which costs a hundredth of the convolution.
 *
 * All three parts of a convolution are such convolutions. The weight gradient is one over transposed tensors: channels of
 * the input become examples, examples become channels, and dy is the kernel, as large as an image.
 */

const blockOrder = defineOp<object>({
  name: 'blockOrder',
  infer: ([x]) => ({ dtype: 'float32', shape: x!.shape }),
  gradient: 'none',
  lower: (emit, inputs) => emit.node('nchwc.ReorderInput', inputs),
})

/** Images in the order in which blocks lie in memory: for finding out how large they are. */
export function inBlockOrder(images: FloatTensor): FloatTensor {
  return blockOrder([images], {})
}

/** Whether the runtime's kernel takes x [N, C, H, W] with so many filters: whole blocks, but for few input channels. */
export function fitsConvolution({ target }: Emitter, channels: number, filters: number): boolean {
  const block = target.blockSize
  return block > 1 && filters % block === 0 && (channels % block === 0 || channels < block)
}

/** x [N, C, H, W], weights [O, C, h, w], bias [O] -> [N, O, H', W']. */
export function convolve(emit: Emitter, inputs: readonly string[], shapes: readonly Shape[], windows: Windows): string {
  const [x, weights, bias] = inputs as [string, string, string | undefined]
  const [shape, filterShape] = shapes as [Shape, Shape]
  const { kernel, stride, pad } = windows
  const compute = (activation: { activation?: string }) => {
    const operands = [source(emit, x, shape), blockFilters(emit, weights, filterShape)]
    return emit.node('nchwc.Conv', bias === undefined ? operands : [...operands, bias], {
      kernel_shape: kernel,
      strides: stride,
      pads: [...pad, ...pad],
      ...activation,
    })
  }
  return emit.defer([shape[0]!, filterShape[0]!, ...windows.output], {
    blocked: () => compute({}),
    rectified: () => compute({ activation: 'Relu' }),
  })
}

/** Images as the kernel reads them: in blocks, or as they are where there are fewer channels than a block has. */
function source(emit: Emitter, x: string, shape: Shape): string {
  return shape[1]! < emit.target.blockSize ? x : emit.blocked(x)
}

/** [B, n, rest] -> [B, rest, n] for n one block: the runtime's reordering of images does it fastest. */
function blockInnermost(emit: Emitter, name: string, outer: number, inner: number): string {
  const images = emit.node('Reshape', [name, emit.integers([outer, emit.target.blockSize, 1, inner])])
  return emit.node('nchwc.ReorderInput', [images])
}

/** Weights [O, C, h, w] -> [O / b, C / b, h, w, b of C, b of O], or [O / b, C, h, w, b of O] for few channels. */
function blockFilters(emit: Emitter, weights: string, shape: Shape): string {
  const [filters, channels, ...kernel] = shape as [number, number, number, number]
  const block = emit.target.blockSize
  const inner = channels < block ? weights : blockInnermost(emit, weights, (filters * channels) / block, size(kernel))
  const blocked = blockInnermost(emit, inner, filters / block, channels * size(kernel))
  return emit.node('Reshape', [blocked, emit.integers(shape)])
}

/** One residue of the rows (or columns) of a convolution's input modulo the stride, and the taps that reach it. */
interface Phase {
  /** Offsets in the kernel, descending: the order of a convolution that runs backwards. */
  readonly taps: readonly number[]
  /** Zeros before and after dy. */
  readonly pads: readonly [number, number]
}

/** How dx along one axis falls into phases; undefined where they are unequal or would need cropping. */
function phasesOf(length: number, kernel: number, stride: number, pad: number, output: number): Phase[] | undefined {
  if (length % stride !== 0) return undefined
  const phases = Array.from({ length: stride }, (_, residue): Phase => {
    const first = (residue + pad) % stride
    const taps = Array.from({ length: Math.max(0, Math.ceil((kernel - first) / stride)) }, (_, t) => first + t * stride)
    const shift = (residue + pad - first) / stride
    return { taps: taps.reverse(), pads: [taps.length - 1 - shift, length / stride + shift - output] }
  })
  return phases.every(({ taps, pads }) => taps.length === 0 || Math.min(...pads) >= 0) ? phases : undefined
}

/** The phases of rows and of columns. */
function phases({ kernel, stride, pad, input, output }: Windows): readonly [Phase[], Phase[]] | undefined {
  const [rows, columns] = ([0, 1] as const).map((axis) =>
    phasesOf(input[axis], kernel[axis], stride[axis], pad[axis], output[axis]),
  )
  return rows && columns && [rows, columns]
}

/** Whether the input gradient can be computed in blocks: dy's channels and x's are whole blocks, and the phases are equal. */
export function fitsInputGradient(
  { target: { blockSize } }: Emitter,
  channels: number,
  filters: number,
  windows: Windows,
) {
  return blockSize > 1 && filters % blockSize === 0 && channels % blockSize === 0 && phases(windows) !== undefined
}

/**
 * dy [N, O, H', W'], weights [O, C, h, w] -> x [N, C, H, W]: a convolution with the filters turned round. With a stride, one for
 * each residue of rows and columns by those taps of the filters that reach it, so that no product with a zero is computed.
 */
export function inputGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  windows: Windows,
): string {
  const [dy, weights] = inputs as [string, string]
  const [gradientShape, filterShape] = shapes as [Shape, Shape]
  const [filters, channels] = filterShape as [number, number]
  const { kernel, input } = windows
  const [batch] = gradientShape as [number]
  const [rows, columns] = phases(windows)!
  const block = emit.target.blockSize
  const cell = [input[0] / rows.length, input[1] / columns.length] as const

  const part = (row: Phase, column: Phase) => {
    if (row.taps.length * column.taps.length === 0) {
      return emit.node('ConstantOfShape', [emit.integers([batch, channels, ...cell])])
    }
    const turned = turnFilters(emit, weights, [filters, channels, ...kernel], row.taps, column.taps)
    return emit.node('nchwc.Conv', [emit.blocked(dy), turned], {
      kernel_shape: [row.taps.length, column.taps.length],
      pads: [row.pads[0], column.pads[0], row.pads[1], column.pads[1]],
    })
  }
  return emit.defer([batch, channels, ...input], {
    blocked() {
      const lines = rows.map((row) => {
        const parts = columns.map((column) => part(row, column))
        return join(emit, parts, [(batch * channels * cell[0] * cell[1]) / block, block], 1)
      })
      const whole = join(emit, lines, [(batch * channels * cell[0]) / block, input[1] * block], 1)
      return emit.node('Reshape', [whole, emit.integers([batch, channels, ...input])])
    },
  })
}

function join(emit: Emitter, parts: readonly string[], shape: Shape, axis: number): string {
  if (parts.length === 1) return parts[0]!
  return emit.node(
    'Concat',
    parts.map((name) => emit.node('Reshape', [name, emit.integers(shape)])),
    { axis },
  )
}

/** Some taps of weights [O, C, h, w] with inputs and outputs exchanged: [C / b, O / b, rows, columns, b of O, b of C]. */
function turnFilters(
  emit: Emitter,
  weights: string,
  shape: readonly [number, number, number, number],
  rows: readonly number[],
  columns: readonly number[],
): string {
  const [filters, channels, height, width] = shape
  const block = emit.target.blockSize
  const [outer, inner] = [filters / block, channels / block]
  // The blocks of the forward pass [O / b, C / b, h, w, b of C, b of O], each transposed, then put in the other order.
  const squares = blockInnermost(emit, blockFilters(emit, weights, shape), outer * inner * height * width, block)
  const table: bigint[] = []
  for (let c = 0; c < inner; c++) {
    for (let o = 0; o < outer; o++) {
      for (const row of rows) {
        for (const column of columns) table.push(BigInt(((o * inner + c) * height + row) * width + column))
      }
    }
  }
  const list = emit.node('Reshape', [squares, emit.integers([outer * inner * height * width, block * block])])
  const picked = emit.node('Gather', [list, emit.constant('int64', [table.length], BigInt64Array.from(table))], {
    axis: 0,
  })
  return emit.node('Reshape', [picked, emit.integers([channels, filters, rows.length, columns.length])])
}

/** Floats of dy that a band of the weight gradient reads for a tile of four blocks of filters: they should stay in the cache. */
const TILE = 1 << 18

/** Whether the weight gradient can be computed in blocks: filters in whole blocks, and examples too, unless they are few. */
export function fitsWeightGradient(emit: Emitter, batch: number, filters: number): boolean {
  return fitsConvolution(emit, batch, filters)
}

/**
 * x [N, C, H, W], dy [N, O, H', W'] -> weights [O, C, h, w]: a convolution of x with channels and examples exchanged, whose
 * filters are dy. With a stride, one for each residue of x's rows and columns. Band after band of rows is added to one sum.
 */
export function weightGradient(
  emit: Emitter,
  inputs: readonly string[],
  shapes: readonly Shape[],
  { kernel, stride, pad, output }: Windows,
): string {
  const [x, dy] = inputs as [string, string]
  const [shape, gradientShape] = shapes as [Shape, Shape]
  const [batch, channels, height, width] = shape as [number, number, number, number]
  const filters = gradientShape[1]!
  const images = exchanged(emit, x, shape, pad)
  const padded = [height + 2 * pad[0], width + 2 * pad[1]] as const
  const slopes = slopeFilters(emit, dy, gradientShape)
  const band = Math.max(1, Math.min(output[0], Math.floor(TILE / (4 * emit.target.blockSize * batch * output[1]))))

  const parts: string[] = []
  const taps: number[] = []
  for (const row of residues(kernel[0], stride[0])) {
    for (const column of residues(kernel[1], stride[1])) {
      let total: string[] = []
      for (let first = 0; first < output[0]; first += band) {
        const rows = Math.min(band, output[0] - first)
        // The rows of x that these rows of dy meet, then every stride-th of them.
        const start = [first * stride[0] + row[0]!, column[0]!]
        const count = [rows + row.length - 1, output[1] + column.length - 1]
        const ends = count.map((n, axis) => Math.min(padded[axis]!, start[axis]! + (n - 1) * stride[axis]! + 1))
        const seen = sliced(emit, images, [channels, batch, ...padded], start, ends, stride)
        const operands = [
          source(emit, seen, [channels, batch, ...(count as [number, number])]),
          bandOf(emit, slopes, gradientShape, first, rows),
        ]
        const sum = total.length === 0 ? operands : [...operands, '', ...total]
        total = [emit.node('nchwc.Conv', sum, { kernel_shape: [rows, output[1]] })]
      }
      const size = row.length * column.length
      const plain = emit.node('nchwc.ReorderOutput', total, { channels: filters })
      parts.push(emit.node('Reshape', [plain, emit.integers([channels, filters, size])]))
      for (const i of row) for (const j of column) taps.push(i * kernel[1] + j)
    }
  }
  const joined = parts.length === 1 ? parts[0]! : emit.node('Concat', parts, { axis: 2 })
  const order = taps.map((_, tap) => BigInt(taps.indexOf(tap)))
  const ordered =
    parts.length === 1
      ? joined
      : emit.node('Gather', [joined, emit.constant('int64', [order.length], BigInt64Array.from(order))], { axis: 2 })
  const swapped = emit.node('Transpose', [ordered], { perm: [1, 0, 2] })
  return emit.node('Reshape', [swapped, emit.integers([filters, channels, ...kernel])])
}

/** Kernel offsets by their residue modulo the stride; residues that no offset has are left out. */
function residues(kernel: number, stride: number): number[][] {
  return Array.from({ length: Math.min(kernel, stride) }, (_, residue) =>
    Array.from({ length: Math.ceil((kernel - residue) / stride) }, (_, t) => residue + t * stride),
  )
}

/** x [N, C, H, W] -> [C, N, H + 2 pad, W + 2 pad], with zeros round it. */
function exchanged(emit: Emitter, x: string, [batch, channels, height, width]: Shape, pad: Pair): string {
  const flat = emit.node('Reshape', [x, emit.integers([batch!, channels!, height! * width!])])
  const moved = emit.node('Transpose', [flat], { perm: [1, 0, 2] })
  const images = emit.node('Reshape', [moved, emit.integers([channels!, batch!, height!, width!])])
  return pad[0] + pad[1] === 0 ? images : emit.node('Pad', [images, emit.integers([0, 0, ...pad, 0, 0, ...pad])])
}

function sliced(emit: Emitter, x: string, shape: Shape, start: Shape, end: Shape, step: Pair): string {
  const whole =
    step.every((n) => n === 1) && start.every((n) => n === 0) && end.every((n, axis) => n === shape[2 + axis])
  return whole
    ? x
    : emit.node('Slice', [x, emit.integers(start), emit.integers(end), emit.integers([2, 3]), emit.integers(step)])
}

/** dy [N, O, H', W'] as filters: [O / b, N / b, H', W', b of N, b of O], or [O / b, N, H', W', b of O] for few examples. */
function slopeFilters(emit: Emitter, dy: string, shape: Shape): string {
  const [batch, filters, height, width] = shape as [number, number, number, number]
  const block = emit.target.blockSize
  const blocked = emit.blocked(dy)
  const few = batch < block
  const outer = few ? batch : batch / block
  const view = emit.node('Reshape', [
    blocked,
    emit.integers([outer, few ? 1 : block, filters / block, height * width, block]),
  ])
  return emit.node('Transpose', [view], { perm: [2, 0, 3, 1, 4] })
}

function bandOf(
  emit: Emitter,
  slopes: string,
  [batch, filters, height, width]: Shape,
  first: number,
  rows: number,
): string {
  const block = emit.target.blockSize
  const inner = batch! < block ? 1 : block
  const view = [filters! / block, batch! / inner, height!, width! * inner * block]
  const flat = emit.node('Reshape', [slopes, emit.integers(view)])
  const cut =
    rows === height
      ? flat
      : emit.node('Slice', [flat, emit.integers([first]), emit.integers([first + rows]), emit.integers([2])])
  return emit.node('Reshape', [cut, emit.integers([filters!, batch!, rows, width!])])
}
