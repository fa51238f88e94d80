import { describe, expect, it } from 'vitest'
import {
  add,
  broadcastTo,
  constant,
  divide,
  dump,
  exp,
  type FloatTensor,
  gradients,
  input,
  mean,
  multiply,
  negate,
  reshape,
  subtract,
  sum,
  type Tensor,
  transpose,
} from '../index.ts'
import { simplify } from './simplify.ts'

const x = input('x', 'float32', [2, 3])
const y = input('y', 'float32', [2, 3])
const row = input('row', 'float32', [3])
const column = input('column', 'float32', [3, 1])
const cube = input('cube', 'float32', [2, 3, 4])
const number = input('number', 'float32', [1])

/** A graph in one line: `add(x, sum(y))`. */
function text({ op, inputs, attributes }: Tensor): string {
  if (op.name === 'input') return (attributes as { name: string }).name
  if (op.name === 'constant') return String((attributes as { data: Float32Array }).data)
  const given = Object.values(attributes).map((value) => `[${value}]`)
  return `${op.name}(${[...inputs.map(text), ...given].join(', ')})`
}

const simplified = (tensor: FloatTensor) => text(simplify({ result: tensor }).result!)

describe('simplify', () => {
  it.each<[string, FloatTensor]>([
    ['x', multiply(x, 1)],
    ['x', multiply(1, x)],
    ['x', divide(x, 1)],
    ['x', subtract(x, 0)],
    ['x', add(x, -0)],
    ['x', add(-0, x)],
    ['broadcast(row, [2,3])', multiply(row, constant([2, 1], Float32Array.of(1, 1)))],
    ['x', negate(negate(x))],
    ['add(x, y)', subtract(x, negate(y))],
    ['subtract(x, y)', add(x, negate(y))],
    ['subtract(y, x)', add(negate(x), y)],
    ['reshape(x, [6])', reshape(reshape(x, [3, 2]), [6])],
    ['x', reshape(reshape(x, [6]), [2, 3])],
    ['x', transpose(transpose(x, [1, 0]), [1, 0])],
    ['transpose(x, [1,0])', transpose(x, [1, 0])],
    ['reshape(column, [1,3])', transpose(column, [1, 0])],
    ['transpose(cube, [2,1,0])', transpose(transpose(cube, [1, 2, 0]), [1, 0, 2])],
    ['broadcast(row, [4,2,3])', broadcastTo(broadcastTo(row, [2, 3]), [4, 2, 3])],
    ['broadcast(reshape(number, []), [3,2])', transpose(broadcastTo(number, [2, 3]), [1, 0])],
    ['broadcast(reshape(number, []), [6])', reshape(broadcastTo(number, [2, 3]), [6])],
    ['multiply(x, row)', multiply(x, broadcastTo(row, [2, 3]))],
    ['broadcast(negate(row), [2,3])', negate(broadcastTo(row, [2, 3]))],
    ['broadcast(add(number, row), [2,3])', add(broadcastTo(number, [2, 3]), broadcastTo(row, [2, 3]))],
  ])('%s', (expected, tensor) => {
    expect(simplified(tensor)).toBe(expected)
  })

  it.each<[string, FloatTensor]>([
    ['add(x, 0)', add(x, 0)], // -0 + 0 is 0
    ['subtract(x, 0)', subtract(x, -0)], // -0 - -0 is 0
    ['negate(subtract(x, y))', negate(subtract(x, y))], // x = y gives -0, y - x gives 0
    ['sum(negate(x), [0])', sum(negate(x), [0])], // a sum of 0 has another sign than -sum
    ['sum(column, [1])', sum(column, [1])], // the sum of -0 is 0
    ['multiply(multiply(x, 3), 0.5)', multiply(multiply(x, 3), 0.5)],
    ['subtract(x, x)', subtract(x, x)], // NaN for what is not finite
    ['exp(broadcast(row, [2,3]))', exp(broadcastTo(row, [2, 3]))],
  ])('leaves %s', (expected, tensor) => {
    expect(simplified(tensor)).toBe(expected)
  })

  it('draws the broadcasts of a gradient together', () => {
    const weights = input('weights', 'float32', [2])
    const loss = mean(multiply(negate(sum(multiply(x, y), [1], false)), weights))
    expect(dump(simplify({ dx: gradients(loss, [x])[0]! }))).toMatchInlineSnapshot(`
      "%0 = constant() {data: [0.5]} : float32[]
      %1 = reshape(%0) : float32[1]
      %2 = input() {name: weights} : float32[2]
      %3 = multiply(%1, %2) : float32[2]
      %4 = negate(%3) : float32[2]
      %5 = reshape(%4) : float32[2, 1]
      %6 = input() {name: y} : float32[2, 3]
      %7 = multiply(%5, %6) : float32[2, 3]
      return dx = %7
      "
    `)
  })
})
