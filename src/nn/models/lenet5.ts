import { EvenkeelError } from '../../base/errors.ts'
import { conv2d, dense, flatten, maxPool, relu, sequential } from '../layers/index.ts'
import { type Network, type NetworkOptions, network } from '../network.ts'

/**
 * LeNet-5 as Caffe's MNIST example has it and Buda et al. 2018 (table 2) used it: two convolutions with max-pooling and no
 * non-linearity of their own, a dense layer of 500 with ReLU, and the classifier.
 *
 * | layer | 28x28 input | 8x8 input |
 * | --- | --- | --- |
 * | conv 20 @ 5x5 | 24x24 | 8x8 (padded by 2) |
 * | max-pool 2 | 12x12 | 4x4 |
 * | conv 50 @ 5x5 | 8x8 | 4x4 (padded by 2) |
 * | max-pool 2 | 4x4 | 2x2 |
 * | dense + ReLU | 500 | 500 |
 * | dense | classes | classes |
 *
 * Images with a side under 16 would vanish in the paper's net; there the convolutions are padded so that they keep the
 * size. Where a side is odd, pooling leaves out the last row or column (Caffe rounds up; at 28x28 both agree).
 *
 * Source: Buda, Maki, Mazurowski, Neural Networks 106 (2018), table 2; LeCun et al., Proc. IEEE 86 (1998); Caffe's
 * examples/mnist/lenet_train_test.prototxt, whose biases learn at twice the rate and whose pixels are divided by 256.
 */
export interface Lenet5Options extends Omit<NetworkOptions, 'pixelDivisor'> {
  /** What pixels are divided by. @defaultValue 256, as in Caffe's example */
  readonly pixelDivisor?: number
  /** Factor on the learning rate of biases. @defaultValue 2, as in Caffe's example */
  readonly biasLearningRate?: number
}

export function lenet5(options: Lenet5Options): Network {
  const { input, classes, pixelDivisor = 256, biasLearningRate = 2 } = options
  const side = Math.min(input[1], input[2])
  if (side < 4) {
    throw new EvenkeelError('nn.network', `lenet5 needs images of at least 4x4 pixels, got ${input[1]}x${input[2]}`)
  }
  const pad = side < 16 ? 2 : 0
  const body = sequential(
    conv2d('conv1', { filters: 20, kernel: 5, pad, biasLearningRate }),
    maxPool(2),
    conv2d('conv2', { filters: 50, kernel: 5, pad, biasLearningRate }),
    maxPool(2),
    flatten,
    dense('dense1', 500, { biasLearningRate }),
    relu,
  )
  return network('lenet5', body, dense('dense2', classes, { biasLearningRate }), { ...options, pixelDivisor })
}
