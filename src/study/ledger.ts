import { groupBy } from '../base/group-by.ts'
import type { PhaseRecord, TrialRecord } from '../store/index.ts'
import { type Plan, type Run, runsOf, type Trial } from './plan.ts'
import type { FinishedTrial, TrialResult } from './result.ts'

/** A finished trial that counts, with the run it was and the curve of its first phase. */
export interface Entry {
  readonly replicate: number
  readonly run: Run
  readonly result: TrialResult
  /** Key of its first phase, which methods may share. */
  readonly firstPhase: string
}

/** The trials that count, found by their place: of several runs of a set and method, the best one. */
export interface Ledger {
  /** By replicate, ascending. */
  entries(cell: string, method: string): ReadonlyMap<number, Entry>
  /** Curve of a phase; undefined before it is stored. */
  curve(phase: string): PhaseRecord['curve'] | undefined
  /** Replicates of which no run is left to finish and none has. */
  lost(cell: string, method: string): number
  /** Whether what counts was picked by its score on the test images. */
  readonly testSelected: boolean
}

/** The metric that runs and methods are chosen by, the paper's. */
export const CHOOSING_METRIC = 'rocAuc'

/**
 * Sorts what a store holds by the places of its plan.
 *
 * @param failed keys of trials that were given up
 */
export function ledgerOf(
  plan: Plan,
  trials: readonly TrialRecord[],
  phases: readonly PhaseRecord[],
  failed: ReadonlySet<string>,
): Ledger {
  const { choose } = plan.config
  const finished = new Map((trials as readonly FinishedTrial[]).map((trial) => [trial.key, trial]))
  const curves = new Map(phases.map(({ key, curve }) => [key, curve]))
  const parents = new Map(phases.map(({ key, parent }) => [key, parent]))
  const firstPhase = (key: string): string => {
    const parent = parents.get(key)
    return parent === undefined ? key : firstPhase(parent)
  }
  const places = byPlace(plan.trials)
  const score = ({ result }: FinishedTrial) =>
    (choose === 'paper' ? result.test : result.selection)?.metrics[CHOOSING_METRIC] ?? Number.NEGATIVE_INFINITY
  const entriesAt = (place: string) => {
    const entries = new Map<number, Entry>()
    for (const [replicate, candidates] of places.get(place) ?? []) {
      const done = candidates.flatMap((planned) => {
        const trial = finished.get(planned.key)
        return trial ? [{ planned, trial }] : []
      })
      // The best of one run is not the best of eight: a replicate counts when every run of it is done or given up.
      const isSettled = candidates.every(({ key }) => finished.has(key) || failed.has(key))
      if (done.length === 0 || !isSettled) continue
      const best = done.reduce((a, b) => (score(b.trial) > score(a.trial) ? b : a))
      const { result, phase } = best.trial
      entries.set(replicate, { replicate, run: best.planned.run, result, firstPhase: firstPhase(phase) })
    }
    return entries
  }
  const known = new Map<string, ReadonlyMap<number, Entry>>()
  return {
    entries(cell, method) {
      const place = placeOf({ cell, method })
      const entries = known.get(place) ?? entriesAt(place)
      known.set(place, entries)
      return entries
    },
    curve: (phase) => curves.get(phase),
    lost: (cell, method) =>
      [...(places.get(placeOf({ cell, method }))?.values() ?? [])].filter((candidates) =>
        candidates.every(({ key }) => failed.has(key)),
      ).length,
    testSelected: choose === 'paper' && runsOf(plan.config).length > 1,
  }
}

function placeOf({ cell, method }: { readonly cell: string; readonly method: string }): string {
  return `${cell}\n${method}`
}

/** Planned trials by cell and method, then by replicate. */
function byPlace(trials: readonly Trial[]): Map<string, Map<number, Trial[]>> {
  return new Map(
    [...groupBy(trials, placeOf)].map(([place, own]) => [place, groupBy(own, ({ replicate }) => replicate)]),
  )
}
