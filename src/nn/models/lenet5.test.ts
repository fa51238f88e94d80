import { describe, expect, it } from 'vitest'
import { dump, input, size } from '../../engine/index.ts'
import { evaluationContext, lenet5, parametersOf } from '../index.ts'

describe('lenet5', () => {
  it('has the sizes of the paper at 28x28', () => {
    const net = lenet5({ input: [1, 28, 28], classes: 10 })
    const shapes = parametersOf(net).map(({ name, shape }) => `${name} ${shape.join('x')}`)
    expect(shapes).toEqual([
      'conv1.weights 20x1x5x5',
      'conv1.bias 20',
      'conv2.weights 50x20x5x5',
      'conv2.bias 50',
      'dense1.weights 500x800',
      'dense1.bias 500',
      'dense2.weights 10x500',
      'dense2.bias 10',
    ])
    expect(parametersOf(net).reduce((total, { shape }) => total + size(shape), 0)).toBe(431_080)
  })

  it('pads where the images are small', () => {
    const net = lenet5({ input: [1, 8, 8], classes: 10 })
    expect(net.bodyParameters.find(({ name }) => name === 'dense1.weights')!.shape).toEqual([500, 200])
    expect(() => lenet5({ input: [1, 3, 9], classes: 2 })).toThrow(
      'lenet5 needs images of at least 4x4 pixels, got 3x9',
    )
  })

  it('is the graph of Caffe and the paper', () => {
    const net = lenet5({ input: [1, 28, 28], classes: 10 })
    const context = evaluationContext(
      Object.fromEntries(parametersOf(net).map(({ name, shape }) => [name, input(name, 'float32', shape)])),
    )
    expect(
      dump({ logits: net.logits(net.features(input('pixels', 'uint8', [64, 1, 28, 28]), context), context) }),
    ).toMatchInlineSnapshot(`
      "%0 = input() {name: pixels} : uint8[64, 1, 28, 28]
      %1 = cast(%0) : float32[64, 1, 28, 28]
      %2 = constant() {data: [256]} : float32[]
      %3 = divide(%1, %2) : float32[64, 1, 28, 28]
      %4 = input() {name: conv1.weights} : float32[20, 1, 5, 5]
      %5 = input() {name: conv1.bias} : float32[20]
      %6 = conv2d(%3, %4, %5) {stride: [1,1], pad: [0,0]} : float32[64, 20, 24, 24]
      %7 = maxPool2d(%6) {kernel: [2,2], stride: [2,2], pads: [0,0,0,0]} : float32[64, 20, 12, 12]
      %8 = input() {name: conv2.weights} : float32[50, 20, 5, 5]
      %9 = input() {name: conv2.bias} : float32[50]
      %10 = conv2d(%7, %8, %9) {stride: [1,1], pad: [0,0]} : float32[64, 50, 8, 8]
      %11 = maxPool2d(%10) {kernel: [2,2], stride: [2,2], pads: [0,0,0,0]} : float32[64, 50, 4, 4]
      %12 = reshape(%11) : float32[64, 800]
      %13 = input() {name: dense1.weights} : float32[500, 800]
      %14 = input() {name: dense1.bias} : float32[500]
      %15 = dense(%12, %13, %14) : float32[64, 500]
      %16 = relu(%15) : float32[64, 500]
      %17 = input() {name: dense2.weights} : float32[10, 500]
      %18 = input() {name: dense2.bias} : float32[10]
      %19 = dense(%16, %17, %18) : float32[64, 10]
      return logits = %19
      "
    `)
  })
})
