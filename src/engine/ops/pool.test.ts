import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runLowered } from '../fixtures/lowered.ts'
import { checkGradients } from '../gradient-check.ts'
import {
  averagePool2d,
  compile,
  constant,
  conv2d,
  type FloatTensor,
  type Form,
  floats,
  globalAveragePool,
  gradients,
  input,
  maxPool2d,
  multiply,
  type PoolOptions,
  type Shape,
  size,
  sum,
} from '../index.ts'

/** A convolution that leaves images of 8 channels as they are, so that in form 'blocked' what follows reads blocks. */
function unchanged(x: FloatTensor): FloatTensor {
  return conv2d(
    x,
    constant(
      [8, 8, 1, 1],
      Float32Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0)),
    ),
  )
}

/** Result and gradient of sum(r * pool(x)) for x, as lowered for the CPU in a form, or for another device. */
async function run(
  pool: (x: FloatTensor) => FloatTensor,
  shape: Shape,
  data: readonly number[],
  slopes: readonly number[],
  how: Form | 'webgpu' = 'plain',
) {
  const x = input('x', 'float32', shape)
  const y = pool(how === 'blocked' ? unchanged(x) : x)
  const loss = sum(multiply(y, input('r', 'float32', y.shape)))
  const outputs = { y, dx: gradients(loss, [x])[0]! }
  const feeds = {
    x: floats(shape, Float32Array.from(data)),
    r: floats(y.shape, Float32Array.from(slopes.slice(0, size(y.shape)))),
  }
  if (how === 'webgpu') {
    const results = await runLowered(outputs, { device: how, blockSize: 1 }, feeds)
    return { shape: y.shape, y: [...results.y!], dx: [...results.dx!] }
  }
  const program = await compile(outputs, { form: how })
  const results = await program.run(feeds)
  await program.dispose()
  const [values, dx] = [results.y!.data, results.dx!.data] as [Float32Array, Float32Array]
  return { shape: y.shape, y: [...values], dx: [...dx] }
}

type Pair = readonly [number, number]
type Case = Required<PoolOptions> & { readonly image: Pair; readonly countPadding: boolean }

/** Windows of one axis as PyTorch counts them (aten/src/ATen/native/Pool.h): from, to and to with the rim. */
function windowsOf({ image, kernel, stride, pad, ceil }: Case, axis: 0 | 1) {
  const [length, k, s, p] = [image[axis], kernel[axis], stride[axis], pad[axis]]
  let count = Math.floor((length + 2 * p - k + (ceil ? s - 1 : 0)) / s) + 1
  if (ceil && (count - 1) * s >= length + p) count--
  return Array.from({ length: count }, (_, window) => {
    const start = window * s - p
    const end = Math.min(start + k, length + p)
    return { from: Math.max(0, start), to: Math.min(end, length), counted: end - start }
  })
}

