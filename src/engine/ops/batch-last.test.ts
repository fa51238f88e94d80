import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGradients } from '../gradient-check.ts'
import {
  compile,
  conv2d,
  type FloatTensor,
  floats,
  gradients,
  input,
  maxPool2d,
  multiply,
  relu,
  sum,
} from '../index.ts'
import { resultLength } from './windows.ts'

const BATCH = 16

/** A convolution and a pooling with all their gradients, for a batch that is lowered in batch-last form or is not. */
async function runNet(
  batch: number,
  net: Net,
  data: { x: Float32Array; weights: Float32Array; bias: Float32Array; r: Float32Array },
) {
  const shapes = {
    x: [batch, net.channels, net.height, net.width],
    weights: [net.filters, net.channels, ...net.kernel],
    bias: [net.filters],
  }
  const x = input('x', 'float32', shapes.x)
  const weights = input('weights', 'float32', shapes.weights)
  const bias = input('bias', 'float32', shapes.bias)
  const convolved = conv2d(x, weights, bias, net)
  const hidden = net.rectified ? relu(convolved) : convolved
  const y = net.pool ? maxPool2d(hidden, { kernel: net.pool }) : hidden
  const r = input('r', 'float32', y.shape)
  const [dx, dweights, dbias] = gradients(sum(multiply(y, r)), [x, weights, bias]) as [
    FloatTensor,
    FloatTensor,
    FloatTensor,
  ]
  const program = await compile({ y, dx, dweights, dbias })
  const size = y.shape.reduce((a, b) => a * b)
  const results = await program.run({
    x: floats(shapes.x, data.x),
    weights: floats(shapes.weights, data.weights),
    bias: floats(shapes.bias, data.bias),
    r: floats(y.shape, data.r.subarray(0, size)),
  })
  await program.dispose()
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, [...(value.data as Float32Array)]]))
}

interface Net {
  readonly channels: number
  readonly filters: number
  readonly height: number
  readonly width: number
  readonly kernel: [number, number]
  readonly stride: [number, number]
  readonly pad: [number, number]
  readonly pool: [number, number] | undefined
  readonly rectified: boolean
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
const nets: fc.Arbitrary<Net> = fc
  .record({
    channels: fc.integer({ min: 1, max: 3 }),
    filters: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 5, max: 9 }),
    width: fc.integer({ min: 5, max: 9 }),
    kernel: pair(1, 5),
    stride: pair(1, 2),
    pad: pair(0, 2),
    pool: fc.option(pair(1, 3), { nil: undefined }),
    rectified: fc.boolean(),
  })
  .filter(({ height, width, kernel, stride, pad, pool }) => {
    const out = [resultLength(height, kernel[0], stride[0], pad[0]), resultLength(width, kernel[1], stride[1], pad[1])]
    return pool === undefined || (out[0]! >= pool[0] && out[1]! >= pool[1])
  })

describe('batch-last forms', () => {
  it('equal the plain ones bit for bit on small integers, where sums are exact and maxima tie', async () => {
    await fc.assert(
      fc.asyncProperty(nets, fc.infiniteStream(fc.integer({ min: -1, max: 1 })), async (net, stream) => {
        const take = (n: number) => Float32Array.from({ length: n }, () => stream.next().value)
        const image = net.channels * net.height * net.width
        const weights = take(net.filters * net.channels * net.kernel[0] * net.kernel[1])
        const bias = take(net.filters)
        const x = take(BATCH * image)
        const out = net.filters * 169
        const r = take(BATCH * out)
        const whole = await runNet(BATCH, net, { x, weights, bias, r })
        const perImage = whole.y!.length / BATCH
        // Two halves are below the size from which the batch goes last.
        const halves = await Promise.all(
          [0, 1].map((half) =>
            runNet(BATCH / 2, net, {
              x: x.slice((half * BATCH * image) / 2, ((half + 1) * BATCH * image) / 2),
              weights,
              bias,
              r: r.slice((half * BATCH * perImage) / 2, ((half + 1) * BATCH * perImage) / 2),
            }),
          ),
        )
        const joined = (name: string) => halves.flatMap((result) => result[name]!)
        const added = (name: string) => halves[0]![name]!.map((value, i) => value + halves[1]![name]![i]!)
        expect(whole.y).toEqual(joined('y'))
        expect(positiveZeros(whole.dx!)).toEqual(positiveZeros(joined('dx')))
        expect(positiveZeros(whole.dweights!)).toEqual(positiveZeros(added('dweights')))
        expect(positiveZeros(whole.dbias!)).toEqual(positiveZeros(added('dbias')))
      }),
      { numRuns: 40, seed: 2018 },
    )
  })

  it('agree with finite differences, for the convolutions of LeNet-5 on small images', async () => {
    const shapes = [[BATCH, 2, 8, 8], [3, 2, 5, 5], [3]]
    await checkGradients(shapes, (x, weights, bias) => conv2d(x, weights, bias, { pad: [2, 2] }))
    await checkGradients(shapes, (x, weights, bias) => conv2d(x, weights, bias))
    await checkGradients(shapes, (x, weights, bias) => conv2d(x, weights, bias, { stride: [2, 1], pad: [1, 0] }))
  })
})

/** A sum of zeros may be -0 in one order and 0 in another. */
function positiveZeros(values: readonly number[]): number[] {
  return values.map((value) => value + 0)
}
