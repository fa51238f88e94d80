import type { Emitter } from '../graph/emitter.ts'
import { type DType, type Shape, sameShape, size } from '../graph/shape.ts'
import { areFloats, defineOp, type FloatTensor, shapeError, type Tensor } from '../graph/tensor.ts'

/** Operations that move elements, or put zeros beside them, and compute nothing. */

const reshapeOp = defineOp<{ readonly shape: Shape }, DType>({
  name: 'reshape',
  infer: (inputs, { shape }) => {
    const { dtype, shape: from } = inputs[0]!
    if (size(from) !== size(shape)) {
      throw shapeError('reshape', `a tensor of ${size(shape)} elements for [${shape.join(', ')}]`, inputs)
    }
    return { dtype, shape }
  },
  gradient: (dy, node) => [reshape(dy, node.inputs[0]!.shape)],
  lower: (emit, inputs, { attributes: { shape } }) => lowerReshape(emit, inputs[0]!, shape),
})

/** Emits a reshape that leaves the first size to the runtime, so that it serves batches of any size. */
export function lowerReshape(emit: Emitter, x: string, shape: Shape): string {
  return emit.node('Reshape', [x, emit.integers(shape.map((n, axis) => (axis === 0 ? -1 : n)))])
}

/** The same elements in row-major order under another shape. */
export function reshape<D extends DType>(x: Tensor<D>, shape: Shape): Tensor<D> {
  return sameShape(x.shape, shape) ? x : (reshapeOp([x], { shape }) as Tensor<D>)
}

/** [N, ...] -> [N, the rest]. */
export function flatten(x: FloatTensor): FloatTensor {
  return reshape(x, [x.shape[0]!, size(x.shape.slice(1))])
}

