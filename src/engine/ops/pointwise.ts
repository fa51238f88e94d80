import type { Emitter, Layout } from '../graph/emitter.ts'
import { type Shape, sameShape, size } from '../graph/shape.ts'
import type { TypedNode } from '../graph/tensor.ts'

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
  if (layout === 'plain') return compute(inputs)
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
