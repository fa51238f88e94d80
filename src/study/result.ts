import type { Evaluation } from '../metrics/index.ts'
import type { TrialRecord } from '../store/index.ts'

/** What a finished trial left, as the store keeps it: plain data, the same bits for the same trial key. */
export interface TrialResult {
  /** Unique training examples of each class, by label, before any sampling. */
  readonly counts: readonly number[]
  /** Labels from the most to the least frequent class. */
  readonly order: readonly number[]
  readonly minorityClasses: readonly number[]
  /** Reported; nothing is chosen by it. */
  readonly test: Evaluation
  /** What choices are made by; absent where the split has no such role. */
  readonly selection?: Evaluation
}

/** A stored trial with its result typed. */
export interface FinishedTrial extends TrialRecord {
  readonly result: TrialResult
}
