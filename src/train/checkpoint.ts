import { createHash } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Named } from '../nn/index.ts'

/** Where a phase stands: everything that the next iteration needs and that cannot be derived from the study's seed. */
export interface Checkpoint {
  /** Iterations done. */
  readonly iteration: number
  readonly curve: readonly CurvePoint[]
  /** Sum of the losses since the curve's last point. */
  readonly pendingLoss: number
  /** Parameters and optimiser state by name. */
  readonly tensors: Named<Float32Array>
}

/** Mean training loss in nats over the iterations since the point before. */
export interface CurvePoint {
  readonly iteration: number
  readonly loss: number
}

/**
 * Writes a checkpoint so that a reader finds the old one or the new one, whole: into a temporary file, flushed, renamed. The
 * layout is a line of JSON (names, sizes, hash) and the float32 values.
 */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { tensors, ...rest } = checkpoint
  const entries = Object.entries(tensors)
  const values = Buffer.concat(entries.map(([, data]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)))
  const layout = entries.map(([name, data]) => [name, data.length] as const)
  const header = JSON.stringify({ ...rest, layout, sha256: sha256(values) })
  await mkdir(dirname(path), { recursive: true })
  // Named by process: a worker that outlives its coordinator for a moment must not write into its successor's file.
  const temporary = `${path}.${process.pid}`
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(`${header}\n`)
    await file.writeFile(values)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/** The checkpoint at `path`, or undefined where there is none or it is damaged: the phase then starts again. */
export async function loadCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch(() => undefined)
  const end = bytes?.indexOf(10) ?? -1
  if (!bytes || end < 0) return undefined
  const header = parseHeader(bytes.subarray(0, end).toString('utf8'))
  const values = bytes.subarray(end + 1)
  if (!header || header.sha256 !== sha256(values)) return undefined
  const floats = new Float32Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength))
  const tensors: Record<string, Float32Array> = {}
  let next = 0
  for (const [name, length] of header.layout) {
    tensors[name] = floats.slice(next, next + length)
    next += length
  }
  return { iteration: header.iteration, curve: header.curve, pendingLoss: header.pendingLoss, tensors }
}

/** Removes a checkpoint that nothing waits for any more. */
export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true })
}

interface Header extends Omit<Checkpoint, 'tensors'> {
  readonly layout: readonly (readonly [name: string, length: number])[]
  readonly sha256: string
}

function parseHeader(line: string): Header | undefined {
  try {
    return JSON.parse(line) as Header
  } catch {
    return undefined
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
