import type { Shape } from '../engine/index.ts'

/** What the engine must know of a parameter before any number is drawn. */
export interface Parameter {
  /** Unique in the network: `conv1.weights`. */
  readonly name: string
  readonly shape: Shape
  readonly role: 'weights' | 'bias'
  /** Inputs that one output sums over: in * h * w of a convolution, in of a dense layer. */
  readonly fanIn: number
  /** Factor on the learning rate; Caffe's LeNet gives biases 2. */
  readonly learningRateMultiplier: number
}

/** A parameter's value by name, as graph tensors or as numbers. */
export type Named<T> = Readonly<Record<string, T>>
