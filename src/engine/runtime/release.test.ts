import { expect, it } from 'vitest'
import { add, compile, floats, input, release } from '../index.ts'

it('takes the memory of a result and leaves its feeds', async () => {
  const program = await compile({ y: add(input('x', 'float32', [3]), 1) })
  const x = floats([3], Float32Array.of(1, 2, 3))
  const { y } = await program.run({ x })
  expect(y!.data).toEqual(Float32Array.of(2, 3, 4))
  release([y!])
  expect(y!.data.byteLength).toBe(0)
  await expect(program.run({ x: y! })).rejects.toThrow("input 'x' is a result that was released")
  expect((await program.run({ x })).y!.data).toEqual(Float32Array.of(2, 3, 4))
  await program.dispose()
})
