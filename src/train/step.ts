import {
  compile,
  type FloatTensor,
  gradients,
  input,
  multiply,
  type Program,
  softmax,
  subtract,
  type Tensor,
} from '../engine/index.ts'
import { type Named, type Network, type Parameter, parametersOf, type Transform } from '../nn/index.ts'

/** The graphs of a training run: one step (forward, backward and update in one program) and evaluation. */

/** Loss of a batch: logits [N, C] and targets [N, C] to a scalar in nats. */
export type LossGraph = (logits: FloatTensor, targets: FloatTensor) => FloatTensor

export interface StepOptions {
  readonly network: Network
  /** 'head' trains on features, which are then fed instead of pixels. */
  readonly trainable: 'all' | 'head'
  readonly batch: number
  readonly loss: LossGraph
  readonly optimiser: Transform
}

/** Name of a parameter's state tensor. */
export function stateName(parameter: Parameter, slot: number): string {
  return `${parameter.name}/state${slot}`
}

/** The parameters that a step changes. */
export function trainedParameters(network: Network, trainable: StepOptions['trainable']): readonly Parameter[] {
  return trainable === 'all' ? parametersOf(network) : network.headParameters
}

/** The graph of one training step, by output: `loss`, every trained parameter and every state tensor. */
export function stepGraph({ network, trainable, batch, loss, optimiser }: StepOptions): Record<string, Tensor> {
  const trained = trainedParameters(network, trainable)
  const parameters = inputsOf(trained)
  const features =
    trainable === 'all'
      ? network.features(input('pixels', 'uint8', [batch, ...network.input]), parameters)
      : input('features', 'float32', [batch, network.featureCount])
  const logits = network.logits(features, parameters)
  const value = loss(logits, input('targets', 'float32', [batch, network.classes]))
  const rate = input('learningRate', 'float32', [])

  const outputs: Record<string, Tensor> = { loss: value }
  const slopes = gradients(
    value,
    trained.map(({ name }) => parameters[name]!),
  )
  for (const [i, parameter] of trained.entries()) {
    const old = parameters[parameter.name]!
    const state = Array.from({ length: optimiser.slots }, (_, slot) =>
      input(stateName(parameter, slot), 'float32', parameter.shape),
    )
    const { learningRateMultiplier: multiplier } = parameter
    const result = optimiser.apply(slopes[i]!, {
      parameter: old,
      learningRate: multiplier === 1 ? rate : multiply(rate, multiplier),
      state,
    })
    outputs[parameter.name] = subtract(old, result.update)
    for (const [slot, tensor] of result.state.entries()) outputs[stateName(parameter, slot)] = tensor
  }
  return outputs
}

/** Compiles pixels uint8 [batch, C, H, W] -> `features` [batch, F]. */
export function compileFeatures(network: Network, batch: number): Promise<Program> {
  const parameters = inputsOf(network.bodyParameters)
  return compile({ features: network.features(input('pixels', 'uint8', [batch, ...network.input]), parameters) })
}

/** Compiles `features` [batch, F] -> `logits` and `probabilities` [batch, C]. */
export function compileHead(network: Network, batch: number): Promise<Program> {
  const parameters = inputsOf(network.headParameters)
  const logits = network.logits(input('features', 'float32', [batch, network.featureCount]), parameters)
  return compile({ logits, probabilities: softmax(logits) })
}

function inputsOf(parameters: readonly Parameter[]): Named<FloatTensor> {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, input(name, 'float32', shape)]))
}
