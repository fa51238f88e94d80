import { type Shape, sameShape, size } from '../graph/shape.ts'
import { defineOp, type FloatTensor, shapeError } from '../graph/tensor.ts'

/** Operations that move elements and compute nothing. */

const reshapeOp = defineOp<{ readonly shape: Shape }>({
  name: 'reshape',
  infer: (inputs, { shape }) => {
    if (inputs[0]!.dtype !== 'float32' || size(inputs[0]!.shape) !== size(shape)) {
      throw shapeError('reshape', `a float32 tensor of ${size(shape)} elements for [${shape.join(', ')}]`, inputs)
    }
    return { dtype: 'float32', shape }
  },
  gradient: (dy, node) => [reshape(dy, node.inputs[0]!.shape)],
  lower: (emit, inputs, { attributes: { shape } }) => emit.node('Reshape', [inputs[0]!, emit.integers(shape)]),
})

/** The same elements in row-major order under another shape. */
export function reshape(x: FloatTensor, shape: Shape): FloatTensor {
  return sameShape(x.shape, shape) ? x : reshapeOp([x], { shape })
}

/** [N, ...] -> [N, the rest]. */
export function flatten(x: FloatTensor): FloatTensor {
  return reshape(x, [x.shape[0]!, size(x.shape.slice(1))])
}

const transposeOp = defineOp<{ readonly order: readonly number[] }>({
  name: 'transpose',
  infer: (inputs, { order }) => {
    const { dtype, shape } = inputs[0]!
    const isPermutation = order.length === shape.length && shape.every((_, axis) => order.includes(axis))
    if (dtype !== 'float32' || !isPermutation) {
      throw shapeError('transpose', `a float32 tensor whose axes ${order.join(', ')} reorders`, inputs)
    }
    return { dtype: 'float32', shape: order.map((axis) => shape[axis]!) }
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
export function transpose(x: FloatTensor, order: readonly number[]): FloatTensor {
  return transposeOp([x], { order })
}
