import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { versions } from '../base/versions.ts'
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

export interface CurvePoint {
  readonly iteration: number
  /** Mean training loss in nats over the iterations since the point before. */
  readonly loss: number
  /** Where it was measured. */
  readonly accuracy?: Accuracies
}

/** Share of images whose class a network in training gets right, in [0, 1]. */
export interface Accuracies {
  /** Over images as the phase's sampler draws them. */
  readonly train: number
  readonly test: number
}

/**
 * Writes a checkpoint so that a reader finds the old one or the new one, whole: into a temporary file, flushed, renamed. The
 * layout is a line with the hash of the rest, a line of JSON (names, sizes, loss curve) and the float32 values. Where writing fails,
 * as on a full disk, nothing but the old one stays.
 *
 * @param fixed tensors that whoever loads it has, by name: they are left out, since whitening alone is 36 MiB
 */
export async function saveCheckpoint(
  path: string,
  checkpoint: Checkpoint,
  fixed: Named<Float32Array> = {},
): Promise<void> {
  const { tensors, ...rest } = checkpoint
  const entries = Object.entries(tensors).filter(([name]) => !(name in fixed))
  const layout = entries.map(([name, data]) => [name, data.length] as const)
  const header = Buffer.from(`${JSON.stringify({ ...rest, layout, versions: versions() })}\n`)
  const values = entries.map(([, data]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  const content = Buffer.concat([header, ...values])
  await mkdir(dirname(path), { recursive: true })
  // Named by process: a worker that outlives its coordinator for a moment must not write into its successor's file.
  const temporary = `${path}.${process.pid}`
  try {
    await writeFile(temporary, [`${sha256(content)}\n`, content], { flush: true })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Removes the temporary files of writers that were killed from a folder of `*.checkpoint`, where nobody writes. */
export async function removeUnfinishedCheckpoints(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((name) => /\.checkpoint\.\d+$/.test(name))) await removeCheckpoint(join(folder, name))
}

/**
 * The checkpoint at `path`, or undefined where there is none, or it is damaged or of other software: the phase then starts again.
 *
 * @param fixed tensors that it was saved without, by name: they are put back
 */
export async function loadCheckpoint(path: string, fixed: Named<Float32Array> = {}): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch(() => undefined)
  if (!bytes) return undefined
  const hashEnd = bytes.indexOf('\n')
  const content = bytes.subarray(hashEnd + 1)
  if (bytes.toString('latin1', 0, Math.max(hashEnd, 0)) !== sha256(content)) return undefined

  const headerEnd = content.indexOf('\n')
  const { layout, versions: made, ...rest } = JSON.parse(content.toString('utf8', 0, headerEnd)) as Header
  if (JSON.stringify(made) !== JSON.stringify(versions())) return undefined
  const values = new Uint8Array(content.subarray(headerEnd + 1))
  const tensors: Record<string, Float32Array> = { ...fixed }
  let start = 0
  for (const [name, length] of layout) {
    tensors[name] = new Float32Array(values.buffer, start, length)
    start += tensors[name].byteLength
  }
  return { ...rest, tensors }
}

/** Removes a checkpoint that nothing waits for any more. */
export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true })
}

interface Header extends Omit<Checkpoint, 'tensors'> {
  readonly layout: readonly (readonly [name: string, length: number])[]
  readonly versions: Readonly<Record<string, string>>
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
