import { isRunning, type Named, type Network, parametersOf } from '../nn/index.ts'
import type { StateLayout, StepState } from './stepper.ts'

/**
 * Running averages of batch normalisation for weights as they are: "precise BN" of Wu and Johnson 2021 (Rethinking "Batch" in
 * BatchNorm, section 3). Averages that were gathered on the way are of weights that have moved on since, and in a short training that
 * spoils evaluation more than anything else does.
 *
 * Each average is taken by its own convention. Caffe's starts anew: all batches count nearly alike (0.999 to the next). PyTorch's goes
 * on from the average that it had, which K batches leave 0.9^K of.
 *
 * @param numbers every parameter of the network, with the fixed ones; nothing of it is changed
 * @param step runs a training step at learning rate 0 on the k-th batch, counted from 0
 * @returns the running parameters alone
 */
export async function recomputedAverages(
  network: Network,
  layout: StateLayout,
  numbers: Named<Float32Array>,
  batches: number,
  step: (state: StepState, k: number) => Promise<StepState>,
): Promise<Named<Float32Array>> {
  const parameters = parametersOf(network)
  // Without numbers of its own the optimiser starts at zero, so that at rate 0 no weight moves.
  const start = parameters.map(({ name, role }) => {
    const own = numbers[name]!
    return [name, role === 'running weight' ? new Float32Array(own.length) : own] as const
  })
  let state = layout.pack(Object.fromEntries(start))
  for (let k = 0; k < batches; k++) state = await step(state, k)
  const found = layout.unpack(state)
  return Object.fromEntries(parameters.filter(isRunning).map(({ name }) => [name, found[name]!.slice()]))
}
