import { describe, expect, it } from 'vitest'
import { add, constant, dump, exp, input, multiply, sum, type Tensor } from '../index.ts'
import { shareCommon } from './share-common.ts'

const x = input('x', 'float32', [2, 2])

describe('shareCommon', () => {
  it('keeps one of equal nodes, and of what is built on them', () => {
    const graph = { a: multiply(exp(x), 2), b: add(multiply(exp(x), 2), sum(x)), c: sum(input('x', 'float32', [2, 2])) }
    expect(dump(shareCommon(graph))).toMatchInlineSnapshot(`
      "%0 = input() {name: x} : float32[2, 2]
      %1 = exp(%0) : float32[2, 2]
      %2 = constant() {data: [2]} : float32[]
      %3 = multiply(%1, %2) : float32[2, 2]
      %4 = sum(%0) {axes: [0,1]} : float32[1, 1]
      %5 = reshape(%4) : float32[]
      %6 = add(%3, %5) : float32[2, 2]
      return a = %3, b = %6, c = %5
      "
    `)
  })

  it('tells apart what differs in an attribute, in the order of inputs or in one number', () => {
    const y = exp(x)
    const graph: Record<string, Tensor> = {
      a: sum(x, [0]),
      b: sum(x, [1]),
      c: add(x, y),
      d: add(y, x),
      e: add(x, 0),
      f: add(x, -0),
      g: input('y', 'float32', [2, 2]),
      h: input('y', 'uint8', [2, 2]),
    }
    const shared = shareCommon(graph)
    for (const [name, tensor] of Object.entries(graph)) expect(shared[name], name).toBe(tensor)
  })

  it('compares constants by their numbers, wherever these lie in memory', () => {
    const numbers = Float32Array.of(9, 1, 2, 1, 2)
    const { a, b, c } = shareCommon({
      a: constant([2], numbers.subarray(1, 3)),
      b: constant([2], numbers.subarray(3)),
      c: constant([2, 1], numbers.subarray(3)),
    })
    expect(b).toBe(a)
    expect(c).not.toBe(a)
  })
})