/** Both poolings of images by plain loops, with the gradients. */
function byLoops(test: Case, images: readonly number[], slopes: readonly number[]) {
  const [height, width] = test.image
  const [rows, columns] = [windowsOf(test, 0), windowsOf(test, 1)]
  const count = images.length / (height * width)
  const results = { maxima: [] as number[], means: [] as number[] }
  const maximaGradient = images.map(() => 0)
  const meansGradient = images.map(() => 0)
  let place = 0
  for (let image = 0; image < count; image++) {
    for (const row of rows) {
      for (const column of columns) {
        const slope = slopes[place++]!
        const inside: number[] = []
        for (let i = row.from; i < row.to; i++) {
          for (let j = column.from; j < column.to; j++) inside.push((image * height + i) * width + j)
        }
        const largest = Math.max(...inside.map((at) => images[at]!))
        const divisor = test.countPadding ? row.counted * column.counted : inside.length
        results.maxima.push(largest)
        results.means.push(inside.reduce((total, at) => total + images[at]!, 0) / divisor)
        maximaGradient[inside.find((at) => images[at] === largest)!]! += slope
        for (const at of inside) meansGradient[at]! += slope / divisor
      }
    }
  }
  return { ...results, maximaGradient, meansGradient, shape: [rows.length, columns.length] }
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
const cases: fc.Arbitrary<Case> = fc
  .record({
    image: pair(1, 7),
    kernel: pair(1, 4),
    stride: pair(1, 4),
    pad: pair(0, 2),
    ceil: fc.boolean(),
    countPadding: fc.boolean(),
  })
  .filter((test) =>
    ([0, 1] as const).every((axis) => test.pad[axis] < test.kernel[axis] && windowsOf(test, axis).length >= 1),
  )

/** -0 as 0, which sums of zeros may be in one order and not in another. */
const positiveZeros = (values: readonly number[]) => values.map((value) => value + 0)

describe('pooling over any windows', () => {
  it('gives what plain loops give, maxima with their first among equals, in every layout and for every device', async () => {
    const property = fc.asyncProperty(
      cases,
      fc.constantFrom<Form | 'webgpu'>('plain', 'blocked', 'webgpu'),
      fc.infiniteStream(fc.integer({ min: -2, max: 2 })),
      async (test, how, stream) => {
        const shape = [2, 8, ...test.image]
        const take = (n: number) => Array.from({ length: n }, () => stream.next().value)
        const [images, slopes] = [take(size(shape)), take(16 * 11 * 11)]
        const expected = byLoops(test, images, slopes)

        const maximum = await run((x) => maxPool2d(x, test), shape, images, slopes, how)
        expect(maximum.shape).toEqual([2, 8, ...expected.shape])
        expect(maximum.y).toEqual(expected.maxima)
        expect(positiveZeros(maximum.dx)).toEqual(positiveZeros(expected.maximaGradient))

        const average = await run((x) => averagePool2d(x, test), shape, images, slopes, how)
        const differences = [
          ...average.y.map((value, i) => value - expected.means[i]!),
          ...average.dx.map((value, i) => value - expected.meansGradient[i]!),
        ]
        expect(average.y).toHaveLength(expected.means.length)
        expect(Math.max(...differences.map(Math.abs))).toBeLessThan(1e-5)
      },
    )
    await fc.assert(property, { numRuns: 60, seed: 20181013 })
  })

  it('has the sizes and values of PyTorch 1.13 with a ceiling', async () => {
    const image = Array.from({ length: 36 }, (_, i) => i)
    const windows = { kernel: [3, 3], stride: [2, 2], pad: [1, 1], ceil: true } as const
    const results = async (pool: (x: FloatTensor) => FloatTensor) => (await run(pool, [1, 1, 6, 6], image, image)).y
    // torch.nn.functional.max_pool2d and avg_pool2d of arange(36), kernel 3, stride 2, padding 1, ceil_mode.
    const maxima = [7, 9, 11, 11, 19, 21, 23, 23, 31, 33, 35, 35, 31, 33, 35, 35]
    const withRim = [1.5555556, 3.3333333, 4.6666665, 2.6666667, 8.333333, 14, 16, 8.5, 16.333334, 26, 28, 14.5, 10.166667, 16, 17, 8.75] // biome-ignore format: a table
    const withoutRim = [3.5, 5, 7, 8, 12.5, 14, 16, 17, 24.5, 26, 28, 29, 30.5, 32, 34, 35]
    expect(await results((x) => maxPool2d(x, windows))).toEqual(maxima)
    const near = (values: number[]) => values.map((value) => expect.closeTo(value, 5))
    expect(await results((x) => averagePool2d(x, windows))).toEqual(near(withRim))
    expect(await results((x) => averagePool2d(x, { ...windows, countPadding: false }))).toEqual(near(withoutRim))
  })

  it('halves 112 rows to 56 where the rim is 1 and windows of 3 step by 2, to 57 with a ceiling', () => {
    const x = input('x', 'float32', [8, 64, 112, 112])
    const windows = { kernel: [3, 3], stride: [2, 2] } as const
    expect(maxPool2d(x, { ...windows, pad: [1, 1] }).shape).toEqual([8, 64, 56, 56])
    expect(maxPool2d(x, { ...windows, pad: [1, 1], ceil: true }).shape).toEqual([8, 64, 57, 57])
    expect(maxPool2d(x, { ...windows, ceil: true }).shape).toEqual([8, 64, 56, 56])
    expect(maxPool2d(x, windows).shape).toEqual([8, 64, 55, 55])
  })
})

describe('averages have gradients, and gradients of gradients', () => {
  const windows = { kernel: [3, 2], stride: [2, 1], pad: [1, 1], ceil: true } as const
  it.each<Form>(['plain', 'blocked'])('in %s', async (form) => {
    await checkGradients([[2, 8, 5, 4]], (x) => averagePool2d(unchanged(x), windows), { form })
    await checkGradients([[2, 8, 5, 4]], (x) => globalAveragePool(unchanged(x)), { form })
  })

  it('of second order', () =>
    checkGradients([[1, 2, 5, 4], [1, 2, 3, 5]], (x, r) => gradients(sum(multiply(averagePool2d(multiply(x, x), windows), r)), [x])[0]!, { step: 0.01 })) // biome-ignore format: one line

  it('over whole images', async () => {
    const { y, dx, shape } = await run(globalAveragePool, [1, 2, 1, 2], [1, 2, 3, 5], [1, 10])
    expect({ y, dx, shape }).toEqual({ y: [1.5, 4], dx: [0.5, 0.5, 5, 5], shape: [1, 2] })
  })
})
