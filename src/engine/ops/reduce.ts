import type { Emitter } from '../graph/emitter.ts'
import { type Shape, sameShape } from '../graph/shape.ts'
import { defineOp, type FloatTensor, shapeError, type TypedNode } from '../graph/tensor.ts'
import { reshape } from './shape.ts'

/** Sums and their adjoint, broadcasting: the gradient of each is the other. */

interface SumAttributes {
  /** Axes summed over, ascending; they stay with size 1. */
  readonly axes: readonly number[]
}

const sumOp = defineOp<SumAttributes>({
  name: 'sum',
  infer: (inputs, { axes }) => {
    const { dtype, shape } = inputs[0]!
    if (dtype !== 'float32' || axes.some((axis) => axis < 0 || axis >= shape.length)) {
      throw shapeError('sum', `a float32 tensor with axes ${axes.join(', ')}`, inputs)
    }
    return { dtype: 'float32', shape: shape.map((n, axis) => (axes.includes(axis) ? 1 : n)) }
  },
  gradient: (dy, node) => [broadcastTo(dy, node.inputs[0]!.shape)],
  lower: (emit, inputs, node) => {
    const { axes } = node.attributes
    const x = inputs[0]!
    if (axes.includes(0) && emit.layout(x) === 'batch-last') {
      // A sum over the batch needs no particular layout, since axes of size 1 may lie anywhere; over all of an image's places
      // it needs no order of them either.
      const { shape } = node.inputs[0]!
      const moved = emit.integers(axes.map((axis) => (axis + shape.length - 1) % shape.length))
      const parts = (axes.join() === '0,2,3' && emit.placed(x)?.parts) || [emit.batchLast(x, shape)]
      const totals = parts.map((part) => emit.node('ReduceSum', [part, moved], { keepdims: 1 }))
      const total = totals.length === 1 ? totals[0]! : emit.node('Sum', totals)
      return emit.node('Reshape', [total, emit.integers(node.shape)])
    }
    if (axes.includes(2) && axes.includes(3) && !axes.includes(1) && emit.layout(x) === 'blocked') {
      return channelSums(emit, x, node)
    }
    return emit.node('ReduceSum', [x, emit.integers(axes)], { keepdims: 1 })
  },
})

/** Over an image's places first, then over images: two sums of a kind that the runtime does fast. */
function channelSums(emit: Emitter, x: string, node: TypedNode<SumAttributes>): string {
  const [batch, channels, height, width] = node.inputs[0]!.shape as [number, number, number, number]
  const block = emit.target.blockSize
  const places = emit.integers([(batch * channels) / block, height * width, block])
  const perImage = emit.node('ReduceSum', [emit.node('Reshape', [emit.blocked(x), places]), emit.integers([1])])
  const images = emit.node('Reshape', [perImage, emit.integers([batch, channels, 1, 1])])
  const overImages = node.attributes.axes.includes(0)
  return overImages ? emit.node('ReduceSum', [images, emit.integers([0])], { keepdims: 1 }) : images
}

/** Sum over `axes`, which stay with size 1 unless `keep` is false. Without axes: over all, to a scalar. */
export function sum(x: FloatTensor, axes?: readonly number[], keep = axes !== undefined): FloatTensor {
  const over = axes ?? x.shape.map((_, axis) => axis)
  const kept = over.length === 0 ? x : sumOp([x], { axes: [...over].sort((a, b) => a - b) })
  return keep
    ? kept
    : reshape(
        kept,
        x.shape.filter((_, axis) => !over.includes(axis)),
      )
}

const broadcastOp = defineOp<{ readonly shape: Shape }>({
  name: 'broadcast',
  infer: (inputs, { shape }) => {
    const from = inputs[0]!.shape
    const lead = shape.length - from.length
    if (inputs[0]!.dtype !== 'float32' || lead < 0 || from.some((n, i) => n !== 1 && n !== shape[lead + i])) {
      throw shapeError('broadcast', `a float32 tensor that broadcasts to [${shape.join(', ')}]`, inputs)
    }
    return { dtype: 'float32', shape }
  },
  gradient: (dy, node) => [sumTo(dy, node.inputs[0]!.shape)],
  lower: (emit, inputs, { inputs: [x], attributes: { shape } }) => {
    // Only sizes that grow are named: the batch may be of any size.
    const lead = shape.length - x!.shape.length
    const grown = shape.map((n, axis) => (n === x!.shape[axis - lead] ? 1 : n))
    return emit.node('Expand', [inputs[0]!, emit.integers(grown)])
  },
})

/** Repeats sizes of 1 (and missing leading axes) up to `shape`. */
export function broadcastTo(x: FloatTensor, shape: Shape): FloatTensor {
  return sameShape(x.shape, shape) ? x : broadcastOp([x], { shape })
}

/** Sums a gradient back to the shape that was broadcast to it. */
export function sumTo(x: FloatTensor, shape: Shape): FloatTensor {
  if (sameShape(x.shape, shape)) return x
  const lead = x.shape.length - shape.length
  const axes = x.shape.flatMap((n, axis) => (axis < lead || (shape[axis - lead] === 1 && n !== 1) ? [axis] : []))
  return reshape(sum(x, axes), shape)
}
