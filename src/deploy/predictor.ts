import { join } from 'node:path'
import { type Dataset, gatherPixels, grey, imageSize } from '../data/index.ts'
import { openOnnx, value } from '../engine/index.ts'
import { readModel } from './bundle.ts'
import { type ModelManifest, modelFiles } from './manifest.ts'

/** A model that is ready to answer. It blocks its thread while it does; one call at a time. */
export interface Predictor {
  readonly manifest: ModelManifest
  /** Digests of the images that it was trained or calibrated on, as `imageDigest` has them. */
  readonly trainingImages: ReadonlySet<string>
  /**
   * Probabilities [N, C] of `images` [N, height, width, channels], in levels of 255, as the manifest has them.
   */
  probabilities(images: Uint8Array): Promise<Float32Array>
  /** Frees the memory of the model, which cannot answer afterwards. */
  dispose(): Promise<void>
}

/**
 * Opens the model of a folder.
 *
 * @throws EvenkeelError those of `readModel` and `openOnnx`
 */
export async function openPredictor(directory: string): Promise<Predictor> {
  const { manifest, model, trainingImages } = await readModel(directory)
  const onnx = await openOnnx(model, join(directory, modelFiles.model))
  const { height, width, channels } = manifest.input
  return {
    manifest,
    trainingImages,
    async probabilities(images) {
      const count = images.length / (height * width * channels)
      const { probabilities } = await onnx.run({ images: value('uint8', [count, height, width, channels], images) })
      return probabilities!.data as Float32Array
    },
    dispose: onnx.dispose,
  }
}

/**
 * An image [C, height, width] in the order of a model's inputs, [height, width, channels]. Where the model has one channel and the
 * image three, it is grey: the luma of ITU-R BT.601; where the model has three and the image one, that comes three times.
 */
export function toInput(image: Uint8Array, { height, width, channels }: ModelManifest['input']): Uint8Array {
  const plane = height * width
  const isColour = image.length > plane
  const input = new Uint8Array(plane * channels)
  for (let at = 0; at < plane; at++) {
    if (isColour && channels === 1) input[at] = grey(image[at]!, image[plane + at]!, image[2 * plane + at]!)
    else for (let c = 0; c < channels; c++) input[at * channels + c] = image[(isColour ? c * plane : 0) + at]!
  }
  return input
}

/** Images of a dataset as a model takes them, each [height, width, channels] in levels of 255. */
export function inputsOf(dataset: Dataset, indices: ArrayLike<number>, input: ModelManifest['input']): Uint8Array[] {
  const { maxPixel } = dataset
  const size = imageSize(dataset)
  const pixels = new Uint8Array(indices.length * size)
  gatherPixels(dataset, indices, pixels)
  const levels = maxPixel === 255 ? pixels : pixels.map((value) => Math.round((value * 255) / maxPixel))
  return Array.from(indices, (_, i) => toInput(levels.subarray(i * size, (i + 1) * size), input))
}
