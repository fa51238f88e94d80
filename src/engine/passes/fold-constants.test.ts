import { describe, expect, it } from 'vitest'
import { add, constant, divide, dump, exp, input, multiply, negate, reshape, scalar, subtract } from '../index.ts'
import { constantData } from '../ops/leaf.ts'
import { foldConstants } from './fold-constants.ts'

const x = input('x', 'float32', [2, 3])

describe('foldConstants', () => {
  it('computes what depends on constants alone, and nothing else', () => {
    const factor = reshape(negate(divide(scalar(1), 64)), [1])
    expect(dump(foldConstants({ y: multiply(x, factor), untouched: exp(scalar(1)) }))).toMatchInlineSnapshot(`
      "%0 = input() {name: x} : float32[2, 3]
      %1 = constant() {data: [-0.015625]} : float32[1]
      %2 = multiply(%0, %1) : float32[2, 3]
      %3 = constant() {data: [1]} : float32[]
      %4 = exp(%3) : float32[]
      return y = %2, untouched = %4
      "
    `)
  })

  it('broadcasts as NumPy does', () => {
    const row = constant([3], Float32Array.of(1, 2, 3))
    const column = constant([2, 1], Float32Array.of(10, 20))
    const { sum, difference } = foldConstants({ sum: add(column, row), difference: subtract(row, column) })
    expect(constantData(sum!)).toEqual(Float32Array.of(11, 12, 13, 21, 22, 23))
    expect(constantData(difference!)).toEqual(Float32Array.of(-9, -8, -7, -19, -18, -17))
    expect([sum!.shape, difference!.shape]).toEqual([[2, 3], [2, 3]]) // biome-ignore format: one line
  })

  it('rounds to float32 after each operation', () => {
    // 2^24 + 1 is no float32, so the second 1 is lost as well; with float64 in between the result would be 2^24 + 2.
    const { y } = foldConstants({ y: add(add(scalar(2 ** 24), 1), 1) })
    expect(constantData(y!)).toEqual(Float32Array.of(2 ** 24))
  })

  it('leaves what is large', () => {
    const large = constant([1025], new Float32Array(1025))
    expect(foldConstants({ y: negate(large) }).y!.op.name).toBe('negate')
    expect(
      foldConstants({ y: add(constant([64, 1], new Float32Array(64)), constant([17], new Float32Array(17))) }).y!.op
        .name,
    ).toBe('add')
  })
})
