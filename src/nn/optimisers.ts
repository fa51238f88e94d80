import { add, type FloatTensor, multiply } from '../engine/index.ts'

/**
 * Optimisers by composition: each transform turns a gradient into an update and may keep state of the parameter's shape.
 * The parameter then becomes `parameter - update`.
 */
export interface Transform {
  /** Tensors of state for each parameter; they start at 0. */
  readonly slots: number
  apply(gradient: FloatTensor, context: TransformContext): { update: FloatTensor; state: FloatTensor[] }
}

export interface TransformContext {
  readonly parameter: FloatTensor
  /** Scalar; holds the parameter's own multiplier already. */
  readonly learningRate: FloatTensor
  readonly state: readonly FloatTensor[]
}

/** Transforms one after another, as one. */
export function chain(...transforms: readonly Transform[]): Transform {
  return {
    slots: transforms.reduce((total, transform) => total + transform.slots, 0),
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

/** g + decay * parameter: the gradient of an L2 penalty of decay / 2. */
export function weightDecay(decay: number): Transform {
  return {
    slots: 0,
    apply: (gradient, { parameter }) => ({
      update: decay === 0 ? gradient : add(gradient, multiply(parameter, decay)),
      state: [],
    }),
  }
}

/**
 * Velocity v' = factor * v + g. The update is v', or with Nesterov's look-ahead g + factor * v' (Sutskever et al. 2013
 * in the form of PyTorch and Caffe).
 */
export function momentum(factor: number, nesterov = false): Transform {
  return {
    slots: 1,
    apply(gradient, { state }) {
      const velocity = add(multiply(state[0]!, factor), gradient)
      return { update: nesterov ? add(gradient, multiply(velocity, factor)) : velocity, state: [velocity] }
    },
  }
}

/** g * learning rate. */
export function learningRate(): Transform {
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
