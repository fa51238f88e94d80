import type { Shape } from '../engine/index.ts'

/** How numbers are drawn at the start. */
export type Initialiser =
  /** Caffe's Xavier: uniform in +-sqrt(3 / fanIn), after Glorot and Bengio 2010 with the fan-in alone. */
  | { readonly kind: 'xavier' }
  /** Normal with variance 2 / fan (He et al. 2015, equations 10 and 14); by the inputs unless `fan` is 'out'. */
  | { readonly kind: 'he'; readonly fan?: 'in' | 'out' }
  /** Normal with a given standard deviation. */
  | { readonly kind: 'normal'; readonly sd: number }
  /** The same number everywhere. */
  | { readonly kind: 'constant'; readonly value: number }

/** What the engine must know of a parameter before any number is drawn. */
export interface Parameter {
  /** Unique in the network: `conv1.weights`. */
  readonly name: string
  readonly shape: Shape
  /**
   * 'scale' and 'shift' follow a normalisation. What runs is an average that each training step moves and no gradient does; it
   * travels with the others, so that checkpoints and evaluation need nothing else. What is fixed was fitted before training.
   */
  readonly role:
    | 'weights'
    | 'bias'
    | 'scale'
    | 'shift'
    | 'running mean'
    | 'running variance'
    | 'running weight'
    | 'fixed'
  /** Inputs that one output sums over: in * h * w of a convolution, in of a dense layer. */
  readonly fanIn: number
  /** Outputs that one input adds to: out * h * w of a convolution, out of a dense layer. */
  readonly fanOut: number
  /** How it starts whatever the run draws weights by; undefined where the run decides. */
  readonly start: Initialiser | undefined
  /** Factor on the learning rate; Caffe's LeNet gives biases 2. */
  readonly learningRateMultiplier: number
  /** Factor on the weight decay; recipes that spare biases and normalisation give them 0. */
  readonly weightDecayMultiplier: number
}

/** Whether gradients change the parameter. */
export function isTrained(parameter: Parameter): boolean {
  return !isRunning(parameter) && !isFixed(parameter)
}

/** Whether it is an average that each training step moves. */
export function isRunning({ role }: Parameter): boolean {
  return role.startsWith('running')
}

/** Whether nothing in training changes the parameter. */
export function isFixed({ role }: Parameter): boolean {
  return role === 'fixed'
}

/** A parameter's value by name, as graph tensors or as numbers. */
export type Named<T> = Readonly<Record<string, T>>
