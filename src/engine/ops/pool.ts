import type { Emitter } from '../graph/emitter.ts'
import { type Shape, size } from '../graph/shape.ts'
import { defineOp, type FloatTensor, shapeError } from '../graph/tensor.ts'
import { mean } from './average.ts'
import * as batchLast from './batch-last.ts'
import { multiply } from './elementwise.ts'
import { constant } from './leaf.ts'
import {
  maximumGradient,
  type PoolAxis,
  type PoolGeometry,
  type PoolOptions,
  pooledSize,
  poolGeometry,
  sumGradient,
} from './pool-windows.ts'
import { reshape } from './shape.ts'

/**
 * Pooling, x [N, C, H, W] -> [N, C, H', W']: the largest number or the mean of each window.
 *
 * The gradients need no indices of maxima, which are slow on the CPU and missing on WebGPU: a window's maximum is the maximum of
 * its rows' maxima, so both gradients run over rows and columns one after the other, by slices and masks. That is right for any
 * windows, with gaps or overlapping, and for images with channels in blocks, whose pixels only are longer.
 */

const attributesOf = ({ kernel, stride, pads }: PoolGeometry) => ({ kernel_shape: kernel, strides: stride, pads })

/** Emits a pooling in the layout of its input. */
function pool(emit: Emitter, type: string, x: string, geometry: PoolGeometry, shape: Shape): string {
  const attributes = {
    ...attributesOf(geometry),
    ...(type === 'AveragePool' && { count_include_pad: 1 }),
  }
  if (emit.layout(x) !== 'blocked') return emit.node(type, [x], attributes)
  return emit.defer(shape, { blocked: () => emit.node(`nchwc.${type}`, [emit.blocked(x)], attributes) })
}

/** The two axes of a pooling with `lane` channels innermost: rows of pooled columns, and columns. */
function axesOf(
  { kernel, stride, pads }: PoolGeometry,
  x: Shape,
  y: Shape,
  lane: number,
): Record<'rows' | 'columns', PoolAxis> {
  const [batch, channels, height] = x as [number, number, number, number]
  const images = (batch * channels) / lane
  const along = (axis: 0 | 1) => ({
    length: x[2 + axis]!,
    count: y[2 + axis]!,
    kernel: kernel[axis],
    stride: stride[axis],
    pad: pads[axis],
  })
  return {
    rows: { outer: images, inner: y[3]! * lane, ...along(0) },
    columns: { outer: images * height, inner: lane, ...along(1) },
  }
}

/** Emits the gradient of a pooling in the layout of these images: `compute` is given them in it, and how many channels go together. */
function poolGradient(
  emit: Emitter,
  images: readonly string[],
  shape: Shape,
  compute: (images: readonly string[], lane: number, prefix: string) => string,
): string {
  const whole = (name: string) => emit.node('Reshape', [name, emit.integers(shape)])
  if (images.every((name) => emit.layout(name) !== 'blocked')) return whole(compute(images, 1, ''))
  const inBlocks = () => images.map((name) => emit.blocked(name))
  return emit.defer(shape, { blocked: () => whole(compute(inBlocks(), emit.target.blockSize, 'nchwc.')) })
}

/** Windows without overlap or rim are cheapest in batch-last layout, where the values are in it already. */
function followsBatchLast(emit: Emitter, x: string, { kernel, stride, pads }: PoolGeometry): boolean {
  const isTiled = kernel[0] === stride[0] && kernel[1] === stride[1] && pads.every((n) => n === 0)
  return isTiled && emit.layout(x) === 'batch-last'
}

const maxPoolOp = defineOp<PoolGeometry>({
  name: 'maxPool2d',
  infer: ([x], geometry) => ({ dtype: 'float32', shape: [...x!.shape.slice(0, 2), ...pooledSize(geometry, x!.shape)] }),
  gradient: (dy, node) => [maxPoolGradientOp([node.inputs[0]!, dy], node.attributes)],
  lower: (emit, inputs, { attributes, shape, inputs: [x] }) =>
    followsBatchLast(emit, inputs[0]!, attributes)
      ? batchLast.maxPool(emit, inputs[0]!, x!.shape, { kernel: attributes.kernel, output: [shape[2]!, shape[3]!] })
      : pool(emit, 'MaxPool', inputs[0]!, attributes, shape),
})

/**
 * Maximum of each window: x [N, C, H, W] -> [N, C, H', W']. The rim is minus infinity; the first of equal maxima in row-major order
 * gets the gradient, as in PyTorch.
 */
export function maxPool2d(x: FloatTensor, options: PoolOptions): FloatTensor {
  return maxPoolOp([x], poolGeometry('maxPool2d', x, options))
}

