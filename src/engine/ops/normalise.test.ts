import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../base/random.ts'
import { runLowered } from '../fixtures/lowered.ts'
import { checkGradients } from '../gradient-check.ts'
import {
  add,
  batchNorm,
  compile,
  constant,
  conv2d,
  type FloatTensor,
  type Form,
  floats,
  gradients,
  input,
  l2Normalise,
  multiply,
  normalise,
  relu,
  type Shape,
  size,
  sum,
  type Tensor,
  type Value,
} from '../index.ts'
import { channelAffine, channelDot } from './channels.ts'

async function evaluate(outputs: Record<string, Tensor>, feeds: Record<string, Value>, form: Form = 'plain') {
  const program = await compile(outputs, { form })
  const results = await program.run(feeds)
  await program.dispose()
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]]))
}

const near = (values: readonly number[], digits = 5) => values.map((value) => expect.closeTo(value, digits))

// torch 1.13.1, torch.nn.functional.batch_norm(x, mean, variance, scale, shift, training, 1, 1e-3) and the gradients of
// (y * r).sum(); the variances are torch's running ones, times 5 / 6 for biased.
const torch = {
  shape: [2, 2, 1, 3],
  x: [1, 2, -1, 10, 12, 11, 0.5, 3, -2, 9, 14, 10],
  scale: [1.5, -0.5],
  shift: [0.25, 1],
  r: [1, -1, 2, 0.5, 0, -1, 3, 1, 0, 1, 2, -2],
  y: [0.6189865, 1.5045543, -1.1521487, 1.306129, 0.6938714, 1.0000002, 0.1762027, 2.3901219, -2.0377164, 1.6122578, 0.0816137, 1.306129], // biome-ignore format: a table
  mean: [0.5833333, 11],
  variance: [2.868056, 2.666667],
  dx: [0.0428697, -1.6253784, 0.7226629, -0.232746, 0.1307031, 0.3316396, 1.7625614, 0.2486441, -1.1513597, -0.4910028, -0.2711699, 0.532576], // biome-ignore format: a table
  dscale: [-1.1807568, 3.3674171],
  dshift: [6, 0.5],
  running: { mean: [0.5, 11], variance: [4, 2] },
  evaluated: [0.6249532, 1.3748595, -0.8748595, 1.3534648, 0.6465348, 0.9999999, 0.25, 2.1247659, -1.6247658, 1.7069299, -0.0603953, 1.3534648], // biome-ignore format: a table
} as const

const vector = (name: string) => input(name, 'float32', [2])
const values = (shape: Shape, data: readonly number[]) => floats(shape, Float32Array.from(data))

describe('batch normalisation', () => {
  const [x, scale, shift] = [input('x', 'float32', torch.shape), vector('scale'), vector('shift')] as const
  const feeds = {
    x: values(torch.shape, torch.x),
    scale: values([2], torch.scale),
    shift: values([2], torch.shift),
    r: values(torch.shape, torch.r),
    mean: values([2], torch.running.mean),
    variance: values([2], torch.running.variance),
  }

  it('has the values and gradients of PyTorch', async () => {
    const { y, mean, variance } = batchNorm(x, scale, shift, { epsilon: 1e-3 })
    const loss = sum(multiply(y, input('r', 'float32', torch.shape)))
    const [dx, dscale, dshift] = gradients(loss, [x, scale, shift]) as [FloatTensor, FloatTensor, FloatTensor]
    const expected = { y: near(torch.y), mean: near(torch.mean), variance: near(torch.variance), dx: near(torch.dx), dscale: near(torch.dscale), dshift: near(torch.dshift) } // biome-ignore format: one line
    expect(await evaluate({ y, mean, variance, dx, dscale, dshift }, feeds)).toEqual(expected)
  })

  it('with running averages has the values of PyTorch in evaluation', async () => {
    const y = normalise(x, vector('mean'), vector('variance'), scale, shift, 1e-3)
    expect(await evaluate({ y }, feeds)).toEqual({ y: near(torch.evaluated) })
  })

  it('by running averages equal to those of the batch is that of the batch', async () => {
    const { y, mean, variance } = batchNorm(x, scale, shift)
    const { batch, running } = await evaluate({ batch: y, running: normalise(x, mean, variance, scale, shift) }, feeds)
    expect(running).toEqual(near(batch!))
  })

  it('keeps its digits where the mean is a thousand times the deviation', async () => {
    const [mean, count] = [1000, 64]
    const data = Array.from({ length: count }, (_, i) => mean + (i % 2 === 0 ? 1 : -1))
    const far = input('far', 'float32', [4, 1, 4, 4])
    const one = constant([1], Float32Array.of(1))
    const { y, variance } = batchNorm(far, one, constant([1], Float32Array.of(0)), { epsilon: 0 })
    const results = await evaluate({ y, variance }, { far: values(far.shape, data) })
    expect(results.variance).toEqual([1])
    expect(results.y).toEqual(data.map((value) => value - mean))
  })

  // Images of 16x16 and more have their own form of inner products.
  const shapes: readonly Shape[] = [
    [6, 3],
    [3, 8, 4, 5],
    [2, 8, 16, 16],
  ]
  const cases = shapes.flatMap((shape) => (['plain', 'blocked'] as const).map((form) => ({ shape, form })))
  it.each(cases)('agrees with finite differences: $shape in $form', async ({ shape, form }) => {
    const vectors = [shape, [shape[1]!], [shape[1]!]]
    const options = { form, step: 0.01, tolerance: 1e-2 }
    await checkGradients(
      vectors,
      (x, scale, shift) => batchNorm(inLayout(x), scale, shift, { epsilon: 0.1 }).y,
      options,
    )
    await checkGradients([shape], (x) => {
      const ones = constant([shape[1]!], new Float32Array(shape[1]!).fill(1))
      const { mean, variance } = batchNorm(inLayout(x), ones, ones)
      return add(mean, variance)
    }, options) // biome-ignore format: two checks alike
    await checkGradients(
      [shape, ...Array.from({ length: 4 }, () => [shape[1]!])],
      (x, mean, variance, scale, shift) => normalise(inLayout(x), mean, variance, scale, shift, 0.5),
      { ...options, draw: (u) => 0.2 + u },
    )
  })
})

