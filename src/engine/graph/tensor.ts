import { EvenkeelError } from '../../base/errors.ts'
import type { Emitter } from './emitter.ts'
import { type DType, describe, type Shape } from './shape.ts'

/**
 * A tensor is a node of an immutable graph: an operation, its inputs, and the shape and dtype that follow. Building one
 * computes nothing; `compile` (runtime/) turns the nodes that some outputs need into one program. Nodes that no output
 * reaches cost nothing, so gradients may be built freely.
 */
export interface Tensor<D extends DType = DType> {
  readonly op: Op
  readonly inputs: readonly Tensor[]
  readonly attributes: object
  readonly dtype: D
  readonly shape: Shape
}

export type FloatTensor = Tensor<'float32'>

/**
 * What the engine knows of an operation. All three rules are required: an operation without a derivative says
 * `gradient: 'none'`, one that was forgotten does not compile.
 */
export interface OpRules<A extends object, D extends DType = 'float32'> {
  readonly name: string
  /** The result's dtype and shape, or an error by `shapeError`. */
  infer(inputs: readonly Tensor[], attributes: A): { dtype: D; shape: Shape }
  /**
   * Gradients of the loss for each input, given `dy`, its gradient for the result: undefined where an input has none
   * (integer inputs, masks).
   */
  readonly gradient: GradientRule<A> | 'none'
  /** Multiplications and additions of floats, where they are the cost of it: products of matrices and convolutions. */
  flops?(node: TypedNode<A>): number
  /** Emits ONNX nodes and returns the name of the result. */
  lower(emit: Emitter, inputs: readonly string[], node: TypedNode<A>): string
}

export type TypedNode<A> = Tensor & { readonly attributes: A }
export type GradientRule<A> = (dy: FloatTensor, node: TypedNode<A>) => readonly (FloatTensor | undefined)[]
// The attributes' type is known where an op is defined and used; a graph walk needs none of it.
// biome-ignore lint/suspicious/noExplicitAny: method parameters make OpRules invariant in A
export type Op = OpRules<any, DType>

/** Makes an operation from its rules: a function from inputs and attributes to a tensor. */
export function defineOp<A extends object, D extends DType = 'float32'>(rules: OpRules<A, D>) {
  return (inputs: readonly Tensor[], attributes: A): Tensor<D> => {
    const { dtype, shape } = rules.infer(inputs, attributes)
    return Object.freeze({ op: rules as Op, inputs, attributes, dtype, shape })
  }
}

/** Every tensor that `outputs` need, inputs before users, in an order that depends on the graph alone. */
export function topologicalOrder(outputs: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = []
  const seen = new Set<Tensor>()
  // An explicit stack: a deep network must not overflow the call stack.
  const stack: { node: Tensor; next: number }[] = []
  for (const output of outputs) {
    if (seen.has(output)) continue
    seen.add(output)
    stack.push({ node: output, next: 0 })
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!
      const input = top.node.inputs[top.next++]
      if (input === undefined) {
        order.push(top.node)
        stack.pop()
      } else if (!seen.has(input)) {
        seen.add(input)
        stack.push({ node: input, next: 0 })
      }
    }
  }
  return order
}

export function areFloats(tensors: readonly Tensor[]): boolean {
  return tensors.every(({ dtype }) => dtype === 'float32')
}

/** One sentence for every shape mistake: the op, what it expects, what it received. */
export function shapeError(op: string, expected: string, inputs: readonly Tensor[], hint?: string): EvenkeelError {
  const received = inputs.map(describe).join(', ')
  return new EvenkeelError('engine.shape', `${op} expects ${expected}, got ${received}`, hint)
}
