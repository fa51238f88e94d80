import { EvenkeelError } from '../base/errors.ts'
import { divide, type FloatTensor, type Tensor, toFloat } from '../engine/index.ts'
import type { Layer, LayerFactory } from './layers.ts'
import type { Named, Parameter } from './parameter.ts'

/** Image shape [channels, height, width]. */
export type ImageShape = readonly [channels: number, height: number, width: number]

/**
 * A classifier in two parts, so that training may stop at the border: the body turns pixels into features, the head turns
 * features into logits. A phase that trains only the head computes the features once.
 */
export interface Network {
  readonly name: string
  readonly input: ImageShape
  readonly classes: number
  /** Numbers per example at the border. */
  readonly featureCount: number
  readonly bodyParameters: readonly Parameter[]
  readonly headParameters: readonly Parameter[]
  /** pixels uint8 [N, C, H, W] -> features [N, featureCount]. */
  features(pixels: Tensor<'uint8'>, parameters: Named<FloatTensor>): FloatTensor
  /** features [N, featureCount] -> logits [N, classes]. */
  logits(features: FloatTensor, parameters: Named<FloatTensor>): FloatTensor
}

/** What a model needs to know of the data. */
export interface NetworkOptions {
  readonly input: ImageShape
  readonly classes: number
  /**
   * Pixels are divided by this on entry, in the graph; memory holds bytes. A division, since a product with the rounded
   * reciprocal of 255 is off by an ulp, which is enough to break ties in max-pooling another way.
   */
  readonly pixelDivisor: number
}

/** Builds a network from its two parts and checks that they fit the images. */
export function network(name: string, body: LayerFactory, head: LayerFactory, options: NetworkOptions): Network {
  const { input, classes, pixelDivisor } = options
  const bodyLayer = body(input)
  const [featureCount] = bodyLayer.output
  const headLayer: Layer = head(bodyLayer.output)
  if (bodyLayer.output.length !== 1 || !(featureCount! > 0) || headLayer.output[0] !== classes) {
    throw new EvenkeelError(
      'nn.network',
      `${name} does not fit images of ${input.join('x')} and ${classes} classes: its features are ` +
        `[${bodyLayer.output.join(', ')}] and its logits [${headLayer.output.join(', ')}]`,
    )
  }
  return {
    name,
    input,
    classes,
    featureCount: featureCount!,
    bodyParameters: bodyLayer.parameters,
    headParameters: headLayer.parameters,
    features: (pixels, parameters) => bodyLayer.forward(divide(toFloat(pixels), pixelDivisor), parameters),
    logits: (features, parameters) => headLayer.forward(features, parameters),
  }
}

/** All parameters, body first. */
export function parametersOf(net: Network): readonly Parameter[] {
  return [...net.bodyParameters, ...net.headParameters]
}
