import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { EvenkeelError } from '../base/errors.ts'
import { printable } from '../base/printable.ts'
import { type Dataset, gatherPixels, imageSize, type OpenOptions } from '../data/index.ts'
import { type OnnxModel, type OnnxTensor, openOnnx, size, type Value, value } from '../engine/index.ts'

/** How pixels of 0 to 255 become what a backbone was trained on. */
export const scalings = {
  /** Divided by 255, then the mean and spread of ImageNet's channels taken out, as torchvision and timm do. */
  imagenet: { divisor: 255, mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  /** From 0 to 1. */
  unit: { divisor: 255, mean: [0, 0, 0], deviation: [1, 1, 1] },
  /** From -1 to 1, as MobileNet and Inception of TensorFlow. */
  symmetric: { divisor: 255, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
  /** As they are. */
  raw: { divisor: 1, mean: [0, 0, 0], deviation: [1, 1, 1] },
} as const

export type Scaling = keyof typeof scalings

/** A network that was trained elsewhere, as ONNX: it turns images into features and stays as it is. */
export interface Backbone {
  readonly path: string
  /** Of the file. */
  readonly sha256: string
  /** Name of the output whose numbers are the features. */
  readonly output: string
  /** Whether it gives maps [N, F, h, w], which are averaged over their places, and not features [N, F]. */
  readonly maps: boolean
  /** Numbers an image. */
  readonly featureCount: number
  /** Images that it takes: 'nchw' [N, 3, H, W] or 'nhwc' [N, H, W, 3]. */
  readonly layout: 'nchw' | 'nhwc'
  /** Sides that it asks for, squares where it states only one of them; none where it takes any. */
  readonly sides?: readonly [height: number, width: number]
  readonly scaling: Scaling
}

export interface BackboneOptions {
  /** @defaultValue the model's only output */
  readonly output?: string | undefined
  /** @defaultValue 'imagenet' */
  readonly scaling?: Scaling | undefined
}

/** Images at once, where a model leaves that free. */
const BATCH = 16

/**
 * Looks into a backbone's file.
 *
 * @throws EvenkeelError `train.backbone` where it takes other than one float32 batch of colour images or gives no features; those of
 *   `openOnnx`
 */
export async function describeBackbone(path: string, options: BackboneOptions = {}): Promise<Backbone> {
  const bytes = await readFileAt(path)
  const model = await openOnnx(bytes, path)
  try {
    const { layout, sides } = imagesOf(path, model)
    const output = outputOf(path, model, options.output)
    const [, featureCount] = output.shape
    if (typeof featureCount !== 'number' || ![2, 4].includes(output.shape.length)) {
      throw new EvenkeelError(
        'train.backbone',
        `output '${printable(output.name)}' of ${printable(path)} must be features [N, F] or maps [N, F, h, w], got [${output.shape.join(', ')}]`,
        'name another with output=NAME, or export the network without its last layers',
      )
    }
    const maps = output.shape.length === 4
    // Such a network may put the features of its maps first or last: their sizes do not always tell which.
    if (maps && layout === 'nhwc') {
      throw new EvenkeelError(
        'train.backbone',
        `output '${printable(output.name)}' of ${printable(path)}, which takes images [N, H, W, 3], must be features [N, F], got maps [${output.shape.join(', ')}]`,
        'name another with output=NAME, or export the network with its maps averaged (in Keras: pooling="avg")',
      )
    }
    const { scaling = 'imagenet' } = options
    return {
      path,
      sha256: sha256(bytes),
      output: output.name,
      maps,
      featureCount,
      layout,
      ...(sides && { sides }),
      scaling,
    }
  } finally {
    await model.dispose()
  }
}

/**
 * Features [N, featureCount] of all images of a dataset, the middle of those that are larger, one batch after another.
 *
 * @param hooks told how many of how many images are done; a stop leaves nothing
 * @throws EvenkeelError `train.backbone` where the file is no longer the one described, or images have not the size it asks for;
 *   `data.stopped`
 */
export async function backboneFeatures(
  backbone: Backbone,
  dataset: Dataset,
  { progress, stop }: OpenOptions = {},
): Promise<Float32Array> {
  const { path, featureCount, output } = backbone
  const bytes = await readBackbone(backbone)
  checkBackboneImages(backbone, dataset)
  const model = await openOnnx(bytes, path)
  try {
    const [input] = model.inputs as [OnnxTensor]
    const count = dataset.images.count
    const batch = typeof input.shape[0] === 'number' ? input.shape[0] : BATCH
    const features = new Float32Array(count * featureCount)
    for (let start = 0; start < count; start += batch) {
      // The last batch is filled up with its last image: a model may ask for whole ones.
      const indices = Array.from({ length: batch }, (_, b) => Math.min(start + b, count - 1))
      const results = await model.run({ [input.name]: imagesFor(backbone, dataset, indices) })
      const rows = featuresIn(results[output]!, featureCount)
      features.set(rows.subarray(0, Math.min(batch, count - start) * featureCount), start * featureCount)
      const done = Math.min(start + batch, count)
      progress?.(done, count)
      // Signals are heard between two batches, which block the thread.
      await setImmediate()
      if (stop?.aborted && done < count) throw stopped(done, count, path)
    }
    return features
  } finally {
    await model.dispose()
  }
}

/**
 * The bytes of a backbone's file.
 *
 * @throws EvenkeelError `train.backbone` where it cannot be read, or is no longer the file that was described
 */
export async function readBackbone({ path, sha256: expected }: Pick<Backbone, 'path' | 'sha256'>): Promise<Uint8Array> {
  const bytes = await readFileAt(path)
  if (sha256(bytes) === expected) return bytes
  throw new EvenkeelError('train.backbone', `${printable(path)} is no longer the file that the study began with`)
}

async function readFileAt(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message
    throw new EvenkeelError(
      'train.backbone',
      `cannot read the backbone ${printable(path)}: ${printable(why)}`,
      'check the path',
      { cause },
    )
  })
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function imagesOf(path: string, { inputs }: OnnxModel): Pick<Backbone, 'layout' | 'sides'> {
  const [input, ...others] = inputs
  const fail = (got: string): never => {
    throw new EvenkeelError(
      'train.backbone',
      `${printable(path)} must take one float32 batch of colour images, [N, 3, H, W] or [N, H, W, 3], got ${got}`,
      'export the network for images alone',
    )
  }
  if (!input || others.length > 0) return fail(`${inputs.length} inputs`)
  const { dtype, shape } = input
  const layout = shape[1] === 3 ? 'nchw' : shape[3] === 3 ? 'nhwc' : undefined
  if (dtype !== 'float32' || shape.length !== 4 || !layout) return fail(`${dtype}[${shape.join(', ')}]`)
  const [height, width] = layout === 'nchw' ? [shape[2], shape[3]] : [shape[1], shape[2]]
  const sides = [height, width].filter((side) => typeof side === 'number')
  const [first, last] = [sides[0], sides.at(-1)]
  return first === undefined || last === undefined ? { layout } : { layout, sides: [first, last] }
}

function outputOf(path: string, { outputs }: OnnxModel, name: string | undefined): OnnxTensor {
  const found = name === undefined ? outputs[0] : outputs.find((output) => output.name === name)
  if (found && (name !== undefined || outputs.length === 1)) return found
  const got = name === undefined ? `${outputs.length}` : `none named '${printable(name)}'`
  throw new EvenkeelError(
    'train.backbone',
    `${printable(path)} must have one output of features, got ${got}`,
    `name one with output=NAME: ${outputs.map((output) => printable(output.name)).join(', ')}`,
  )
}

function stopped(done: number, of: number, path: string): EvenkeelError {
  const [some, all] = [done, of].map((count) => count.toLocaleString('en-US'))
  return new EvenkeelError(
    'data.stopped',
    `stopped after ${some} of ${all} images were looked at through ${printable(basename(path))}`,
    'the same command looks at them again',
  )
}

/**
 * Checks that a backbone can look at a dataset's images.
 *
 * @throws EvenkeelError `train.backbone` where they have another size than it asks for, or neither 1 nor 3 channels
 */
export function checkBackboneImages(
  { path, sides }: Backbone,
  { name, shape: [channels, height, width] }: Dataset,
): void {
  if (channels !== 1 && channels !== 3) {
    throw new EvenkeelError('train.backbone', `a backbone sees grey or colour, and '${name}' has ${channels} channels`)
  }
  if (!sides || (sides[0] === height && sides[1] === width)) return
  throw new EvenkeelError(
    'train.backbone',
    `${printable(path)} asks for images of ${sides.join('x')}, and those of '${name}' are ${height}x${width}`,
    sides[0] === sides[1]
      ? `images of files are scaled to that with ?crop=${sides[0]}; arrays stay as large as they are`
      : 'images are scaled to squares: export the network for one, or for images of any size',
  )
}

/** A batch as the backbone wants it. Grey images get three equal channels. */
function imagesFor({ layout, scaling }: Backbone, dataset: Dataset, indices: readonly number[]): Value {
  const { divisor, mean, deviation } = scalings[scaling]
  const [channels, height, width] = dataset.shape
  const pixels = new Uint8Array(indices.length * imageSize(dataset))
  gatherPixels(dataset, indices, pixels)
  const area = height * width
  // Scalings are of bytes, whatever the brightest pixel of these images is.
  const level = 255 / dataset.maxPixel
  const images = new Float32Array(indices.length * 3 * area)
  for (let b = 0; b < indices.length; b++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = (b * channels + (channels === 3 ? channel : 0)) * area
      const [start, stride] = layout === 'nchw' ? [(b * 3 + channel) * area, 1] : [b * 3 * area + channel, 3]
      for (let place = 0; place < area; place++) {
        const brightness = (pixels[from + place]! * level) / divisor
        images[start + place * stride] = (brightness - mean[channel]!) / deviation[channel]!
      }
    }
  }
  const shape = layout === 'nchw' ? [indices.length, 3, height, width] : [indices.length, height, width, 3]
  return value('float32', shape, images)
}

/** Rows [N, F]; maps [N, F, h, w] are averaged. */
function featuresIn({ shape, data }: Value, featureCount: number): Float32Array {
  const numbers = data as Float32Array
  const places = size(shape.slice(2))
  if (places === 1) return numbers
  return Float32Array.from({ length: shape[0]! * featureCount }, (_, row) => {
    let sum = 0
    for (let place = 0; place < places; place++) sum += numbers[row * places + place]!
    return sum / places
  })
}
