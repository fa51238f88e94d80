import { describe, expect, it } from 'vitest'
import { compile, floats, input, type Shape, size, type Value, value } from '../../engine/index.ts'
import { evaluationContext, trainingContext } from '../forward.ts'
import { initialise } from '../initialisers.ts'
import { isTrained, type Named } from '../parameter.ts'
import {
  batchNorm,
  conv2d,
  cosineDense,
  dense,
  dropout,
  type LayerFactory,
  maxPool,
  residual,
  sequential,
  shrink,
} from './index.ts'

/** Runs a layer on x [N, ...shape] and returns the result, and in training the new running averages. */
async function run(
  factory: LayerFactory,
  shape: Shape,
  x: readonly number[],
  { mode = 'evaluate', tensors = {}, masks = {} }: RunOptions = {},
): Promise<{ y: number[]; averages: Named<Float32Array> }> {
  const layer = factory(shape)
  const parameters = Object.fromEntries(
    layer.parameters.map(({ name, shape }) => [name, input(name, 'float32', shape)]),
  )
  const context = mode === 'train' ? trainingContext(parameters) : { ...evaluationContext(parameters), updates: {} }
  const images = [x.length / size(shape), ...shape]
  const y = layer.forward(input('x', 'float32', images), context)
  expect(y.shape.slice(1)).toEqual(layer.output)
  const program = await compile({ y, ...context.updates })
  const start = initialise(layer.parameters, { kind: 'he' }, ['layers'])
  const numbers = layer.parameters.map(({ name, shape }) => [name, floats(shape, tensors[name] ?? start[name]!)])
  const { y: result, ...averages } = await program.run({
    x: floats(images, Float32Array.from(x)),
    ...Object.fromEntries(numbers),
    ...masks,
  })
  await program.dispose()
  return {
    y: Array.from(result!.data, Number),
    averages: Object.fromEntries(Object.entries(averages).map(([name, { data }]) => [name, data as Float32Array])),
  }
}

interface RunOptions {
  readonly mode?: 'train' | 'evaluate'
  readonly tensors?: Named<Float32Array>
  readonly masks?: Named<Value>
}

const near = (numbers: ArrayLike<number>, expected: readonly number[]) => {
  expect(numbers).toHaveLength(expected.length)
  for (const [i, x] of expected.entries()) expect(numbers[i]).toBeCloseTo(x, 5)
}

describe('batchNorm', () => {
  // Two images of two channels of 1x2: channel 0 holds 1 2 3 6 (mean 3, sum of squares 14), channel 1 holds 4 4 4 8 (5, 12).
  const x = [1, 2, 4, 4, 3, 6, 4, 8]
  const shape = [2, 1, 2]

  it('normalises by the batch in training', async () => {
    const { y } = await run(batchNorm('norm', { epsilon: 0.5 }), shape, x, {
      mode: 'train',
      tensors: { 'norm.scale': Float32Array.of(2, 1), 'norm.shift': Float32Array.of(0, 10) },
    })
    const [a, b] = [2 / Math.sqrt(3.5 + 0.5), 1 / Math.sqrt(3 + 0.5)]
    near(y, [-2 * a, -a, 10 - b, 10 - b, 0, 3 * a, 10 - b, 10 + 3 * b])
  })

  it("moves its averages by PyTorch's rule", async () => {
    const { averages } = await run(batchNorm('norm', { momentum: 0.2 }), shape, x, { mode: 'train' })
    near(averages['norm.mean']!, [0.2 * 3, 0.2 * 5])
    near(averages['norm.variance']!, [0.8 + (0.2 * 14) / 3, 0.8 + (0.2 * 12) / 3])
  })

  it("moves its averages by Caffe's rule, which forgets the start", async () => {
    const factory = batchNorm('norm', { convention: 'caffe', momentum: 0.2 })
    const first = await run(factory, shape, x, { mode: 'train' })
    near(first.averages['norm.mean']!, [3, 5])
    near(first.averages['norm.variance']!, [14 / 3, 12 / 3])
    near(first.averages['norm.weight']!, [1])
    const doubled = x.map((number) => 2 * number)
    const second = await run(factory, shape, doubled, { mode: 'train', tensors: first.averages })
    near(second.averages['norm.mean']!, [(0.8 * 3 + 6) / 1.8, (0.8 * 5 + 10) / 1.8])
    near(second.averages['norm.variance']!, [((0.8 + 4) * 14) / 3 / 1.8, ((0.8 + 4) * 12) / 3 / 1.8])
    near(second.averages['norm.weight']!, [1.8])
  })

  it('normalises by its averages in evaluation, which its start leaves as they are', async () => {
    const { y, averages } = await run(batchNorm('norm', { epsilon: 0 }), shape, x)
    near(y, x)
    expect(averages).toEqual({})
    const tensors = { 'norm.mean': Float32Array.of(1, 4), 'norm.variance': Float32Array.of(4, 16) }
    near((await run(batchNorm('norm', { epsilon: 0 }), shape, x, { tensors })).y, [0, 0.5, 0, 0, 1, 2.5, 0, 1])
  })

  it('has two parameters that gradients change, the multipliers of which may be chosen', () => {
    const { parameters } = batchNorm('norm', { convention: 'caffe', shiftLearningRate: 2, weightDecay: 0 })([3, 4, 4])
    const trained = parameters.filter(isTrained)
    expect(trained.map((p) => [p.name, p.shape, p.learningRateMultiplier, p.weightDecayMultiplier])).toEqual([
      ['norm.scale', [3], 1, 0],
      ['norm.shift', [3], 2, 0],
    ])
    expect(parameters.filter((p) => !isTrained(p)).map(({ name }) => name)).toEqual([
      'norm.mean',
      'norm.variance',
      'norm.weight',
    ])
  })
})

