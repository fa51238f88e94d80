import { add, divide, type FloatTensor, maximum, multiply, sqrt, sum } from '../engine/index.ts'
import type { Named } from './parameter.ts'

/**
 * Optimisers by composition: each transform turns a gradient into an update and may keep state of the parameter's shape.
 * The parameter then becomes `parameter - update`. All of it is elementwise, so parameters may be updated as one long vector.
 */
export interface Transform {
  /** Tensors of state for each parameter; they start at 0. */
  readonly slots: number
  /** Numbers that depend on the iteration (counted from 0) alone: inputs of the step, the same for all parameters. */
  scalars?(iteration: number): Readonly<Record<string, number>>
  apply(gradient: FloatTensor, context: TransformContext): { update: FloatTensor; state: FloatTensor[] }
}

export interface TransformContext {
  readonly parameter: FloatTensor
  /** Scalar; holds the parameter's own multiplier already. */
  readonly learningRate: FloatTensor
  /** Factor on the weight decay. */
  readonly weightDecayMultiplier: number
  /** What `scalars` gave, by name. */
  readonly scalars: Named<FloatTensor>
  readonly state: readonly FloatTensor[]
}

/** Transforms one after another, as one. */
function chain(...transforms: readonly Transform[]): Transform {
  return {
    slots: transforms.reduce((total, transform) => total + transform.slots, 0),
    scalars: (iteration) => Object.assign({}, ...transforms.map((transform) => transform.scalars?.(iteration))),
    apply(gradient, context) {
      let update = gradient
      let used = 0
      const state: FloatTensor[] = []
      for (const transform of transforms) {
        const own = context.state.slice(used, used + transform.slots)
        const result = transform.apply(update, { ...context, state: own })
        update = result.update
        state.push(...result.state)
        used += transform.slots
      }
      return { update, state }
    },
  }
}

/** g + decay * parameter: the gradient of an L2 penalty of decay / 2. Behind other transforms it is decoupled from them. */
function weightDecay(decay: number): Transform {
  return {
    slots: 0,
    apply(gradient, { parameter, weightDecayMultiplier }) {
      const own = decay * weightDecayMultiplier
      return { update: own === 0 ? gradient : add(gradient, multiply(parameter, own)), state: [] }
    },
  }
}

/**
 * Velocity v' = factor * v + g. The update is v', or with Nesterov's look-ahead g + factor * v' (Sutskever et al. 2013
 * in the form of PyTorch and Caffe).
 */
function momentum(factor: number, nesterov = false): Transform {
  return {
    slots: 1,
    apply(gradient, { state }) {
      const velocity = add(multiply(state[0]!, factor), gradient)
      return { update: nesterov ? add(gradient, multiply(velocity, factor)) : velocity, state: [velocity] }
    },
  }
}

/**
 * Adam's direction (Kingma and Ba 2015, algorithm 1): m' = beta1 m + (1 - beta1) g and v' = beta2 v + (1 - beta2) g^2, both
 * corrected for their start at 0; the update is (m' / (1 - beta1^t)) / (sqrt(v' / (1 - beta2^t)) + epsilon) with t counted from 1.
 */
function adaptiveMoments(beta1: number, beta2: number, epsilon: number): Transform {
  return {
    slots: 2,
    scalars: (iteration) => ({
      meanCorrection: 1 / (1 - beta1 ** (iteration + 1)),
      deviationCorrection: 1 / Math.sqrt(1 - beta2 ** (iteration + 1)),
    }),
    apply(gradient, { state, scalars }) {
      const mean = add(multiply(state[0]!, beta1), multiply(gradient, 1 - beta1))
      const square = add(multiply(state[1]!, beta2), multiply(multiply(gradient, gradient), 1 - beta2))
      const deviation = add(multiply(sqrt(square), scalars.deviationCorrection!), epsilon)
      return { update: divide(multiply(mean, scalars.meanCorrection!), deviation), state: [mean, square] }
    },
  }
}

/** g * learning rate. */
function learningRate(): Transform {
  return {
    slots: 0,
    apply: (gradient, context) => ({ update: multiply(gradient, context.learningRate), state: [] }),
  }
}

export interface SgdOptions {
  /** Factor on the velocity, in [0, 1). */
  readonly momentum: number
  /** L2 penalty added to the gradient, biases included, as Caffe and PyTorch do by default. */
  readonly weightDecay: number
  readonly nesterov: boolean
  /**
   * Where the learning rate enters: 'pytorch' multiplies the velocity, 'caffe' keeps it inside the velocity, so that
   * a lower rate takes a while to be felt. They agree while the rate is constant.
   */
  readonly convention: 'pytorch' | 'caffe'
}

/** Stochastic gradient descent with momentum. */
export function sgd({ momentum: factor, weightDecay: decay, nesterov, convention }: SgdOptions): Transform {
  const velocity = factor === 0 ? [] : [momentum(factor, nesterov)]
  return convention === 'caffe'
    ? chain(weightDecay(decay), learningRate(), ...velocity)
    : chain(weightDecay(decay), ...velocity, learningRate())
}

export interface AdamOptions {
  /** Factor on the running mean of gradients, in [0, 1); 0.9 in the paper. */
  readonly beta1: number
  /** Factor on the running mean of their squares, in [0, 1); 0.999 in the paper. */
  readonly beta2: number
  /** Added to the deviation; 1e-8 in the paper. */
  readonly epsilon: number
  readonly weightDecay: number
}

/** Adam as torch.optim.Adam: the weight decay is part of the gradient. */
export function adam({ beta1, beta2, epsilon, weightDecay: decay }: AdamOptions): Transform {
  return chain(weightDecay(decay), adaptiveMoments(beta1, beta2, epsilon), learningRate())
}

/** AdamW as torch.optim.AdamW (Loshchilov and Hutter 2019): the weight decay is the learning rate's alone. */
export function adamw({ beta1, beta2, epsilon, weightDecay: decay }: AdamOptions): Transform {
  return chain(adaptiveMoments(beta1, beta2, epsilon), weightDecay(decay), learningRate())
}

/** An optimiser as data: part of a study's config and of a phase's key. */
export type OptimiserChoice =
  | ({ readonly kind: 'sgd' } & SgdOptions)
  | ({ readonly kind: 'adam' } & AdamOptions)
  | ({ readonly kind: 'adamw' } & AdamOptions)

export function optimiserOf(choice: OptimiserChoice): Transform {
  switch (choice.kind) {
    case 'sgd':
      return sgd(choice)
    case 'adam':
      return adam(choice)
    case 'adamw':
      return adamw(choice)
  }
}

/**
 * Gradients scaled down together where their common norm is over `limit` > 0: each times min(1, limit / (norm + 1e-6)), as
 * torch.nn.utils.clip_grad_norm_ does (Pascanu et al. 2013, algorithm 1).
 */
export function clipByNorm(gradients: readonly FloatTensor[], limit: number): FloatTensor[] {
  const squares = gradients.map((gradient) => sum(multiply(gradient, gradient)))
  const norm = sqrt(squares.reduce((total, square) => add(total, square)))
  // min(1, limit / n) = limit / max(n, limit), which is 1 exactly below the limit.
  const factor = divide(limit, maximum(add(norm, 1e-6), limit))
  return gradients.map((gradient) => multiply(gradient, factor))
}
