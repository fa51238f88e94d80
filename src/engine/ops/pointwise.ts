import type { Emitter, Layout } from '../graph/emitter.ts'
import { type Shape, sameShape, size } from '../graph/shape.ts'
import type { TypedNode } from '../graph/tensor.ts'
import { lowerReshape } from './shape.ts'

/**
 * Emits an operation on each element in the layout that its operands lie in already, so that values stay in it from one
 * convolution to the next.
 */
export function pointwise(
  emit: Emitter,
  inputs: readonly string[],
  node: TypedNode<object>,
  compute: (operands: readonly string[]) => string,
): string {
  const layout = layoutFor(emit, inputs, node)
  if (layout === 'plain') return isColumnWithNumber(node) ? flat(emit, inputs, node, compute) : compute(inputs)
  const isWhole = ({ shape }: { shape: Shape }) => sameShape(shape, node.shape)
  const inLayout = () =>
    compute(
      inputs.map((name, i) => {
        if (!isWhole(node.inputs[i]!)) return name
        return layout === 'blocked' ? emit.blocked(name) : emit.batchLast(name, node.shape)
      }),
    )
  return emit.defer(node.shape, layout === 'blocked' ? { blocked: inLayout } : { batchLast: inLayout })
}

/** The layout of the first operand that is not plain, if all others are either as large as the result or single numbers. */
function layoutFor(emit: Emitter, inputs: readonly string[], node: TypedNode<object>): Layout {
  const fits = node.inputs.every(({ shape }) => sameShape(shape, node.shape) || size(shape) === 1)
  const layouts = inputs.map((name) => emit.layout(name))
  return (fits && layouts.find((layout) => layout !== 'plain')) || 'plain'
}

/** A tensor that ends in axes of size 1 with a single number: the runtime takes those one element at a time, 20 times as long. */
function isColumnWithNumber({ shape, inputs }: TypedNode<object>): boolean {
  return shape.at(-1) === 1 && size(shape) > 1 && inputs.some((operand) => size(operand.shape) === 1)
}

/** The same on vectors. */
function flat(
  emit: Emitter,
  inputs: readonly string[],
  { shape, inputs: operands }: TypedNode<object>,
  compute: (operands: readonly string[]) => string,
): string {
  const vectors = inputs.map((name, i) =>
    sameShape(operands[i]!.shape, shape) ? lowerReshape(emit, name, [size(shape)]) : name,
  )
  return lowerReshape(emit, compute(vectors), shape)
}
