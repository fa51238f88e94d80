import { describe, expect, it } from 'vitest'
import { dense, flatten, maxPool, sequential } from './layers.ts'
import { modelById, models } from './models/registry.ts'
import { network, parametersOf } from './network.ts'

describe('network', () => {
  const options = { input: [1, 4, 4], classes: 3, pixelDivisor: 256 } as const

  it('multiplies the learning rate of biases, and of nothing else', () => {
    const body = sequential(flatten, dense('one', 5, { biasLearningRate: 2 }))
    const net = network('two-layers', body, dense('two', 3), options)
    const multipliers = parametersOf(net).map((parameter) => [parameter.name, parameter.learningRateMultiplier])
    expect(Object.fromEntries(multipliers)).toEqual({
      'one.weights': 1,
      'one.bias': 2,
      'two.weights': 1,
      'two.bias': 1,
    })
    expect(net.featureCount).toBe(5)
  })

  it('refuses a body that ends in images, and a head of another number of classes', () => {
    expect(() => network('unflat', maxPool(2), dense('two', 3), options)).toThrow(
      'unflat does not fit images of 1x4x4 and 3 classes: its features are [1, 2, 2] and its logits [3]',
    )
    expect(() => network('narrow', flatten, dense('two', 2), options)).toThrow(
      'narrow does not fit images of 1x4x4 and 3 classes: its features are [16] and its logits [2]',
    )
  })

  it('refuses images that pooling makes vanish', () => {
    const body = sequential(maxPool(4), maxPool(2), flatten)
    expect(() => network('small', body, dense('two', 3), options)).toThrow(
      'small does not fit images of 1x4x4 and 3 classes: its features are [0] and its logits [3]',
    )
  })
})

describe('models', () => {
  it.each(models)('$id builds for colour images', (entry) => {
    const net = entry.build({ input: [3, 32, 32], classes: 7, maxPixel: 255 })
    expect([net.name, net.input, net.classes]).toEqual([entry.id, [3, 32, 32], 7])
    expect(net.headParameters.at(-1)!.shape).toEqual([7])
  })

  it('are found by id', () => {
    for (const entry of models) expect(modelById(entry.id)).toBe(entry)
    expect(() => modelById('lenet-5')).toThrow(
      expect.objectContaining({
        code: 'nn.model',
        message: "there is no model 'lenet-5'",
        hint: "did you mean 'lenet5'?",
      }),
    )
  })
})
