import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type * as ort from 'onnxruntime-node'
import { EvenkeelError } from '../../base/errors.ts'
import type { Device } from '../graph/target.ts'
import { toOnnx } from '../onnx/model.ts'
import { relu } from '../ops/elementwise.ts'
import { input } from '../ops/leaf.ts'
import { loadRuntime } from './load.ts'

/** Which devices there are on this machine, and what stands in the way of the others. */

/** What a device was found to be. */
export interface DeviceFinding {
  readonly device: Device
  readonly available: boolean
  /** Why it is not available; undefined where it is. */
  readonly reason: string | undefined
  readonly hint: string | undefined
}

const needs: Readonly<Record<Device, string | undefined>> = {
  cpu: undefined,
  webgpu: 'it needs a graphics card whose driver speaks Vulkan, Metal or Direct3D 12; docs/devices.md says more',
  cuda: 'it needs Linux on x64, an NVIDIA card, CUDA 12 and the download that docs/devices.md names',
}

/**
 * A session of each device that was asked for. They are never released: the sessions of a process share the kernels that were compiled
 * for a graphics card (seconds for a step), and the last one to go takes them along.
 */
const sessions = new Map<Device, Promise<ort.InferenceSession>>()

/**
 * Computes three numbers on a device, once a process. A broken driver may take the process with it; `findDevice` is safe from that.
 *
 * @throws EvenkeelError `engine.device` where it is not available, with the runtime's reason
 */
export async function requireDevice(device: Device): Promise<void> {
  let session = sessions.get(device)
  if (!session) {
    session = openChecked(device)
    sessions.set(device, session)
  }
  await session
}

async function openChecked(device: Device): Promise<ort.InferenceSession> {
  const runtime = await loadRuntime()
  const absent = (reason: string, cause?: unknown) =>
    new EvenkeelError('engine.device', `device '${device}' is not available: ${reason}`, needs[device], { cause })
  if (!runtime.listSupportedBackends().some(({ name }) => name === device)) {
    throw absent(`onnxruntime-node for ${process.platform}-${process.arch} was built without it`)
  }
  const model = toOnnx({ positive: relu(input('numbers', 'float32', [3])) })
  const numbers = new runtime.Tensor('float32', Float32Array.of(-1, 0, 2), [3])
  let session: ort.InferenceSession
  let result: string
  try {
    session = await runtime.InferenceSession.create(model, { executionProviders: [device], logSeverityLevel: 4 })
    const { positive } = await session.run({ numbers })
    result = Array.from(positive!.data as Float32Array).join(' ')
  } catch (cause) {
    throw absent(reasonOf(cause as Error), cause)
  }
  if (result !== '0 0 2') throw absent(`relu of -1 0 2 gave ${result}`)
  return session
}

/** The sentence behind the source positions and conditions that the runtime's messages begin with. */
function reasonOf({ message }: Error): string {
  return message
    .trim()
    .split('\n')[0]!
    .replace(/^.* was false\. /, '')
}

/** How long a device may take to compute three numbers, in milliseconds; a driver that builds its cache takes seconds. */
const PATIENCE = 60_000

/** Looks for a device in a process of its own, since a broken driver may crash the process that asks. */
export function findDevice(device: Device): Promise<DeviceFinding> {
  const script = fileURLToPath(new URL('./probe.js', import.meta.url))
  return new Promise((resolve) => {
    execFile(process.execPath, [script, device], { timeout: PATIENCE }, (error, stdout) => {
      // A driver may print beside the answer, or crash after it.
      const answer = answerIn(stdout)
      if (answer) return resolve(answer)
      const end = error?.killed
        ? `gave no answer in ${PATIENCE / 1000} s`
        : `crashed (${error?.signal ?? error?.code ?? 'without an answer'})`
      resolve({ device, available: false, reason: `a process that used it ${end}`, hint: 'look for a newer driver' })
    })
  })
}

function answerIn(output: string): DeviceFinding | undefined {
  try {
    return JSON.parse(output.trim().split('\n').at(-1)!)
  } catch {
    return undefined
  }
}
