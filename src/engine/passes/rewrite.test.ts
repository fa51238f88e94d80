import { describe, expect, it } from 'vitest'
import { add, dump, exp, input, negate, relu, sum } from '../index.ts'
import { type Rule, rewrite } from './rewrite.ts'

const x = input('x', 'float32', [2, 3])

describe('rewrite', () => {
  it('puts what a rule gives in the place of a node and rebuilds its users, on a new graph', () => {
    const graph = { y: sum(add(exp(x), negate(exp(x)))), same: relu(x) }
    const before = dump(graph)
    const result = rewrite(graph, (node) => (node.op.name === 'exp' ? relu(x) : undefined))
    expect(dump(result)).toMatchInlineSnapshot(`
      "%0 = input() {name: x} : float32[2, 3]
      %1 = relu(%0) : float32[2, 3]
      %2 = relu(%0) : float32[2, 3]
      %3 = negate(%2) : float32[2, 3]
      %4 = add(%1, %3) : float32[2, 3]
      %5 = sum(%4) {axes: [0,1]} : float32[1, 1]
      %6 = reshape(%5) : float32[]
      %7 = relu(%0) : float32[2, 3]
      return y = %6, same = %7
      "
    `)
    expect(dump(graph)).toBe(before)
    expect(result.same).toBe(graph.same)
  })

  it('shows a rule inputs that are rewritten already', () => {
    const chain = negate(negate(negate(negate(x))))
    const rule: Rule = ({ op, inputs: [operand] }) =>
      op.name === 'negate' && operand!.op.name === 'negate' ? operand!.inputs[0] : undefined
    expect(rewrite({ y: chain }, rule).y).toBe(x)
  })

  it('refuses a rule that changes a shape or a type', () => {
    expect(() => rewrite({ y: exp(x) }, (node) => (node.op.name === 'exp' ? sum(x) : undefined))).toThrow(
      expect.objectContaining({
        code: 'engine.pass',
        message: 'a rule replaced exp float32[2, 3] by reshape float32[]',
      }),
    )
  })
})
