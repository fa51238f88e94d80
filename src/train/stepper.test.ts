import { describe, expect, it } from 'vitest'
import { initialise, layers, network, parametersOf, sgd } from '../nn/index.ts'
import { stateName } from './step.ts'
import { stateLayout } from './stepper.ts'

const { batchNorm, conv2d, dense, flatten, sequential } = layers
const body = sequential(conv2d('conv', { filters: 4, kernel: 3, bias: false }), batchNorm('norm'), flatten)
const net = (classes: number) =>
  network('net', body, dense('dense', classes), { input: [1, 8, 8], classes, pixelDivisor: 256 })
const optimiser = sgd({ momentum: 0.9, weightDecay: 0, nesterov: false, convention: 'caffe' })
const start = (classes: number) => initialise(parametersOf(net(classes)), { kind: 'he' }, ['stepper'])

describe('stateLayout', () => {
  const { pack, unpack } = stateLayout({ network: net(10), trainable: 'all', optimiser })

  it('gives every number back, and starts the optimiser at zero', () => {
    const velocity = new Float32Array(36).map((_, i) => i)
    const tensors = unpack(pack({ ...start(10), [stateName('conv.weights', 0)]: velocity }))
    expect(tensors).toMatchObject(start(10))
    expect(tensors[stateName('conv.weights', 0)]).toEqual(velocity)
    expect(tensors[stateName('dense.weights', 0)]).toEqual(new Float32Array(10 * 4 * 6 * 6))
    expect(tensors[stateName('norm.mean', 0)]).toBeUndefined()
  })

  it('takes what is fixed, and does not give it back', () => {
    const whitened = network('whitened', flatten, dense('dense', 2), {
      input: [1, 2, 2],
      classes: 2,
      pixelDivisor: 256,
      preprocessing: { kind: 'gcn-zca', scale: 55, filterBias: 0.1, fitted: 'pool' },
    })
    const layout = stateLayout({ network: whitened, trainable: 'all', optimiser })
    const numbers = initialise(parametersOf(whitened), { kind: 'he' }, ['stepper'])
    const names = Object.keys(layout.unpack(layout.pack(numbers)))
    expect(names.filter((name) => name.startsWith('whitening'))).toEqual([])
    const { 'whitening.matrix': _, ...rest } = numbers
    expect(() => layout.pack(rest)).toThrow('whitening.matrix [4, 4] must start from 16 numbers, got none')
  })

  it.each(['conv.weights', 'norm.variance'])('wants %s', (name) => {
    const { [name]: _, ...rest } = start(10)
    expect(() => pack(rest)).toThrow(
      expect.objectContaining({
        code: 'train.start',
        message: expect.stringMatching(new RegExp(`^${name} \\[.*\\] must start from \\d+ numbers, got none$`)),
      }),
    )
  })

  it('wants the numbers of the same network', () => {
    expect(() => pack(start(9))).toThrow('dense.weights [10, 144] must start from 1440 numbers, got 1296')
    const nine = stateLayout({ network: net(9), trainable: 'all', optimiser })
    expect(() => nine.pack(start(10))).toThrow('dense.weights [9, 144] must start from 1296 numbers, got 1440')
    const velocity = { [stateName('dense.bias', 0)]: new Float32Array(9) }
    expect(() => pack({ ...start(10), ...velocity })).toThrow(
      'dense.bias/state0 [10] must start from 10 numbers, got 9',
    )
  })
})
