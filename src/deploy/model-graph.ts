import { version } from '../base/versions.ts'
import {
  add,
  concat,
  constant,
  divide,
  type FloatTensor,
  input,
  portableModel,
  softmax,
  subtract,
  type Tensor,
  toFloat,
  transpose,
  wrapModel,
} from '../engine/index.ts'
import {
  evaluationContext,
  type ForwardContext,
  type ImageShape,
  type Named,
  type Network,
  parametersOf,
} from '../nn/index.ts'
import { type Backbone, scalings } from '../train/index.ts'

/** What makes logits the probabilities of a model in use; see calibrate.ts. */
export interface CalibratedLogits {
  /** Logits are divided by it, > 0. */
  readonly temperature: number
  /** [C], added then. */
  readonly logShift: readonly number[]
}

export interface DeployedNetwork extends CalibratedLogits {
  readonly network: Network
  /** All of the network's, by name; others may be there. */
  readonly parameters: Named<Float32Array>
  /** By index of the output. */
  readonly labels: readonly string[]
}

/** A network that was trained elsewhere, in front of one on its features. */
export interface DeployedBackbone {
  readonly described: Backbone
  /** Of its file. */
  readonly bytes: Uint8Array
  /** What the whole model sees, of 1 channel or 3. */
  readonly images: ImageShape
}

/**
 * The ONNX model of a trained network, for any runtime: `images` uint8 [N, height, width, channels], as PIL, a canvas and sharp hold
 * them, to `probabilities` float32 [N, C]. Scaling of pixels, temperature and shares of the classes lie within; `metadata_props` holds
 * the labels as a list in JSON.
 *
 * @throws EvenkeelError `engine.value` where parameters are not as large as the network's
 */
export function deployedModel(deployed: DeployedNetwork): Uint8Array {
  const { network } = deployed
  return classifier(deployed, (batch, context) =>
    network.features(channelsFirst(imagesOf(batch, network.input)), context),
  )
}

/**
 * The same of a network on the features of a backbone, which lies within the model.
 *
 * @throws EvenkeelError `engine.onnx` where the backbone is older than operator set 13
 */
export function deployedOnBackbone(
  deployed: DeployedNetwork,
  { described, bytes, images }: DeployedBackbone,
): Uint8Array {
  const { featureCount } = deployed.network
  return wrapModel({
    before: portableModel({
      graph: (batch) => ({ scaled: scaledFor(described, imagesOf(batch, images)) }),
      descriptions: imageDescription(images),
    }),
    inner: bytes,
    output: described.output,
    averaged: described.maps,
    behind: classifier(deployed, (batch) => input('features', 'float32', [batch, featureCount])),
  })
}

/** From features, however they come about, to probabilities. */
function classifier(
  { network, parameters, labels, ...calibration }: DeployedNetwork,
  features: (batch: number, context: ForwardContext) => FloatTensor,
): Uint8Array {
  const weights = parametersOf(network).map(({ name, shape }) => [name, input(name, 'float32', shape)] as const)
  const context = evaluationContext(Object.fromEntries(weights))
  return portableModel({
    graph: (batch) => ({
      probabilities: probabilities(network.logits(features(batch, context), context), calibration),
    }),
    weights: parameters,
    description: `${network.name}, a classifier of images into ${labels.length} classes, made by evenkeel ${version}`,
    descriptions: {
      ...imageDescription(network.input),
      probabilities: 'of each class, in the order of the metadata entry labels: [N, classes]',
    },
    metadata: { producer: 'evenkeel', version, labels: JSON.stringify(labels) },
  })
}

function imagesOf(batch: number, [channels, height, width]: ImageShape): Tensor<'uint8'> {
  return input('images', 'uint8', [batch, height, width, channels])
}

function imageDescription([channels]: ImageShape) {
  return { images: `bytes of images, ${channels === 1 ? 'grey' : 'sRGB'}: [N, height, width, channels]` }
}

/** Images [N, H, W, C] as a backbone was trained on them; grey ones get three equal channels. */
function scaledFor({ layout, scaling }: Backbone, images: Tensor<'uint8'>): FloatTensor {
  const { divisor, mean, deviation } = scalings[scaling]
  const perChannel = (values: readonly number[]) => constant([1, 1, 1, 3], Float32Array.from(values))
  const pixels = toFloat(images)
  const colours = images.shape[3] === 3 ? pixels : concat([pixels, pixels, pixels], 3)
  const scaled = divide(subtract(divide(colours, divisor), perChannel(mean)), perChannel(deviation))
  return layout === 'nhwc' ? scaled : transpose(scaled, [0, 3, 1, 2])
}

/** Images [N, H, W, C] -> [N, C, H, W]. */
export function channelsFirst(images: Tensor<'uint8'>): Tensor<'uint8'> {
  return transpose(images, [0, 3, 1, 2])
}

/** softmax(logits / temperature + logShift), [N, C]. */
export function probabilities(logits: FloatTensor, { temperature, logShift }: CalibratedLogits): FloatTensor {
  const shift = constant([1, logShift.length], Float32Array.from(logShift))
  return softmax(add(divide(logits, temperature), shift))
}
