import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { size } from '../engine/index.ts'
import { layers, type Parameter } from '../nn/index.ts'
import { bundlesOf, pack, unpack } from './flat.ts'

const { batchNorm, conv2d, dense, flatten, relu, sequential, whiten } = layers
const { parameters } = sequential(
  conv2d('conv1', { filters: 8, kernel: 3, biasLearningRate: 2 }),
  batchNorm('norm', { weightDecay: 0 }),
  relu,
  flatten,
  dense('dense1', 100, { biasLearningRate: 2 }),
  dense('dense2', 10, { biasLearningRate: 2 }),
)([1, 8, 8])

describe('bundlesOf', () => {
  it('leaves large parameters by themselves, and joins small ones that are updated alike', () => {
    const bundles = bundlesOf(parameters).map(({ name, shape, members }) => {
      const names = members.map((member) => member.name).join(', ')
      return `${name} [${shape.join(', ')}]: ${names}`
    })
    expect(bundles).toMatchInlineSnapshot(`
      [
        "flat/0 [1072]: conv1.weights, dense2.weights",
        "flat/1 [118]: conv1.bias, dense1.bias, dense2.bias",
        "flat/2 [16]: norm.scale, norm.shift",
        "flat/3 [16]: norm.mean, norm.variance",
        "dense1.weights [100, 288]: dense1.weights",
      ]
    `)
  })

  it('keeps what is fixed apart from averages', () => {
    const { parameters } = sequential(whiten, batchNorm('norm'))([1, 2, 2])
    const names = bundlesOf(parameters).map(({ members }) => members.map((member) => member.name))
    expect(names).toEqual([
      ['whitening.mean', 'whitening.matrix'],
      ['norm.scale', 'norm.shift'],
      ['norm.mean', 'norm.variance'],
    ])
  })

  it('keeps the name of a small one that is alone', () => {
    const [first] = parameters as readonly [Parameter]
    expect(bundlesOf([first])).toEqual([{ name: first.name, shape: first.shape, members: [first] }])
  })
})

describe('pack and unpack', () => {
  it('give every parameter its numbers back', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sizes, (counts) => {
        const many = counts.map((n, i) => ({ ...parameters[0]!, name: `p${i}`, shape: [n] }))
        const numbersOf = ({ name, shape }: Parameter) =>
          new Float32Array(size(shape)).map((_, i) => Number(name.slice(1)) + i / 8192)
        const bundles = bundlesOf(many)
        expect(bundles.flatMap(({ members }) => members)).toHaveLength(many.length)
        for (const bundle of bundles) {
          for (const [member, numbers] of unpack(bundle, pack(bundle, numbersOf))) {
            const expected = numbersOf(member)
            expect([numbers.length, numbers.every((x, i) => x === expected[i])]).toEqual([expected.length, true])
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  it('fill in zeros', () => {
    const [bundle] = bundlesOf(parameters)
    const { data } = pack(bundle!, ({ name }) => (name === 'conv1.weights' ? new Float32Array(72).fill(1) : undefined))
    expect((data as Float32Array).reduce((total, x) => total + x, 0)).toBe(72)
  })
})
