import { describe, expect, it } from 'vitest'
import { compile, floats, input, type Shape } from '../../engine/index.ts'
import { evaluationContext, trainingContext } from '../forward.ts'
import { isFixed, isTrained, type Named } from '../parameter.ts'
import type { LayerFactory } from './layer.ts'
import { globalContrast, whiten, whiteningParameters } from './whitening.ts'

/** What a layer makes of images x [N, ...shape], in training as in evaluation. */
async function run(factory: LayerFactory, shape: Shape, x: readonly number[], tensors: Named<readonly number[]> = {}) {
  const layer = factory(shape)
  const parameters = Object.fromEntries(
    layer.parameters.map(({ name, shape }) => [name, input(name, 'float32', shape)]),
  )
  const images = [x.length / shape.reduce((total, n) => total * n), ...shape]
  const graph = (context: typeof trainingContext) => layer.forward(input('x', 'float32', images), context(parameters))
  const program = await compile({ y: graph(trainingContext) })
  expect(graph(evaluationContext as typeof trainingContext).shape).toEqual(images)
  const numbers = layer.parameters.map(({ name, shape }) => [name, floats(shape, Float32Array.from(tensors[name]!))])
  const { y } = await program.run({ x: floats(images, Float32Array.from(x)), ...Object.fromEntries(numbers) })
  await program.dispose()
  expect(y!.shape).toEqual(images)
  return Array.from(y!.data, Number)
}

const near = (numbers: readonly number[], expected: readonly number[]) => {
  expect(numbers).toHaveLength(expected.length)
  for (const [i, x] of expected.entries()) expect(numbers[i]).toBeCloseTo(x, 5)
}

describe('globalContrast', () => {
  it('takes the mean over all channels, and scales to the norm', async () => {
    // Two images of two channels of 1x2: their means are 3 and 5, their squares sum to 14 and 20.
    const [a, b] = [55 / Math.sqrt(14), 55 / Math.sqrt(20)]
    const expected = [-2 * a, -a, 0, 3 * a, -3 * b, b, 3 * b, -b]
    near(await run(globalContrast(55), [2, 1, 2], [1, 2, 3, 6, 2, 6, 8, 4]), expected)
  })

  it('does not see what all pixels are multiplied by, or what is added to all', async () => {
    const x = [1, 2, 3, 6, 0, 0, 1, 1]
    const moved = x.map((pixel) => 17 * pixel + 40)
    near(await run(globalContrast(2), [1, 2, 2], moved), await run(globalContrast(2), [1, 2, 2], x))
  })

  it.each([0, 7, 255])('makes 0 of an image that is %i everywhere', async (pixel) => {
    expect(await run(globalContrast(55), [3, 2, 3], new Array(18).fill(pixel))).toEqual(new Array(18).fill(0))
  })
})

describe('whiten', () => {
  it('multiplies what is left of an image, as a row, by the matrix', async () => {
    const tensors = { [whiteningParameters.mean]: [1, 2, 3], [whiteningParameters.matrix]: [1, 2, 3, 4, 5, 6, 7, 8, 9] }
    const y = await run(whiten, [3, 1, 1], [2, 2, 3, 1, 3, 3, 1, 2, 5, 2, 3, 4], tensors)
    expect(y).toEqual([1, 2, 3, 4, 5, 6, 14, 16, 18, 12, 15, 18])
  })

  it('has parameters that nothing changes', () => {
    const { parameters } = whiten([3, 4, 5])
    expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['whitening.mean', [60]],
      ['whitening.matrix', [60, 60]],
    ])
    expect(parameters.map((parameter) => [isFixed(parameter), isTrained(parameter)])).toEqual([
      [true, false],
      [true, false],
    ])
  })

  it('refuses images that are too large', () => {
    expect(whiten([2, 64, 64]).output).toEqual([2, 64, 64])
    expect(() => whiten([3, 224, 224])).toThrow(
      expect.objectContaining({
        code: 'nn.network',
        message: 'images of 3x224x224 cannot be whitened: the matrix would take 84.4 GiB',
        hint: 'whitening is for images of at most 8192 numbers, channels included',
      }),
    )
  })
})
