import { expect, it } from 'vitest'
import { dense, floats, input, profile } from '../index.ts'

const x = input('x', 'float32', [4, 3])
const weights = input('weights', 'float32', [5, 3])
const bias = input('bias', 'float32', [5])
const outputs = { y: dense(x, weights, bias) }
const ones = (...shape: number[]) => floats(shape, new Float32Array(shape.reduce((a, b) => a * b)).fill(1))
const feeds = { x: ones(4, 3), weights: ones(5, 3), bias: ones(5) }

it('tells what each operation costs', async () => {
  const { operations, milliseconds, runs } = await profile(outputs, feeds, { runs: 3 })
  expect(runs).toBe(3)
  expect(milliseconds).toBeGreaterThan(0)
  // A multiplication and an addition for each of 4 x 5 sums of 3 products.
  expect(operations.find(({ operation }) => operation === 'dense')).toMatchObject({
    operands: 'x, weights, bias',
    shape: [4, 5],
    form: undefined,
    flops: 120,
  })
})

it.each([
  [1, 1],
  [2, 2],
  [50, 2],
])('of %i runs %i count where there is no time', async (runs, counted) => {
  expect((await profile(outputs, feeds, { runs, seconds: 0 })).runs).toBe(counted)
})
