import { floats, type Profile, type ProfileOptions, profile, size, value } from '../engine/index.ts'
import {
  type Initialiser,
  initialise,
  type Network,
  type OptimiserChoice,
  optimiserOf,
  parametersOf,
} from '../nn/index.ts'
import { maskFeed } from './masks.ts'
import { type LossGraph, stepGraph } from './step.ts'
import { stateLayout } from './stepper.ts'

export interface StepProfileOptions extends ProfileOptions {
  readonly network: Network
  /** Examples a step. */
  readonly batch: number
  readonly loss: LossGraph
  readonly optimiser: OptimiserChoice
  readonly initialiser: Initialiser
}

/** What each operation of a training step costs, measured on made-up images. */
export async function profileStep(options: StepProfileOptions): Promise<Profile> {
  const { network, batch, loss, optimiser, initialiser, ...rest } = options
  const step = { network, trainable: 'all', batch, loss, optimiser: optimiserOf(optimiser) } as const
  const graph = stepGraph(step)
  const seed = ['profile']
  const shape = [batch, ...network.input]
  const targets = new Float32Array(batch * network.classes)
  for (let b = 0; b < batch; b++) targets[b * network.classes + (b % network.classes)] = 1
  const scalars = { learningRate: 0.01, ...step.optimiser.scalars?.(0) }
  const feeds = {
    ...stateLayout(step).pack(initialise(parametersOf(network), initialiser, seed)),
    ...Object.fromEntries(Object.entries(scalars).map(([name, number]) => [name, floats([], number)])),
    ...maskFeed(graph.masks, seed)(0, 0),
    pixels: value(
      'uint8',
      shape,
      Uint8Array.from({ length: size(shape) }, (_, i) => (i * 7919) % 256),
    ),
    targets: floats([batch, network.classes], targets),
  }
  return profile(graph.outputs, feeds, rest)
}
