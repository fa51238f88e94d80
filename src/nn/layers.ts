import {
  dense as affine,
  conv2d as convolve,
  type FloatTensor,
  flatten as flattenTensor,
  maxPool2d as pool,
  relu as rectify,
  type Shape,
  size,
  windows,
} from '../engine/index.ts'
import type { Named, Parameter } from './parameter.ts'

/** A layer for a known input shape (without the batch). */
export interface Layer {
  readonly parameters: readonly Parameter[]
  readonly output: Shape
  forward(x: FloatTensor, parameters: Named<FloatTensor>): FloatTensor
}

/** A layer before its input shape is known. */
export type LayerFactory = (input: Shape) => Layer

export interface ParameterOptions {
  /** Factor on the learning rate of biases. @defaultValue 1 */
  readonly biasLearningRate?: number
}

function affineParameters(name: string, shape: Shape, { biasLearningRate = 1 }: ParameterOptions): Parameter[] {
  const fanIn = size(shape.slice(1))
  return [
    { name: `${name}.weights`, shape, role: 'weights', fanIn, learningRateMultiplier: 1 },
    { name: `${name}.bias`, shape: [shape[0]!], role: 'bias', fanIn, learningRateMultiplier: biasLearningRate },
  ]
}

export interface Conv2dOptions extends ParameterOptions {
  /** Output channels. */
  readonly filters: number
  /** Side of the square kernel. */
  readonly kernel: number
  /** @defaultValue 1 */
  readonly stride?: number
  /** Zeros on each side. @defaultValue 0 */
  readonly pad?: number
}

/** Convolution with bias: [C, H, W] -> [filters, H', W']. */
export function conv2d(name: string, options: Conv2dOptions): LayerFactory {
  const { filters, kernel, stride = 1, pad = 0 } = options
  return ([channels, height, width]) => ({
    parameters: affineParameters(name, [filters, channels!, kernel, kernel], options),
    output: [filters, windows(height!, kernel, stride, pad), windows(width!, kernel, stride, pad)],
    forward: (x, parameters) =>
      convolve(x, parameters[`${name}.weights`]!, parameters[`${name}.bias`]!, {
        stride: [stride, stride],
        pad: [pad, pad],
      }),
  })
}

/** Max-pooling over squares of side `side`, which do not overlap; a rest at the edge is left out. */
export function maxPool(side: number): LayerFactory {
  return ([channels, height, width]) => ({
    parameters: [],
    output: [channels!, windows(height!, side, side, 0), windows(width!, side, side, 0)],
    forward: (x) => pool(x, { kernel: [side, side] }),
  })
}

/** Dense layer with bias: [in] -> [out]. */
export function dense(name: string, out: number, options: ParameterOptions = {}): LayerFactory {
  return ([inputs]) => ({
    parameters: affineParameters(name, [out, inputs!], options),
    output: [out],
    forward: (x, parameters) => affine(x, parameters[`${name}.weights`]!, parameters[`${name}.bias`]!),
  })
}

/** max(x, 0). */
export const relu: LayerFactory = (input) => ({ parameters: [], output: input, forward: (x) => rectify(x) })

/** [C, H, W] -> [C * H * W], channels outermost. */
export const flatten: LayerFactory = (input) => ({
  parameters: [],
  output: [size(input)],
  forward: (x) => flattenTensor(x),
})

/** Layers one after another, as one layer. */
export function sequential(...factories: readonly LayerFactory[]): LayerFactory {
  return (input) => {
    const layers: Layer[] = []
    let shape = input
    for (const factory of factories) {
      const layer = factory(shape)
      layers.push(layer)
      shape = layer.output
    }
    return {
      parameters: layers.flatMap((layer) => layer.parameters),
      output: shape,
      forward: (x, parameters) => layers.reduce((value, layer) => layer.forward(value, parameters), x),
    }
  }
}
