import { describe, expect, it } from 'vitest'
import { add, type FloatTensor, gradients, input, multiply, sum } from '../index.ts'
import { topologicalOrder } from './tensor.ts'

describe('topologicalOrder', () => {
  it('has inputs before users and each tensor once', () => {
    const x = input('x', 'float32', [2])
    const square = multiply(x, x)
    const result = add(square, multiply(square, x))
    const order = topologicalOrder([result, square])
    expect(new Set(order).size).toBe(order.length)
    for (const [i, node] of order.entries()) {
      for (const operand of node.inputs) expect(order.indexOf(operand)).toBeLessThan(i)
    }
    expect(order.at(-1)).toBe(result)
  })

  it('and gradients take a chain of 5,000 operations', () => {
    const x = input('x', 'float32', [2])
    let chain: FloatTensor = x
    for (let i = 0; i < 5000; i++) chain = add(chain, x)
    const loss = sum(chain)
    expect(topologicalOrder([loss])).toHaveLength(5000 + 3) // x, 5,000 sums, the sum over elements, its reshape
    const [dx] = gradients(loss, [x])
    expect(dx!.shape).toEqual([2])
    expect(topologicalOrder([dx!]).length).toBeGreaterThanOrEqual(5000)
  })
})
