import { EvenkeelError } from '../base/errors.ts'
import { compile, type Device, floats, type Program, release, type Shape, size, type Value } from '../engine/index.ts'
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

/** Parameters, running averages and optimiser state as the step's programs take them; what is fixed stays in it as it is. */
export type StepState = Readonly<Record<string, Value>>

/** How the state of a step stands in a checkpoint. */
export interface StateLayout {
  /**
   * The state with these numbers by name; a tensor of the optimiser that is not among them starts at 0.
   *
   * @throws EvenkeelError `train.start` where a parameter is not among them, or any is of another size
   */
  pack(tensors: Named<Float32Array>): StepState
  /**
   * The numbers of a state by name, without those that are fixed; those that are a bundle of their own come as views, good until the
   * next run.
   */
  unpack(state: StepState): Named<Float32Array>
}

/** A compiled training step: one program, or two where gradients are accumulated. */
export interface Stepper extends StateLayout {
  /** What each run must be fed as `mask/...`. */
  readonly masks: readonly Mask[]
  /**
   * One update from `state` to the next; a state that came from the run before is gone afterwards. `feed` gives pixels or features,
   * targets and masks of a micro-batch, counted from 0. The loss is the mean over the micro-batches, in nats.
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

/**
 * The numbers of one of the tensors that a training starts from.
 *
 * @throws EvenkeelError `train.start` where there are none, or more or fewer than the shape holds
 */
export function numbersOf(tensors: Named<Float32Array>, name: string, shape: Shape): Float32Array {
  const numbers = tensors[name]
  if (numbers?.length === size(shape)) return numbers
  throw new EvenkeelError(
    'train.start',
    `${name} [${shape.join(', ')}] must start from ${size(shape)} numbers, got ${numbers?.length ?? 'none'}`,
    'a start holds every parameter of the same network',
  )
}

/** The layout of a step's state: parameters and running averages, then what the optimiser keeps of each parameter. */
export function stateLayout(options: Pick<StepOptions, 'network' | 'trainable' | 'optimiser'>): StateLayout {
  const { trained, running, fixed } = stepBundles(options)
  const slots = Array.from({ length: options.optimiser.slots }, (_, slot) => slot)
  /** A tensor of the state: its name, its bundle, and what its members are called in a checkpoint. */
  const ofParameters = (bundle: Bundle) => ({
    name: bundle.name,
    bundle,
    memberName: (name: string) => name,
    startsAtZero: false,
  })
  const changing = [
    ...[...trained, ...running].map(ofParameters),
    ...trained.flatMap((bundle) =>
      slots.map((slot) => ({
        name: stateName(bundle.name, slot),
        bundle,
        memberName: (name: string) => stateName(name, slot),
        startsAtZero: true,
      })),
    ),
  ]
  return {
    pack: (given) =>
      Object.fromEntries(
        [...changing, ...fixed.map(ofParameters)].map(({ name, bundle, memberName, startsAtZero }) => [
          name,
          pack(bundle, (member) => {
            const own = memberName(member.name)
            return startsAtZero && !(own in given) ? undefined : numbersOf(given, own, member.shape)
          }),
        ]),
      ),
    unpack: (state) =>
      Object.fromEntries(
        changing.flatMap(({ name, bundle, memberName }) =>
          unpack(bundle, state[name]!).map(([member, numbers]) => [memberName(member.name), numbers]),
        ),
      ),
  }
}

/** Compiles a training step. */
export async function compileStep(options: StepOptions, device: Device = 'cpu'): Promise<Stepper> {
  const { optimiser, accumulate = 1 } = options
  const graph = accumulate === 1 ? stepGraph(options) : gradientGraph(options)
  const step = await compile(graph.outputs, { device })
  const update = accumulate === 1 ? undefined : await compile(updateGraph(options), { device })
  const noGradient = update ? Object.fromEntries(stepBundles(options).trained.map(zeroGradient)) : {}
  /** Results that the latest state consists of; they are freed when the next one has replaced them. */
  let held: readonly Value[] = []
  return {
    ...stateLayout(options),
    masks: graph.masks,
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
      const next = Object.fromEntries(Object.keys(state).map((name) => [name, values[name]!]))
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
