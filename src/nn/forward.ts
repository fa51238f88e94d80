import { EvenkeelError } from '../base/errors.ts'
import { type FloatTensor, input, type Shape, type Tensor } from '../engine/index.ts'
import type { Named } from './parameter.ts'

/**
 * What a layer sees as it is run forward. Layers that behave alike in training and in evaluation need the parameters alone;
 * batch normalisation and dropout ask for the mode.
 */
export interface ForwardContext {
  /** 'train' normalises by the batch and drops; 'evaluate' normalises by running averages and drops nothing. */
  readonly mode: 'train' | 'evaluate'
  parameter(name: string): FloatTensor
  /** Sets the value that a running average has after this step; in training only. */
  update(name: string, value: FloatTensor): void
  /** Declares the input `mask/<name>`, 0 or 1 at random, 1 with probability `keep`; in training only. */
  mask(name: string, shape: Shape, keep: number): Tensor<'uint8'>
}

/** An input that a training step needs anew at each run: uint8, 1 with probability `keep`, else 0. */
export interface Mask {
  /** Of the program's input. */
  readonly name: string
  readonly shape: Shape
  readonly keep: number
}

/** A context of training, and what the layers left there. */
export interface TrainingContext extends ForwardContext {
  readonly masks: readonly Mask[]
  /** New values of running averages, by parameter. */
  readonly updates: Named<FloatTensor>
}

/**
 * Runs layers as in training; afterwards `masks` and `updates` hold what the layers asked for.
 *
 * @throws EvenkeelError `nn.network` as two layers of one name ask for masks
 */
export function trainingContext(parameters: Named<FloatTensor>): TrainingContext {
  const masks: Mask[] = []
  const updates: Record<string, FloatTensor> = {}
  return {
    mode: 'train',
    parameter: (name) => parameters[name]!,
    masks,
    updates,
    update(name, value) {
      updates[name] = value
    },
    mask(layer, shape, keep) {
      const name = `mask/${layer}`
      if (masks.some((mask) => mask.name === name)) {
        throw new EvenkeelError(
          'nn.network',
          `two layers named ${layer} want a mask`,
          'give each layer a name of its own',
        )
      }
      masks.push({ name, shape, keep })
      return input(name, 'uint8', shape)
    },
  }
}

/** Runs layers as in evaluation: a pure function of parameters and pixels. */
export function evaluationContext(parameters: Named<FloatTensor>): ForwardContext {
  const refuse = (what: string) => (name: string) => {
    throw new EvenkeelError('nn.mode', `${name} wants ${what}, which is for training alone`)
  }
  return {
    mode: 'evaluate',
    parameter: (name) => parameters[name]!,
    update: refuse('to change a running average'),
    mask: refuse('a mask'),
  }
}
