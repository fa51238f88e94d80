import { EvenkeelError } from '../../base/errors.ts'
import {
  batchNorm,
  conv2d,
  dense,
  globalAveragePool,
  type LayerFactory,
  maxPool,
  relu,
  residual,
  sequential,
} from '../layers/index.ts'
import { type Network, type NetworkOptions, network } from '../network.ts'

/**
 * ResNet-10 with pre-activation, as the computer vision group in Jena trained it for ImageNet and Buda et al. used it.
 *
 * | layer | 224x224 input | 32x32 input |
 * | --- | --- | --- |
 * | batch norm of the pixels | 224x224 | 32x32 |
 * | conv 64 @ 7x7, stride 2, pad 3; batch norm; ReLU | 112x112 | 16x16 |
 * | max-pool 3, stride 2, rounded up | 56x56 | 8x8 |
 * | unit of 64 | 56x56 | 8x8 |
 * | unit of 128, stride 2 | 28x28 | 4x4 |
 * | unit of 256, stride 2 | 14x14 | 2x2 |
 * | unit of 512, stride 2; batch norm; ReLU | 7x7 | 1x1 |
 * | global average | 512 | 512 |
 * | dense | classes | classes |
 *
 * A unit is batch norm, ReLU, conv 3x3, batch norm, ReLU, conv 3x3, added to its input; where the stride is 2 the way around is a
 * 1x1 convolution of the activated input. The first unit comes without batch norm and ReLU of its own, which the layer before
 * has done. Convolutions in units have no bias. Averages run by Caffe's convention; shifts and biases learn at twice the rate.
 *
 * conv1 starts with variance 2 / fanOut, whatever the run draws the other weights by (He et al., fan-in, in the source). The
 * classifier starts at 0: the source leaves it out, which in Caffe means 0, and a last layer may, since its gradients differ by
 * class from the first step on.
 *
 * Source: Simon, Rodner, Denzler, arXiv 1612.01452 (2016), ResNet10_cvgj/train.prototxt; Buda, Maki, Mazurowski, Neural Networks
 * 106 (2018), section 3.3.3.
 */
export interface Resnet10Options extends NetworkOptions {
  /** Factor on the learning rate of biases and shifts. @defaultValue 2, as in the source */
  readonly biasLearningRate?: number
}

export function resnet10(options: Resnet10Options): Network {
  const { input, classes, biasLearningRate = 2 } = options
  if (Math.min(input[1], input[2]) < 5) {
    throw new EvenkeelError('nn.network', `resnet10 needs images of at least 5x5 pixels, got ${input[1]}x${input[2]}`)
  }
  const norm = (name: string) => batchNorm(name, { convention: 'caffe', shiftLearningRate: biasLearningRate })
  const conv = (name: string, filters: number, stride = 1) =>
    conv2d(name, { filters, kernel: 3, stride, pad: 1, bias: false })
  const branch = (name: string, filters: number, stride = 1) =>
    sequential(conv(`${name}.conv1`, filters, stride), norm(`${name}.norm2`), relu, conv(`${name}.conv2`, filters))
  const shrinking = (name: string, filters: number): LayerFactory =>
    sequential(
      norm(`${name}.norm1`),
      relu,
      residual(branch(name, filters, 2), conv2d(`${name}.projection`, { filters, kernel: 1, stride: 2, bias: false })),
    )
  const body = sequential(
    norm('pixels'),
    conv2d('conv1', { filters: 64, kernel: 7, stride: 2, pad: 3, biasLearningRate, start: { kind: 'he', fan: 'out' } }),
    norm('norm1'),
    relu,
    maxPool(3, { stride: 2, ceil: true }),
    residual(branch('unit1', 64)),
    shrinking('unit2', 128),
    shrinking('unit3', 256),
    shrinking('unit4', 512),
    norm('norm2'),
    relu,
    globalAveragePool,
  )
  const head = dense('dense', classes, { biasLearningRate, start: { kind: 'constant', value: 0 } })
  return network('resnet10', body, head, options)
}
