import type { Named } from '../nn/index.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { type PhaseHooks, type PhaseResult, type PhaseSetup, trainPhase } from './phase.ts'

export interface ContinueOptions extends Omit<PhaseHooks, 'resume' | 'checkpoint'> {
  /** Where the phase's checkpoint lies. */
  readonly path: string
  /** Parameters that were fitted before and that nothing changes: the file leaves them out. @defaultValue none */
  readonly fixed?: Named<Float32Array>
}

/**
 * Runs a phase on from its checkpoint, or from the start where there is none, and leaves a checkpoint where it ended or was stopped. A
 * phase that has ended before costs nothing: its setup is asked for only where there is something to train.
 */
export async function continuePhase(
  iterations: number,
  setup: () => Promise<PhaseSetup>,
  { path, fixed = {}, ...hooks }: ContinueOptions,
): Promise<PhaseResult> {
  const resume = await loadCheckpoint(path, fixed)
  if (resume?.iteration === iterations) return resume
  const save = (checkpoint: PhaseResult) => saveCheckpoint(path, checkpoint, fixed)
  const result = await trainPhase(await setup(), { ...hooks, resume, checkpoint: save })
  await save(result)
  return result
}
