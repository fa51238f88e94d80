import type { FailureRecord, PhaseRecord, StudyRecord, TrialRecord } from '../store/index.ts'
import { resolveConfig } from './config.ts'
import { isFinal } from './failure.ts'
import { type Ledger, ledgerOf } from './ledger.ts'
import { type Plan, planStudy } from './plan.ts'
import type { StudySetup } from './setup.ts'

/** What the store holds of a study. */
export interface StoredStudy {
  readonly study: StudyRecord
  readonly trials: readonly TrialRecord[]
  readonly phases: readonly PhaseRecord[]
  readonly failures: readonly FailureRecord[]
}

/** A study as its store holds it, ready for every question: the plan it follows and the trials that count. */
export interface OpenedStudy {
  readonly plan: Plan
  readonly ledger: Ledger
  /** Reason by the key of each trial that was given up. */
  readonly failed: ReadonlyMap<string, string>
  readonly done: number
}

/** Plans a stored study again and sorts its trials by the plan. */
export function openStored({ study, trials, phases, failures }: StoredStudy): OpenedStudy {
  const { config, datasets } = study.config as StudySetup
  // A study of an earlier version lacks what has come since, whose defaults leave it as it was.
  const plan = planStudy(resolveConfig(config, 'the stored config'), datasets)
  const done = new Set(trials.map(({ key }) => key))
  const failed = new Map(
    failures
      .filter(isFinal)
      .flatMap(({ trials: keys, reason }) => keys.filter((key) => !done.has(key)).map((key) => [key, reason] as const)),
  )
  return { plan, ledger: ledgerOf(plan, trials, phases, new Set(failed.keys())), failed, done: done.size }
}
