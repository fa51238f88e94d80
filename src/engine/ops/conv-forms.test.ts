import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkGradients } from '../gradient-check.ts'
import type { Form } from '../graph/target.ts'
import { compile, conv2d, floats, gradients, input, multiply, relu, type Shape, size, sum } from '../index.ts'
import { resultLength } from './windows.ts'

type Pair = [number, number]

interface Net {
  readonly batch: number
  readonly channels: number
  readonly filters: number
  readonly image: Pair
  readonly kernel: Pair
  readonly stride: Pair
  readonly pad: Pair
}

/** Two convolutions with a ReLU between and all their gradients, so that values pass from one form to the other. */
async function run(net: Net, form: Form) {
  const { batch, channels, filters, image, kernel, stride, pad } = net
  const shapes: Record<string, Shape> = {
    x: [batch, channels, ...image],
    w1: [16, channels, 3, 3],
    b1: [16],
    w2: [filters, 16, ...kernel],
    b2: [filters],
  }
  const [x, w1, b1, w2, b2] = Object.entries(shapes).map(([name, shape]) => input(name, 'float32', shape))
  const hidden = relu(conv2d(x!, w1!, b1!, { pad: [1, 1] }))
  const y = conv2d(hidden, w2!, b2!, { stride, pad })
  shapes.r = y.shape
  const loss = sum(multiply(y, input('r', 'float32', y.shape)))
  const [dx, dw1, db1, dw2, db2] = gradients(loss, [x!, w1!, b1!, w2!, b2!])
  const program = await compile({ y, dx: dx!, dw1: dw1!, db1: db1!, dw2: dw2!, db2: db2! }, { form })
  const numbers = (shape: Shape, salt: number) =>
    floats(
      shape,
      Float32Array.from({ length: size(shape) }, (_, i) => Math.sin(i * 12.9898 + salt * 78.233)),
    )
  const results = await program.run(
    Object.fromEntries(Object.entries(shapes).map(([name, shape], salt) => [name, numbers(shape, salt)])),
  )
  await program.dispose()
  return Object.entries(results).map(([name, { data }]) => [name, data as Float32Array] as const)
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }))
const nets: fc.Arbitrary<Net> = fc
  .record({
    batch: fc.constantFrom(1, 3, 8, 16),
    channels: fc.constantFrom(3, 16, 20),
    filters: fc.constantFrom(8, 16, 32, 10),
    image: pair(5, 12),
    kernel: pair(1, 5),
    stride: pair(1, 3),
    pad: pair(0, 2),
  })
  .filter(({ image, kernel, stride, pad }) =>
    [0, 1].every((i) => resultLength(image[i]!, kernel[i]!, stride[i]!, pad[i]!) >= 1 && pad[i]! < kernel[i]!),
  )

describe('the forms of a convolution and its gradients', () => {
  it('compute the same', async () => {
    await fc.assert(
      fc.asyncProperty(nets, async (net) => {
        const plain = await run(net, 'plain')
        for (const form of ['batch-last', 'blocked'] as const) {
          for (const [i, [name, values]] of (await run(net, form)).entries()) {
            const expected = plain[i]![1]
            const scale = Math.max(1, ...expected.map(Math.abs))
            const worst = values.reduce((most, value, k) => Math.max(most, Math.abs(value - expected[k]!)), 0)
            expect(worst / scale, `${name} in ${form}`).toBeLessThan(2e-5)
          }
        }
      }),
      { numRuns: 40, seed: 7 },
    )
  })

  it.each<Form>(['plain', 'batch-last', 'blocked'])('has the right derivatives in %s', async (form) => {
    for (const [stride, pad] of [
      [1, 1],
      [2, 1],
      [2, 0],
    ] as const) {
      await checkGradients(
        [
          [8, 16, 8, 8],
          [16, 16, 3, 3],
        ],
        (x, weights) => conv2d(x, weights, undefined, { stride: [stride, stride], pad: [pad, pad] }),
        { form },
      )
    }
  })
})
