import { describe, expect, it } from 'vitest'
import { dump, input, size } from '../engine/index.ts'
import { evaluationContext } from './forward.ts'
import { conv2d, dense, flatten, globalAveragePool, sequential } from './layers/index.ts'
import { modelById, models } from './models/registry.ts'
import { network, parametersOf } from './network.ts'
import { isTrained } from './parameter.ts'

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

  it('carries maps over the border between body and head', () => {
    const head = sequential(conv2d('two', { filters: 3, kernel: 1 }), globalAveragePool)
    const net = network('maps', conv2d('one', { filters: 5, kernel: 3 }), head, options)
    expect(net.featureCount).toBe(5 * 2 * 2)
    const context = evaluationContext(
      Object.fromEntries(parametersOf(net).map(({ name, shape }) => [name, input(name, 'float32', shape)])),
    )
    const features = net.features(input('pixels', 'uint8', [7, 1, 4, 4]), context)
    expect([features.shape, net.logits(features, context).shape]).toEqual([
      [7, 20],
      [7, 3],
    ])
  })

  it('refuses a head of another number of classes', () => {
    expect(() => network('narrow', flatten, dense('two', 2), options)).toThrow(
      'narrow has logits [2] for images of 1x4x4 and 3 classes',
    )
  })

  it('refuses layers of one name, which would share their weights', () => {
    const conv = conv2d('c', { filters: 1, kernel: 3, pad: 1 })
    expect(() => network('twice', sequential(conv, conv, flatten), dense('two', 3), options)).toThrow(
      'twice has two parameters named c.weights',
    )
    expect(() => network('border', sequential(flatten, dense('d', 5)), dense('d', 3), options)).toThrow(
      'border has two parameters named d.weights',
    )
  })
})

describe('models', () => {
  it.each(models)('$id builds for colour and for grey images', (entry) => {
    for (const shape of [[3, 32, 32] as const, [1, 28, 28] as const]) {
      const net = entry.build({ input: shape, classes: 7, maxPixel: 255 })
      expect([net.name, net.input, net.classes]).toEqual([entry.id, shape, 7])
      expect(net.headParameters.at(-1)!.shape).toEqual([7])
    }
  })

  it.each(models)('$id takes images whitened, whatever the range of their pixels', (entry) => {
    const preprocessing = { kind: 'gcn-zca', scale: 55, filterBias: 0.1, fitted: 'pool' } as const
    const graphs = [16, 255].map((maxPixel) => {
      const net = entry.build({ input: [1, 28, 28], classes: 7, maxPixel, preprocessing })
      expect(net.bodyParameters.slice(0, 2).map(({ name }) => name)).toEqual(['whitening.mean', 'whitening.matrix'])
      const inputs = net.bodyParameters.map(({ name, shape }) => [name, input(name, 'float32', shape)])
      const context = evaluationContext(Object.fromEntries(inputs))
      return dump({ features: net.features(input('pixels', 'uint8', [2, 1, 28, 28]), context) })
    })
    expect(graphs[0]).toContain('input() {name: whitening.matrix}')
    expect(graphs[0]).toBe(graphs[1])
  })

  // Known sizes: All-CNN-C and ResNet-32 with 10 classes as their papers have them; ResNet-10 by hand from its train.prototxt.
  it.each([
    ['all-cnn', [3, 32, 32], 10, 1_369_738],
    ['resnet32', [3, 32, 32], 10, 464_154],
    ['resnet10', [3, 224, 224], 1000, resnet10Size()],
  ] as const)('%s has the number of parameters of its source', (id, shape, classes, count) => {
    const net = modelById(id).build({ input: shape, classes, maxPixel: 255 })
    const trained = parametersOf(net).filter(isTrained)
    expect(trained.reduce((total, parameter) => total + size(parameter.shape), 0)).toBe(count)
  })

  it('say which images are too small', () => {
    const build = (id: string, side: number) =>
      modelById(id).build({ input: [3, side, side], classes: 2, maxPixel: 255 })
    expect(() => build('all-cnn', 8)).toThrow('all-cnn needs images of at least 9x9 pixels, got 8x8')
    expect(build('all-cnn', 9).featureCount).toBe(192)
    expect(() => build('resnet10', 4)).toThrow('resnet10 needs images of at least 5x5 pixels, got 4x4')
    expect(build('resnet10', 5).featureCount).toBe(512)
    expect(build('resnet32', 1).featureCount).toBe(64)
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

function resnet10Size(): number {
  const first = 64 * 3 * 49 + 64
  const units = [64 * 64, 64 * 128, 128 * 256, 256 * 512].map((n, i) => 9 * n + 9 * (64 * 2 ** i) ** 2)
  const projections = 64 * 128 + 128 * 256 + 256 * 512
  // Scale and shift of: pixels, conv1, the middle of each unit, the start of the last three, the end.
  const norms = 2 * (3 + 64 + (64 + 128 + 256 + 512) + (64 + 128 + 256) + 512)
  const dense = 1000 * 512 + 1000
  return first + units.reduce((total, n) => total + n) + projections + norms + dense
}
