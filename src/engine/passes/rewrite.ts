import { EvenkeelError } from '../../base/errors.ts'
import { describe, sameShape } from '../graph/shape.ts'
import { type Tensor, topologicalOrder } from '../graph/tensor.ts'

/** The graph behind a program's outputs, by name. What no output needs is no part of it: dead code ends here. */
export type Graph = Readonly<Record<string, Tensor>>

/** A graph that gives the same numbers with less work. Pure: the given one is left as it is. */
export type Pass = (graph: Graph) => Graph

/** What takes a node's place, or undefined where it stays. */
export type Rule = (node: Tensor) => Tensor | undefined

/**
 * Applies a rule to every node, inputs before users, so that a rule sees inputs that are rewritten already. Nodes that
 * nothing changes keep their identity, and a graph that nothing changes comes back with the same tensors.
 */
export function rewrite(graph: Graph, rule: Rule): Graph {
  const rewritten = new Map<Tensor, Tensor>()
  for (const node of topologicalOrder(Object.values(graph))) {
    const inputs = node.inputs.map((input) => rewritten.get(input)!)
    const moved = inputs.some((input, i) => input !== node.inputs[i]) ? withInputs(node, inputs) : node
    const result = rule(moved) ?? moved
    if (result.dtype !== node.dtype || !sameShape(result.shape, node.shape)) {
      const got = `${result.op.name} ${describe(result)}`
      throw new EvenkeelError('engine.pass', `a rule replaced ${node.op.name} ${describe(node)} by ${got}`)
    }
    rewritten.set(node, result)
  }
  return Object.fromEntries(Object.entries(graph).map(([name, node]) => [name, rewritten.get(node)!]))
}

/** The same operation on other inputs. */
export function withInputs(node: Tensor, inputs: readonly Tensor[]): Tensor {
  return Object.freeze({ ...node, ...node.op.infer(inputs, node.attributes), inputs })
}