/** Images of 8 channels after a convolution that changes nothing: in form 'blocked' what follows reads blocks. */
function inLayout(x: FloatTensor): FloatTensor {
  if (x.shape.length !== 4) return x
  return conv2d(
    x,
    constant(
      [8, 8, 1, 1],
      Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0)),
    ),
  )
}

describe('work on each channel', () => {
  const shapes = fc.record({
    batch: fc.integer({ min: 1, max: 4 }),
    image: fc.constantFrom<Shape>([1, 1], [3, 5], [16, 17]),
  })

  it('is one in every layout and for every device, rectified or not', async () => {
    const property = fc.asyncProperty(shapes, fc.nat(), async ({ batch, image }, seed) => {
      const stream = random('channels', seed)
      const shape = [batch, 8, ...image]
      const drawn = (shape: Shape) =>
        floats(
          shape,
          Float32Array.from({ length: size(shape) }, () => 2 * stream.uniform() - 1),
        )
      const feeds = { a: drawn(shape), b: drawn(shape), s: drawn([8]), t: drawn([8]), u: drawn([8]) }
      const [a, b] = ['a', 'b'].map((name) => inLayout(input(name, 'float32', shape))) as [FloatTensor, FloatTensor]
      const [s, t, u] = ['s', 't', 'u'].map((name) => input(name, 'float32', [8])) as [FloatTensor, FloatTensor, FloatTensor] // biome-ignore format: one line
      const affine = () => channelAffine([[a, s], [b, t]], u) // biome-ignore format: one line
      const outputs = { affine: multiply(affine(), 1), rectified: relu(channelAffine([[a, s]], u)), both: relu(affine()), dot: channelDot(a, b) } // biome-ignore format: one line
      const at = (data: Value, i: number) => Number(data.data[i])
      const channel = (i: number) => Math.floor(i / size(image)) % 8
      const one = feeds.a.data.length
      const term = (i: number) => at(feeds.a, i) * at(feeds.s, channel(i)) + at(feeds.u, channel(i))
      const sums = Array.from({ length: one }, (_, i) => term(i) + at(feeds.b, i) * at(feeds.t, channel(i)))
      const dots = Array.from({ length: 8 }, () => 0)
      for (let i = 0; i < one; i++) dots[channel(i)]! += at(feeds.a, i) * at(feeds.b, i)
      const expected = {
        affine: near(sums),
        rectified: near(Array.from({ length: one }, (_, i) => Math.max(0, term(i)))),
        both: near(sums.map((value) => Math.max(0, value))),
        dot: near(dots, 4),
      }
      for (const form of ['plain', 'blocked'] as const) expect(await evaluate(outputs, feeds, form)).toEqual(expected)
      const results = await runLowered(outputs, { device: 'webgpu', blockSize: 1 }, feeds)
      expect(Object.fromEntries(Object.entries(results).map(([name, data]) => [name, [...data]]))).toEqual(expected)
    })
    await fc.assert(property, { numRuns: 12, seed: 20181013 })
  })

  it('refuses vectors of another length', () => {
    const [x, two] = [input('x', 'float32', [4, 3, 2, 2]), input('two', 'float32', [2])]
    const sentence = 'batchNorm expects float32 x [N, C, H, W] or [N, C] and vectors [C], got float32[4, 3, 2, 2], float32[2], float32[2]' // biome-ignore format: one line
    expect(() => batchNorm(x, two, two)).toThrow(expect.objectContaining({ code: 'engine.shape', message: sentence }))
    expect(() => normalise(x, two, two, two, two)).toThrow('normalise expects float32 x [N, C, H, W] or [N, C] and')
  })
})

describe('rows of length 1', () => {
  it('are those of PyTorch, and zeros stay zeros without a gradient that is no number', async () => {
    const x = input('x', 'float32', [2, 2])
    const y = l2Normalise(x)
    const [dx] = gradients(sum(multiply(y, input('r', 'float32', [2, 2]))), [x]) as [FloatTensor]
    const feeds = { x: values([2, 2], [3, 4, 0, 0]), r: values([2, 2], [1, 2, 0, 0]) }
    // torch 1.13.1, torch.nn.functional.normalize
    const expected = { y: near([0.6, 0.8, 0, 0]), dx: near([-0.064, 0.048, 0, 0]) }
    expect(await evaluate({ y, dx }, feeds)).toEqual(expected)
  })

  it('have the right derivatives', () => checkGradients([[4, 5]], (x) => l2Normalise(x), { step: 0.01 }))
})
