import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type Shape } from '../graph/shape.ts'
import type { Form } from '../graph/target.ts'
import { type Tensor, topologicalOrder } from '../graph/tensor.ts'
import { scopeOf } from '../onnx/model.ts'
import { inputName } from '../ops/leaf.ts'
import { optimise } from '../passes/optimise.ts'
import { loadRuntime } from './load.ts'
import { checkFeed, declaredInputs, type Value } from './program.ts'
import { type CompileOptions, openSession } from './session.ts'

/** What one operation of a graph costs in a run. */
export interface OperationCost {
  /** Name of the operation, as in `dump`: `conv2d`. */
  readonly operation: string
  /** What it computes from what: the inputs that have names, and the shapes of the others. */
  readonly operands: string
  readonly shape: Shape
  /** How a convolution was lowered. */
  readonly form: Form | undefined
  /** Median over the runs, of all that was emitted for it. */
  readonly milliseconds: number
  /** Multiplications and additions, where they are the cost; 0 elsewhere. */
  readonly flops: number
}

export interface Profile {
  /** Median time of a run by itself, without the clock at each kernel. */
  readonly milliseconds: number
  /** Runs that counted. */
  readonly runs: number
  /** The dearest first. */
  readonly operations: readonly OperationCost[]
}

export interface ProfileOptions extends CompileOptions {
  /** Runs that count; one more goes before them. @defaultValue 10 */
  readonly runs?: number
  /**
   * Time for all runs together, in seconds, about: where they take longer, fewer count, though two do whenever two were asked for.
   * @defaultValue no limit
   */
  readonly seconds?: number
}

/** Runs that count however long they take. */
const LEAST_RUNS = 2

/**
 * Runs the graph behind `outputs`, first as it is, then with the runtime's own clock at each kernel, and says what each operation
 * costs. What the runtime added or moved by itself is the operation 'runtime'.
 */
export async function profile(
  outputs: Readonly<Record<string, Tensor>>,
  feeds: Readonly<Record<string, Value>>,
  { runs = 10, seconds = Number.POSITIVE_INFINITY, ...options }: ProfileOptions = {},
): Promise<Profile> {
  const graph = optimise(outputs)
  const order = topologicalOrder(Object.values(graph))
  const runtime = await loadRuntime()
  const inputs: Record<string, InstanceType<typeof runtime.Tensor>> = {}
  for (const [name, declared] of declaredInputs(graph)) {
    const given = feeds[name]
    checkFeed(name, declared, given)
    inputs[name] = new runtime.Tensor(given.dtype, given.data as Float32Array, given.shape)
  }
  /** Milliseconds of each run but the first; no further one begins when the time for them is over. */
  const repeat = async (session: Awaited<ReturnType<typeof openSession>>, most: number, time: number) => {
    const times: number[] = []
    const begin = performance.now()
    while (times.length <= most && (times.length <= LEAST_RUNS || performance.now() - begin < time)) {
      const since = performance.now()
      await session.run(inputs)
      times.push(performance.now() - since)
    }
    return times.slice(1)
  }
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-profile-'))
  try {
    const plain = await openSession(graph, options)
    // Half of the time; as many runs with the clock at each kernel take the other half.
    const times = await repeat(plain, runs, 500 * seconds)
    await plain.release()
    const clocked = await openSession(graph, options, {
      enableProfiling: true,
      profileFilePrefix: join(folder, 'run'),
    })
    await repeat(clocked, times.length, Number.POSITIVE_INFINITY)
    clocked.endProfiling()
    await clocked.release()
    const [file] = await readdir(folder)
    const operations = costsOf(order, JSON.parse(await readFile(join(folder, file!), 'utf8')))
    return { milliseconds: median(times), runs: times.length, operations }
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface TraceEvent {
  readonly cat: string
  readonly name: string
  /** Microseconds. */
  readonly dur: number
}

const KERNEL = '_kernel_time'

function costsOf(order: readonly Tensor[], trace: readonly TraceEvent[]): OperationCost[] {
  const kernels = new Map<string, number[]>()
  for (const { cat, name, dur } of trace) {
    if (cat !== 'Node' || !name.endsWith(KERNEL)) continue
    const times = kernels.get(name)
    if (times) times.push(dur / 1000)
    else kernels.set(name, [dur / 1000])
  }
  const costs = new Map<number | undefined, { form: Form | undefined; milliseconds: number }>()
  for (const [name, times] of kernels) {
    const { index, form } = scopeOf(name)
    const sofar = costs.get(index)
    const milliseconds = (sofar?.milliseconds ?? 0) + median(times.slice(1))
    costs.set(index, { form: form ?? sofar?.form, milliseconds })
  }
  return [...costs]
    .map(([index, cost]): OperationCost => {
      const node = index === undefined ? undefined : order[index]
      if (!node) return { operation: 'runtime', operands: '', shape: [], flops: 0, ...cost }
      const { op, inputs, shape } = node
      const operands = inputs.map((operand) => inputName(operand) ?? describe(operand)).join(', ')
      return { operation: op.name, operands, shape, flops: op.flops?.(node) ?? 0, ...cost }
    })
    .sort((a, b) => b.milliseconds - a.milliseconds)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  if (sorted.length === 0) return 0
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
