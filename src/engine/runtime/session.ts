import type * as ort from 'onnxruntime-node'
import type { Device, Form, Target } from '../graph/target.ts'
import type { Tensor } from '../graph/tensor.ts'
import { toOnnx } from '../onnx/model.ts'
import { findBlockSize } from './block-size.ts'
import { requireDevice } from './devices.ts'
import { loadRuntime } from './load.ts'

export interface CompileOptions {
  /** @defaultValue 'cpu' */
  readonly device?: Device
  /** The form of convolutions wherever it can be taken, instead of the cost rule's choice. */
  readonly form?: Form
}

/** A step returns its parameters under the names that it takes them by; ONNX wants names to differ. */
export const resultName = (name: string) => `result/${name}`

/** Lowers the graph behind `outputs` for a device and loads it there; on the CPU for one thread. */
export async function openSession(
  outputs: Readonly<Record<string, Tensor>>,
  { device = 'cpu', form }: CompileOptions = {},
  more: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  const runtime = await loadRuntime()
  if (device !== 'cpu') await requireDevice(device)
  const blockSize = device === 'cpu' ? await findBlockSize(runtime) : 1
  const target: Target = { device, blockSize, ...(form && { form }) }
  const renamed = Object.fromEntries(Object.entries(outputs).map(([name, node]) => [resultName(name), node]))
  return runtime.InferenceSession.create(toOnnx(renamed, target), { ...sessionOptions(device), ...more })
}

export function sessionOptions(device: Device): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    // One thread a process: two trainings side by side scale perfectly, two threads in one do not.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Planning all of a step's memory as one block takes 25 MB more of a worker and makes LeNet-5's step no faster.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1' } },
  }
}
