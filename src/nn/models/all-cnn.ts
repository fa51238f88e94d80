import { EvenkeelError } from '../../base/errors.ts'
import { conv2d, dropout, globalAveragePool, type LayerFactory, relu, sequential } from '../layers/index.ts'
import { type Network, type NetworkOptions, network } from '../network.ts'

/**
 * All-CNN-C: convolutions alone, with strides in the place of pooling and an average in the place of dense layers.
 *
 * | layer | 32x32 input |
 * | --- | --- |
 * | dropout 0.2 | 32x32 |
 * | 2 x conv 96 @ 3x3, pad 1 | 32x32 |
 * | conv 96 @ 3x3, stride 2, pad 1; dropout 0.5 | 16x16 |
 * | 2 x conv 192 @ 3x3, pad 1 | 16x16 |
 * | conv 192 @ 3x3, stride 2, pad 1; dropout 0.5 | 8x8 |
 * | conv 192 @ 3x3 | 6x6 |
 * | conv 192 @ 1x1 | 6x6 |
 * | conv classes @ 1x1 | 6x6 |
 * | global average | classes |
 *
 * Every convolution has a ReLU behind it, the last one too, so that logits are means of numbers >= 0. The head is the two
 * 1x1 convolutions, which are what Buda et al. tune in the second phase of two-phase training; the features are the maps
 * before them.
 *
 * Source: Springenberg, Dosovitskiy, Brox, Riedmiller, ICLR workshop 2015, table 1; Buda, Maki, Mazurowski, Neural Networks 106
 * (2018), table 3. Their images were contrast-normalised and whitened, which is the preprocessing 'gcn-zca' here.
 */
export interface AllCnnOptions extends NetworkOptions {
  /** Rate of dropout on the pixels, in [0, 1). @defaultValue 0.2 */
  readonly pixelDropout?: number
  /** Rate of dropout behind the two strided convolutions, in [0, 1). @defaultValue 0.5 */
  readonly dropout?: number
}

export function allCnn(options: AllCnnOptions): Network {
  const { input, classes, pixelDropout = 0.2, dropout: rate = 0.5 } = options
  if (Math.min(input[1], input[2]) < 9) {
    throw new EvenkeelError('nn.network', `all-cnn needs images of at least 9x9 pixels, got ${input[1]}x${input[2]}`)
  }
  let convolutions = 0
  const conv = (filters: number, kernel: number, geometry: { stride?: number; pad?: number } = {}): LayerFactory =>
    sequential(conv2d(`conv${++convolutions}`, { filters, kernel, ...geometry }), relu)
  const body = sequential(
    dropout('dropout1', pixelDropout),
    conv(96, 3, { pad: 1 }),
    conv(96, 3, { pad: 1 }),
    conv(96, 3, { stride: 2, pad: 1 }),
    dropout('dropout2', rate),
    conv(192, 3, { pad: 1 }),
    conv(192, 3, { pad: 1 }),
    conv(192, 3, { stride: 2, pad: 1 }),
    dropout('dropout3', rate),
    conv(192, 3),
  )
  const head = sequential(conv(192, 1), conv(classes, 1), globalAveragePool)
  return network('all-cnn', body, head, options)
}
