import { EvenkeelError } from '../base/errors.ts'
import { describe, sameShape } from './graph/shape.ts'
import { type FloatTensor, type Tensor, topologicalOrder } from './graph/tensor.ts'
import { add } from './ops/elementwise.ts'
import { constant } from './ops/leaf.ts'

/**
 * Gradients of a scalar for some tensors, by one reverse pass (reverse-mode automatic differentiation). The results are
 * graphs like any other; what does not depend on `wrt` is never visited.
 */
export function gradients(loss: FloatTensor, wrt: readonly FloatTensor[]): FloatTensor[] {
  if (loss.shape.length !== 0) {
    throw new EvenkeelError('engine.gradient', `gradients need a scalar loss, got ${describe(loss)}`, 'take its mean')
  }
  const order = topologicalOrder([loss])
  const relevant = new Set<Tensor>(wrt)
  for (const node of order) if (node.inputs.some((t) => relevant.has(t))) relevant.add(node)

  const received = new Map<Tensor, FloatTensor>([[loss, constant([], Float32Array.of(1))]])
  for (const node of order.reverse()) {
    const dy = received.get(node)
    if (!dy || !relevant.has(node) || !node.inputs.some((t) => relevant.has(t))) continue
    if (node.op.gradient === 'none') {
      throw new EvenkeelError('engine.gradient', `${node.op.name} has no derivative, and the loss depends on one`)
    }
    node.op.gradient(dy, node).forEach((gradient, i) => {
      const input = node.inputs[i]!
      if (!gradient || !relevant.has(input)) return
      if (!sameShape(gradient.shape, input.shape)) {
        const got = `${describe(gradient)} for an input ${describe(input)}`
        throw new EvenkeelError('engine.gradient', `the gradient rule of ${node.op.name} returned ${got}`)
      }
      const sofar = received.get(input)
      received.set(input, sofar ? add(sofar, gradient) : gradient)
    })
  }
  return wrt.map((tensor) => {
    const gradient = received.get(tensor)
    if (gradient) return gradient
    throw new EvenkeelError('engine.gradient', `the loss does not depend on ${tensor.op.name} ${describe(tensor)}`)
  })
}
