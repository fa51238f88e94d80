import { type Shape, size } from '../graph/shape.ts'
import type { FloatTensor, Tensor } from '../graph/tensor.ts'
import { add, subtract } from '../ops/elementwise.ts'
import { constantData } from '../ops/leaf.ts'
import { broadcastTo } from '../ops/reduce.ts'
import { reshape, transpose } from '../ops/shape.ts'
import { arithmetic } from './arithmetic.ts'
import { type Graph, type Rule, rewrite, withInputs } from './rewrite.ts'

/**
 * Identities that leave every finite float32 result as it is, bit for bit: neutral elements, signs that cancel, moves of
 * moves, arithmetic on repeated numbers. Gradients are full of them. What holds for real numbers only (x + 0 where x is -0,
 * factors drawn together, sums of sums) is left alone.
 *
 * Each rule leaves fewer or cheaper operations, or a broadcast nearer to the output, so that rules come to an end.
 */
export function simplify(graph: Graph): Graph {
  return rewrite(graph, (node) => rules[node.op.name]?.(node) ?? broadcastResult(node))
}

const rules: Readonly<Record<string, Rule>> = {
  add(node) {
    const [a, b] = node.inputs as [FloatTensor, FloatTensor]
    if (isUniform(b, -0)) return broadcastTo(a, node.shape)
    if (isUniform(a, -0)) return broadcastTo(b, node.shape)
    const [negatedA, negatedB] = [operandOf('negate', a), operandOf('negate', b)]
    return negatedB ? subtract(a, negatedB) : negatedA && subtract(b, negatedA)
  },
  subtract(node) {
    const [a, b] = node.inputs as [FloatTensor, FloatTensor]
    if (isUniform(b, 0)) return broadcastTo(a, node.shape)
    const negated = operandOf('negate', b)
    return negated && add(a, negated)
  },
  multiply(node) {
    const [a, b] = node.inputs as [FloatTensor, FloatTensor]
    if (isUniform(b, 1)) return broadcastTo(a, node.shape)
    return isUniform(a, 1) ? broadcastTo(b, node.shape) : undefined
  },
  divide(node) {
    const [a, b] = node.inputs as [FloatTensor, FloatTensor]
    return isUniform(b, 1) ? broadcastTo(a, node.shape) : undefined
  },
  negate: (node) => operandOf('negate', node.inputs[0]!),
  reshape(node) {
    const x = node.inputs[0]!
    const reshaped = operandOf('reshape', x)
    return reshaped ? reshape(reshaped, node.shape) : repeatedNumber(x, node.shape)
  },
  transpose(node) {
    const x = node.inputs[0] as FloatTensor
    const transposed = operandOf('transpose', x)
    const source = transposed ?? x
    const order = transposed ? orderOf(node).map((axis) => orderOf(x)[axis]!) : orderOf(node)
    // Where only axes of size 1 change places, no element does.
    const long = order.filter((axis) => source.shape[axis] !== 1)
    if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return reshape(source, node.shape)
    return transposed ? transpose(transposed, order) : repeatedNumber(x, node.shape)
  },
  broadcast(node) {
    const repeated = operandOf('broadcast', node.inputs[0]!)
    return repeated && broadcastTo(repeated, node.shape)
  },
}

function orderOf(transposed: Tensor): readonly number[] {
  return (transposed.attributes as { order: readonly number[] }).order
}

/** Arithmetic is done before its operands are repeated, and broadcasts by itself where the other operand is large. */
function broadcastResult(node: Tensor): Tensor | undefined {
  if (!(node.op.name in arithmetic)) return undefined
  const operands = node.inputs.map((input) => operandOf('broadcast', input) ?? input)
  const changed = operands.some((operand, i) => operand !== node.inputs[i])
  return changed ? broadcastTo(withInputs(node, operands) as FloatTensor, node.shape) : undefined
}

/** One number that was repeated to another shape is repeated to this one. */
function repeatedNumber(x: Tensor, shape: Shape): Tensor | undefined {
  const number = operandOf('broadcast', x)
  return number && size(number.shape) === 1 ? broadcastTo(reshape(number, []), shape) : undefined
}

/** The operand of a tensor that this unary operation made. */
function operandOf(name: string, tensor: Tensor): FloatTensor | undefined {
  return tensor.op.name === name ? (tensor.inputs[0] as FloatTensor) : undefined
}

/** Whether a constant is this number everywhere; 0 and -0 differ. */
function isUniform(tensor: Tensor, number: number): boolean {
  return constantData(tensor)?.every((value) => Object.is(value, number)) ?? false
}
