import { describe, expect, it } from 'vitest'
import { add, compile, floats, input, multiply, toFloat, type Value, value } from '../index.ts'

const x = input('x', 'float32', [2])

describe('compile', () => {
  it('gives an output the name of an input, so that a step feeds itself', async () => {
    const program = await compile({ x: add(x, 1) })
    let state: Record<string, Value> = { x: floats([2], Float32Array.of(0, 10)) }
    for (let i = 0; i < 5; i++) state = await program.run(state)
    expect(Array.from(state.x!.data, Number)).toEqual([5, 15])
    await program.dispose()
  })

  it('returns an input and a constant as they are', async () => {
    const program = await compile({ same: x, sum: add(x, x) })
    const fed = floats([2], Float32Array.of(1, 2))
    const { same, sum } = await program.run({ x: fed })
    expect([same!.data, sum!.data]).toEqual([Float32Array.of(1, 2), Float32Array.of(2, 4)])
    await program.dispose()
  })

  it('refuses two inputs of one name', async () => {
    const other = input('x', 'float32', [2])
    await expect(compile({ y: multiply(x, other) })).rejects.toThrow(
      expect.objectContaining({ code: 'engine.input', message: "two inputs are named 'x'" }),
    )
  })

  it.each<[string, Record<string, Value>, string]>([
    ['missing', {}, "input 'x' needs float32[2], got nothing"],
    ['of another dtype', { x: value('uint8', [2], new Uint8Array(2)) }, "input 'x' needs float32[2], got uint8[2]"],
    ['of another shape', { x: floats([3], new Float32Array(3)) }, "input 'x' needs float32[2], got float32[3]"],
    ['of another rank', { x: floats([1, 2], new Float32Array(2)) }, "input 'x' needs float32[2], got float32[1, 2]"],
  ])('refuses a feed that is %s', async (_, feeds, sentence) => {
    const program = await compile({ y: add(x, 1) })
    await expect(program.run(feeds)).rejects.toThrow(
      expect.objectContaining({ code: 'engine.feed', message: sentence }),
    )
    await program.dispose()
  })

  it('takes bytes and makes them floats in the graph', async () => {
    const program = await compile({ y: multiply(toFloat(input('pixels', 'uint8', [3])), 0.5) })
    const { y } = await program.run({ pixels: value('uint8', [3], Uint8Array.of(0, 1, 255)) })
    expect(y!.data).toEqual(Float32Array.of(0, 0.5, 127.5))
    await program.dispose()
  })
})

describe('value', () => {
  it.each<[string, () => Value, string]>([
    [
      'too few numbers',
      () => value('float32', [2, 2], new Float32Array(3)),
      'float32[2, 2] needs 4 numbers in a Float32Array, got 3 in a Float32Array',
    ],
    [
      'an array of another type',
      () => value('int64', [2], new Float32Array(2)),
      'int64[2] needs 2 numbers in a BigInt64Array, got 2 in a Float32Array',
    ],
    [
      'a number for a list',
      () => floats([2], 1),
      'float32[2] needs 2 numbers in a Float32Array, got 1 in a Float32Array',
    ],
  ])('refuses %s', (_, attempt, sentence) => {
    expect(attempt).toThrow(expect.objectContaining({ code: 'engine.value', message: sentence }))
  })
})
