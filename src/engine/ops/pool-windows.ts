import type { Emitter } from '../graph/emitter.ts'
import { areFloats, shapeError, type Tensor } from '../graph/tensor.ts'
import { checkWindows, dealToFirstMaximum, type Pair } from './windows.ts'

/** Where pooling windows lie, and how what they hold is put back into images. */

export interface PoolOptions {
  /** [h, w] of a window. */
  readonly kernel: Pair
  /** Step between windows. @defaultValue the kernel: windows do not overlap */
  readonly stride?: Pair
  /** Rim on each side, [top and bottom, left and right], less than the kernel. @defaultValue [0, 0] */
  readonly pad?: Pair
  /**
   * Whether a last window may reach over the far rim, if it starts inside the image or its near rim (the rule of Caffe and of
   * PyTorch's ceil_mode); else a rest at the far edge is left out. @defaultValue false
   */
  readonly ceil?: boolean
}

/** Windows with all that the options leave open decided. */
export interface PoolGeometry {
  readonly kernel: Pair
  readonly stride: Pair
  /** Rim that windows reach: above, left, below, right. */
  readonly pads: readonly [number, number, number, number]
}

/** The windows on images x [N, C, H, W], or an error where none fits. */
export function poolGeometry(op: string, x: Tensor, options: PoolOptions): PoolGeometry {
  const { kernel, stride = kernel, pad = [0, 0], ceil = false } = options
  checkWindows(op, { kernel, stride, pad })
  const axes = ([0, 1] as const).map((axis) => {
    const [size, step, near] = [kernel[axis], stride[axis], pad[axis]]
    const length = x.shape[2 + axis] ?? 0
    const steps = (length + 2 * near - size) / step
    const count = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1
    // The last window starts at (count - 1) step - near.
    const inside = (count - 1) * step < length + near ? count : count - 1
    const far = Math.max(0, (inside - 1) * step + size - length - near)
    const least = Math.max(1, size - 2 * near - (ceil ? step - 1 : 0))
    return { near, far, least, fits: near < size && length >= least }
  })
  if (!areFloats([x]) || x.shape.length !== 4 || axes.some(({ fits }) => !fits)) {
    const least = axes.map((axis) => axis.least).join('x')
    const rim = pad.some((n) => n > 0) ? ` and a pad below the kernel of ${kernel.join('x')}` : ''
    throw shapeError(op, `float32 x [N, C, H, W] of at least ${least}${rim}`, [x])
  }
  const [rows, columns] = axes as [(typeof axes)[0], (typeof axes)[0]]
  return { kernel, stride, pads: [rows.near, columns.near, rows.far, columns.far] }
}

/** [H', W'] */
export function pooledSize({ kernel, stride, pads }: PoolGeometry, [, , ...image]: readonly number[]): Pair {
  const [rows, columns] = image.map(
    (n, axis) => Math.floor((n + pads[axis]! + pads[2 + axis]! - kernel[axis]!) / stride[axis]!) + 1,
  ) as [number, number]
  return [rows, columns]
}

/**
 * One axis of a pooling, as arrays see it whose other axes are merged: images [outer, length, inner], windows
 * [outer, count, inner]. Pooling rows and columns one after the other, every pooling is two of these.
 */
export interface PoolAxis {
  readonly outer: number
  readonly inner: number
  readonly length: number
  readonly count: number
  readonly kernel: number
  readonly stride: number
  /** Rim before the first element. */
  readonly pad: number
}

/** One place of all windows: those from `first` up to `last` have an element there, the first of them at `start`. */
interface Place {
  readonly offset: number
  readonly first: number
  readonly last: number
  readonly start: number
}

/** The places that hold an element of the image in some window. */
function placesOf({ length, count, kernel, stride, pad }: PoolAxis): Place[] {
  return Array.from({ length: kernel }, (_, i) => {
    const offset = i - pad
    const first = Math.max(0, Math.ceil(-offset / stride))
    const last = Math.min(count, Math.floor((length - 1 - offset) / stride) + 1)
    return { offset, first, last, start: first * stride + offset }
  }).filter(({ first, last }) => first < last)
}

/** Less than every number but minus infinity: what the rim holds for a maximum. */
const LOWEST = -3.4028234663852886e38

/** The gradient of a maximum along one axis: the first maximum of each window gets it all. Numbers must be finite. */
export function maximumGradient(emit: Emitter, x: string, y: string, dy: string, axis: PoolAxis): string {
  const images = emit.node('Reshape', [x, emit.integers([axis.outer, axis.length, axis.inner])])
  const windowShape = emit.integers([axis.outer, axis.count, axis.inner])
  const largest = emit.node('Reshape', [y, windowShape])
  const slopes = emit.node('Reshape', [dy, windowShape])
  const places = placesOf(axis)
  const candidates = places.map(({ first, last, start }) => {
    const held = cut(emit, images, axis.length, start, last - first, axis.stride)
    return margin(emit, held, first, axis.count - last, LOWEST)
  })
  const parts = dealToFirstMaximum(emit, candidates, largest, slopes)
  return putBack(emit, places, parts, axis)
}

/** The gradient of a sum along one axis: every place gets dy. */
export function sumGradient(emit: Emitter, dy: string, axis: PoolAxis): string {
  const windows = emit.node('Reshape', [dy, emit.integers([axis.outer, axis.count, axis.inner])])
  const places = placesOf(axis)
  return putBack(emit, places, places.map(() => windows), axis) // biome-ignore format: one line
}

/**
 * Adds up parts [outer, count, inner], one for each place of the windows, where the places lie: [outer, length, inner]. Places at a
 * distance of whole strides meet in one phase of the image; the phases then are dealt out in turn.
 */
function putBack(emit: Emitter, places: readonly Place[], parts: readonly string[], axis: PoolAxis): string {
  const { outer, inner, length, count, stride } = axis
  const cells = Math.ceil(length / stride)
  const phases: string[][] = Array.from({ length: stride }, () => [])
  for (const [i, { first, last, start }] of places.entries()) {
    const phase = start % stride
    const before = (start - phase) / stride
    const inside = cut(emit, parts[i]!, count, first, last - first, 1)
    phases[phase]!.push(margin(emit, inside, before, cells - before - (last - first), 0))
  }
  const none = () => emit.node('ConstantOfShape', [emit.integers([outer, cells, inner])])
  const sums = phases.map((terms) => (terms.length === 0 ? none() : terms.reduce((a, b) => emit.node('Add', [a, b]))))
  if (stride === 1) return sums[0]!
  const columns = sums.map((name) => emit.node('Reshape', [name, emit.integers([outer, cells, 1, inner])]))
  const dealt = emit.node('Concat', columns, { axis: 2 })
  const whole = emit.node('Reshape', [dealt, emit.integers([outer, cells * stride, inner])])
  return cut(emit, whole, cells * stride, 0, length, 1)
}

/** `count` elements along the middle axis, `step` apart, of so many. */
function cut(emit: Emitter, x: string, length: number, start: number, count: number, step: number): string {
  if (count === length) return x
  const end = start + (count - 1) * step + 1
  return emit.node('Slice', [x, ...[start, end, 1, step].map((n) => emit.integers([n]))])
}

/** Elements of one value before and behind those of the middle axis. */
function margin(emit: Emitter, x: string, before: number, after: number, value: number): string {
  if (before + after === 0) return x
  const filling = emit.constant('float32', [], Float32Array.of(value))
  return emit.node('Pad', [x, emit.integers([0, before, 0, 0, after, 0]), filling])
}