describe('dropout', () => {
  const drop = dropout('drop', 0.75)

  it('is the identity in evaluation, and needs no mask at rate 0', async () => {
    expect((await run(drop, [3], [1, 2, 3])).y).toEqual([1, 2, 3])
    expect((await run(dropout('none', 0), [3], [1, 2, 3], { mode: 'train' })).y).toEqual([1, 2, 3])
  })

  it('keeps what its mask keeps, scaled, and declares the mask', async () => {
    const masks = { 'mask/drop': value('uint8', [2, 3], Uint8Array.of(1, 0, 0, 0, 1, 1)) }
    const { y } = await run(drop, [3], [1, 2, 3, 4, 5, 6], { mode: 'train', masks })
    expect(y).toEqual([4, 0, 0, 0, 20, 24])
    const context = trainingContext({})
    drop([3]).forward(input('x', 'float32', [2, 3]), context)
    expect(context.masks).toEqual([{ name: 'mask/drop', shape: [2, 3], keep: 0.25 }])
  })

  it.each([1, -0.1, Number.NaN])('refuses rate %d by its name', (rate) => {
    expect(() => dropout('drop', rate)).toThrow(`the rate of dropout drop must be in [0, 1), got ${rate}`)
  })

  it('does not share its mask with another of its name', () => {
    const twice = sequential(drop, drop)([3])
    expect(() => twice.forward(input('x', 'float32', [2, 3]), trainingContext({}))).toThrow(
      'two layers named drop want a mask',
    )
  })
})

describe('cosineDense', () => {
  it('is the scaled cosine, whatever the norms', async () => {
    const tensors = { 'cosine.weights': Float32Array.of(3, 0, 0, 0.1, 5, 5) }
    const { y } = await run(cosineDense('cosine', 3, { scale: 10 }), [2], [7, 0, 3, 4], { tensors })
    near(y, [10, 0, 10 / Math.SQRT2, 6, 8, 14 / Math.SQRT2])
  })
})

describe('shrink', () => {
  it('takes every other row and column, and fills channels with zeros', async () => {
    const image = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    expect((await run(shrink(3, 2), [1, 3, 3], image)).y).toEqual([1, 3, 7, 9, 0, 0, 0, 0, 0, 0, 0, 0])
  })
})

describe('residual', () => {
  const conv = (filters: number, stride: number) => conv2d('conv', { filters, kernel: 3, stride, pad: 1, bias: false })

  it('adds a branch to its input', async () => {
    const tensors = { 'conv.weights': new Float32Array(9).fill(1) }
    expect((await run(residual(conv(1, 1)), [1, 2, 2], [1, 2, 3, 4], { tensors })).y).toEqual([11, 12, 13, 14])
  })

  it('refuses a branch of another shape', () => {
    expect(() => residual(conv(4, 2))([4, 8, 8])).toThrow(
      'a branch that gives [4, 4, 4] cannot be added to a shortcut that gives [4, 8, 8]',
    )
  })
})

describe('a layer', () => {
  it('may do without bias, and knows its fans', () => {
    const { parameters } = conv2d('conv', { filters: 6, kernel: 5, bias: false })([4, 9, 9])
    expect(parameters.map(({ name, fanIn, fanOut }) => [name, fanIn, fanOut])).toEqual([['conv.weights', 100, 150]])
  })

  it('that does not fit its input says so', () => {
    expect(() => dense('dense', 3)([1, 2, 2])).toThrow('dense expects float32 x [N, in]')
    expect(() => maxPool(4)([1, 3, 3])).toThrow('maxPool2d expects')
  })
})