const maxPoolGradientOp = defineOp<PoolGeometry>({
  name: 'maxPool2dGradient',
  infer: (inputs) => ({ dtype: 'float32', shape: inputs[0]!.shape }),
  gradient: 'none',
  lower: (emit, inputs, node) => {
    const [x, dy] = node.inputs.map((t) => t.shape) as [Shape, Shape]
    const geometry = node.attributes
    if (followsBatchLast(emit, inputs[0]!, geometry)) {
      return batchLast.maxPoolGradient(emit, inputs, x, { kernel: geometry.kernel, output: [dy[2]!, dy[3]!] })
    }
    const { kernel, stride, pads } = geometry
    const columnsAlone = { kernel: [1, kernel[1]], stride: [1, stride[1]], pads: [0, pads[1], 0, pads[3]] } as const
    return poolGradient(emit, inputs, x, ([images, slopes], lane, prefix) => {
      const { rows, columns } = axesOf(geometry, x, dy, lane)
      const largest = emit.node(`${prefix}MaxPool`, [images!], attributesOf(geometry))
      const largestInRow = emit.node(`${prefix}MaxPool`, [images!], attributesOf(columnsAlone))
      const rowSlopes = maximumGradient(emit, largestInRow, largest, slopes!, rows)
      return maximumGradient(emit, images!, largestInRow, rowSlopes, columns)
    })
  },
})

const averagePoolOp = defineOp<PoolGeometry>({
  name: 'averagePool2d',
  infer: ([x], geometry) => ({ dtype: 'float32', shape: [...x!.shape.slice(0, 2), ...pooledSize(geometry, x!.shape)] }),
  gradient: (dy, { inputs: [x], attributes }) => [averagePoolGradient(dy, { ...attributes, shape: x!.shape })],
  lower: (emit, inputs, node) => pool(emit, 'AveragePool', inputs[0]!, node.attributes, node.shape),
})

interface AverageGradientAttributes extends PoolGeometry {
  /** Of the images, which the windows alone do not tell. */
  readonly shape: Shape
}

const averagePoolGradientOp = defineOp<AverageGradientAttributes>({
  name: 'averagePool2dGradient',
  infer: (_, { shape }) => ({ dtype: 'float32', shape }),
  gradient: (g, { attributes: { kernel, stride, pads } }) => [averagePoolOp([g], { kernel, stride, pads })],
  lower: (emit, inputs, { inputs: [dy], attributes, shape }) => {
    const share = emit.constant('float32', [], Float32Array.of(1 / size(attributes.kernel)))
    return poolGradient(emit, inputs, shape, ([slopes], lane) => {
      const { rows, columns } = axesOf(attributes, shape, dy!.shape, lane)
      return sumGradient(emit, sumGradient(emit, emit.node('Mul', [slopes!, share]), rows), columns)
    })
  },
})

function averagePoolGradient(dy: FloatTensor, attributes: AverageGradientAttributes): FloatTensor {
  return averagePoolGradientOp([dy], attributes)
}

export interface AveragePoolOptions extends PoolOptions {
  /**
   * Whether a window's sum is divided by its size with the rim (but without what `ceil` adds beyond), as in Caffe and by default in
   * PyTorch; else by the number of the image's own pixels in it. @defaultValue true
   */
  readonly countPadding?: boolean
}

/** Mean of each window: x [N, C, H, W] -> [N, C, H', W']. The rim is 0. */
export function averagePool2d(x: FloatTensor, { countPadding = true, ...options }: AveragePoolOptions): FloatTensor {
  const geometry = poolGeometry('averagePool2d', x, options)
  const y = averagePoolOp([x], geometry)
  const [rows, columns] = ([0, 1] as const).map((axis) => {
    const rim = countPadding ? geometry.pads[axis] : 0
    const counted = { from: -rim, to: x.shape[2 + axis]! + rim }
    return Array.from({ length: y.shape[2 + axis]! }, (_, window) => {
      const start = window * geometry.stride[axis] - geometry.pads[axis]
      const end = start + geometry.kernel[axis]
      return geometry.kernel[axis] / (Math.min(end, counted.to) - Math.max(start, counted.from))
    })
  }) as [number[], number[]]
  const factors = rows.flatMap((row) => columns.map((column) => row * column))
  return factors.every((factor) => factor === 1)
    ? y
    : multiply(y, constant([1, 1, rows.length, columns.length], Float32Array.from(factors)))
}

/** Mean of each channel of each image: x [N, C, H, W] -> [N, C]. */
export function globalAveragePool(x: FloatTensor): FloatTensor {
  if (x.shape.length !== 4) throw shapeError('globalAveragePool', 'float32 x [N, C, H, W]', [x])
  return reshape(mean(x, [2, 3]), x.shape.slice(0, 2))
}
