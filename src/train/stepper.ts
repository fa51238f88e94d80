import { compile, type Device, floats, type Program, release, size, type Value } from '../engine/index.ts'
import type { Mask, Named } from '../nn/index.ts'
import { type Bundle, pack, unpack } from './flat.ts'
import {
  gradientGraph,
  gradientName,
  type StepOptions,
  stateName,
  stepBundles,
  stepGraph,
  updateGraph,
} from './step.ts'

/** Parameters, running averages and optimiser state as the step's programs take them. */
export type StepState = Readonly<Record<string, Value>>

/** A compiled training step: one program, or two where gradients are accumulated. */
export interface Stepper {
  /** What each run must be fed as `mask/...`. */
  readonly masks: readonly Mask[]
  /** The state with these numbers by name; a tensor of the optimiser that is not among them starts at 0. */
  pack(tensors: Named<Float32Array>): StepState
  /** The numbers of a state by name: those of large parameters as views. */
  unpack(state: StepState): Named<Float32Array>
  /**
   * One update from `state` to the next; a state that came from the run before is gone afterwards. `feed` gives pixels or features, targets and masks of a micro-batch, counted from 0. The
   * loss is the mean over the micro-batches, in nats.
   */
  run(
    state: StepState,
    feed: (microBatch: number) => Promise<Named<Value>>,
    pace: Pace,
  ): Promise<{ state: StepState; loss: number }>
  /** Frees the programs. */
  dispose(): Promise<void>
}

export interface Pace {
  readonly learningRate: number
  /** Counted from 0. */
  readonly iteration: number
}

/** Compiles a training step. */
export async function compileStep(options: StepOptions, device: Device = 'cpu'): Promise<Stepper> {
  const { optimiser, accumulate = 1 } = options
  const { trained, running } = stepBundles(options)
  const slots = Array.from({ length: optimiser.slots }, (_, slot) => slot)
  const graph = accumulate === 1 ? stepGraph(options) : gradientGraph(options)
  const step = await compile(graph.outputs, { device })
  const update = accumulate === 1 ? undefined : await compile(updateGraph(options), { device })
  const noGradient = update ? Object.fromEntries(trained.map(zeroGradient)) : {}
  /** Every tensor of the state: its name, its bundle, and what its members are called in a checkpoint. */
  const tensors = [
    ...[...trained, ...running].map((bundle) => ({ name: bundle.name, bundle, memberName: (name: string) => name })),
    ...trained.flatMap((bundle) =>
      slots.map((slot) => ({
        name: stateName(bundle.name, slot),
        bundle,
        memberName: (name: string) => stateName(name, slot),
      })),
    ),
  ]
  /** Results that the latest state consists of; they are freed when the next one has replaced them. */
  let held: readonly Value[] = []
  return {
    masks: graph.masks,
    pack: (numbers) =>
      Object.fromEntries(
        tensors.map(({ name, bundle, memberName }) => [
          name,
          pack(bundle, (member) => numbers[memberName(member.name)]),
        ]),
      ),
    unpack: (state) =>
      Object.fromEntries(
        tensors.flatMap(({ name, bundle, memberName }) =>
          unpack(bundle, state[name]!).map(([member, numbers]) => [memberName(member.name), numbers]),
        ),
      ),
    async run(state, feed, { learningRate, iteration }) {
      const scalars = Object.entries({ learningRate, ...optimiser.scalars?.(iteration) })
      const pace = Object.fromEntries(scalars.map(([name, value]) => [name, floats([], value)]))
      let values: Record<string, Value> = { ...state, ...noGradient }
      let total = 0
      const made = [...held]
      const run = async (program: Program, feeds: Named<Value>) => {
        const results = await program.run({ ...values, ...pace, ...feeds })
        made.push(...Object.values(results))
        values = { ...values, ...results }
        return results
      }
      for (let microBatch = 0; microBatch < accumulate; microBatch++) {
        const { loss } = await run(step, await feed(microBatch))
        total += Number(loss!.data[0])
      }
      if (update) await run(update, {})
      const next = Object.fromEntries(tensors.map(({ name }) => [name, values[name]!]))
      const current = new Set(Object.values(next))
      release(made.filter((value) => !current.has(value)))
      held = made.filter((value) => current.has(value))
      return { state: next, loss: total / accumulate }
    },
    async dispose() {
      await step.dispose()
      await update?.dispose()
    },
  }
}

function zeroGradient({ name, shape }: Bundle): [string, Value] {
  return [gradientName(name), floats(shape, new Float32Array(size(shape)))]
}