const transposeOp = defineOp<{ readonly order: readonly number[] }, DType>({
  name: 'transpose',
  infer: (inputs, { order }) => {
    const { dtype, shape } = inputs[0]!
    const isPermutation = order.length === shape.length && shape.every((_, axis) => order.includes(axis))
    if (!isPermutation) {
      throw shapeError('transpose', `a tensor whose axes ${order.join(', ')} reorders`, inputs)
    }
    return { dtype, shape: order.map((axis) => shape[axis]!) }
  },
  gradient: (dy, { attributes: { order } }) => [
    transpose(
      dy,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  lower: (emit, inputs, { attributes: { order } }) => emit.node('Transpose', inputs, { perm: order }),
})

/** Axis i of the result is axis order[i] of x. */
export function transpose<D extends DType>(x: Tensor<D>, order: readonly number[]): Tensor<D> {
  return transposeOp([x], { order }) as Tensor<D>
}

const concatOp = defineOp<{ readonly axis: number }>({
  name: 'concat',
  infer: (inputs, { axis }) => {
    const { shape } = inputs[0]!
    const fits = areFloats(inputs) && axis in shape && inputs.every((t) => sameButFor(axis, t.shape, shape))
    if (!fits) throw shapeError('concat', `float32 tensors that differ in axis ${axis} alone`, inputs)
    const total = inputs.reduce((sum, t) => sum + t.shape[axis]!, 0)
    return { dtype: 'float32', shape: shape.with(axis, total) }
  },
  gradient: (dy, { inputs, attributes: { axis } }) => {
    let end = 0
    return inputs.map(({ shape }) => {
      const start = end
      end += shape[axis]!
      return slice(dy, zeros(shape).with(axis, start), dy.shape.with(axis, end))
    })
  },
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('Concat', inputs, { axis }),
})

function sameButFor(axis: number, a: Shape, b: Shape): boolean {
  return a.length === b.length && sameShape(a.with(axis, 0), b.with(axis, 0))
}

const zeros = (shape: Shape): Shape => shape.map(() => 0)

/** Tensors end to end along `axis`; their other sizes are equal. */
export function concat(tensors: readonly FloatTensor[], axis: number): FloatTensor {
  return tensors.length === 1 ? tensors[0]! : concatOp(tensors, { axis })
}

interface SliceAttributes {
  /** For each axis the first index, the one behind the last, and the distance from one to the next. */
  readonly starts: Shape
  readonly ends: Shape
  readonly steps: Shape
}

const sliceOp = defineOp<SliceAttributes>({
  name: 'slice',
  infer: (inputs, { starts, ends, steps }) => {
    const { dtype, shape } = inputs[0]!
    const fits = (n: number, axis: number) => {
      const [start, end, step] = [starts[axis]!, ends[axis]!, steps[axis]!]
      return 0 <= start && start < end && end <= n && step >= 1
    }
    if (dtype !== 'float32' || starts.length > shape.length || !shape.every(fits)) {
      const range = `[${starts.join(', ')}] to [${ends.join(', ')}] in steps of [${steps.join(', ')}]`
      throw shapeError('slice', `a float32 tensor that holds ${range}`, inputs)
    }
    return { dtype: 'float32', shape: starts.map((start, axis) => Math.ceil((ends[axis]! - start) / steps[axis]!)) }
  },
  gradient: (dy, { inputs: [x], attributes: { starts, steps } }) => {
    const spread = steps.reduce(spreadOut, dy)
    return [
      pad(
        spread,
        starts,
        x!.shape.map((n, axis) => n - starts[axis]! - spread.shape[axis]!),
      ),
    ]
  },
  lower: (emit, inputs, { inputs: [x], attributes: { starts, ends, steps } }) => {
    // Axes that stay whole are left out: the batch may be of any size.
    const cut = x!.shape.flatMap((n, axis) =>
      starts[axis] === 0 && ends[axis] === n && steps[axis] === 1 ? [] : [axis],
    )
    const along = (values: Shape) => emit.integers(cut.map((axis) => values[axis]!))
    return emit.node('Slice', [inputs[0]!, along(starts), along(ends), emit.integers(cut), along(steps)])
  },
})

/** Elements along an axis at a distance of `step`, zeros between: n -> (n - 1) step + 1. */
function spreadOut(x: FloatTensor, step: number, axis: number): FloatTensor {
  if (step === 1) return x
  const n = x.shape[axis]!
  const alone = reshape(x, x.shape.toSpliced(axis + 1, 0, 1))
  const padded = pad(alone, zeros(alone.shape), zeros(alone.shape).with(axis + 1, step - 1))
  const joined = reshape(padded, x.shape.with(axis, n * step))
  return slice(joined, zeros(x.shape), joined.shape.with(axis, (n - 1) * step + 1))
}

/**
 * The elements from `starts` up to `ends`, which are left out, every `steps`-th of them; axes without an entry stay whole.
 *
 * @param starts for each of the first axes, from 0
 * @param steps at least 1, the default
 */
export function slice(x: FloatTensor, starts: Shape, ends: Shape, steps: Shape = []): FloatTensor {
  const { shape } = x
  const filled = {
    starts: [...starts, ...zeros(shape).slice(starts.length)],
    ends: [...ends, ...shape.slice(ends.length)],
    steps: [...steps, ...shape.slice(steps.length).map(() => 1)],
  }
  const isWhole = shape.every((n, i) => filled.starts[i] === 0 && filled.ends[i] === n && filled.steps[i] === 1)
  return isWhole && starts.length <= shape.length ? x : sliceOp([x], filled)
}

interface PadAttributes {
  /** Zeros before the first and behind the last element of each axis. */
  readonly before: Shape
  readonly after: Shape
}

const padOp = defineOp<PadAttributes>({
  name: 'pad',
  infer: (inputs, { before, after }) => {
    const { dtype, shape } = inputs[0]!
    const widths = [...before, ...after]
    const fits = before.length === shape.length && after.length === shape.length && widths.every((n) => n >= 0)
    if (dtype !== 'float32' || !fits) {
      throw shapeError('pad', `a float32 tensor for margins [${before.join(', ')}] and [${after.join(', ')}]`, inputs)
    }
    return { dtype: 'float32', shape: shape.map((n, axis) => before[axis]! + n + after[axis]!) }
  },
  gradient: (dy, { inputs: [x], attributes: { before } }) => [
    slice(
      dy,
      before,
      x!.shape.map((n, axis) => before[axis]! + n),
    ),
  ],
  lower: (emit, inputs, { attributes: { before, after } }) =>
    emit.node('Pad', [inputs[0]!, emit.integers([...before, ...after])]),
})

/** Zeros around x: so many before and after its elements along each axis. */
export function pad(x: FloatTensor, before: Shape, after: Shape): FloatTensor {
  return [...before, ...after].every((n) => n === 0) && before.length === x.shape.length
    ? x
    : padOp([x], { before, after })
}
