import { type Shape, size } from '../graph/shape.ts'
import type { Tensor } from '../graph/tensor.ts'
import { constant, constantData } from '../ops/leaf.ts'
import { arithmetic } from './arithmetic.ts'
import { type Graph, rewrite } from './rewrite.ts'

/** Numbers above which a constant is left to be computed: models must not swell. */
const LARGEST = 1024

/**
 * Computes what depends on constants alone: arithmetic, and reshapes. Only what is exact in float32, so that results keep
 * every bit; broadcasts of a constant stay, since they repeat it and `simplify` lets arithmetic absorb them.
 */
export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, (node) => {
    const data = size(node.shape) <= LARGEST ? evaluate(node) : undefined
    return data && constant(node.shape, data)
  })
}

function evaluate({ op, inputs, shape }: Tensor): Float32Array | undefined {
  const operands = inputs.flatMap((input) => constantData(input) ?? [])
  if (operands.length === 0 || operands.length < inputs.length) return undefined
  if (op.name === 'reshape') return operands[0]
  const compute = arithmetic[op.name]
  if (!compute) return undefined
  const columns = operands.map((data, i) => broadcastData(data, inputs[i]!.shape, shape))
  return Float32Array.from({ length: size(shape) }, (_, i) => compute(...columns.map((column) => column[i]!)))
}

/** The numbers of a tensor of shape `from` broadcast to another shape, in row-major order. */
function broadcastData(data: Float32Array, from: Shape, to: Shape): number[] {
  const lead = to.length - from.length
  const indices = to.reduce<number[]>(
    (sofar, n, axis) => {
      const own = from[axis - lead] ?? 1
      return sofar.flatMap((index) => Array.from({ length: n }, (_, i) => (own === 1 ? index : index * own + i)))
    },
    [0],
  )
  return indices.map((index) => data[index]!)
}
