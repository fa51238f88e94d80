import { mean } from '../stats/index.ts'
import { type Contrast, pairUp } from './contrast.ts'
import type { FinishedTrial } from './result.ts'

/**
 * A method's value over all cells, by replicate: the mean over the cells. Cells share images and starting weights within a
 * replicate, so they are no evidence of their own; replicates are.
 */
export interface Overall {
  readonly method: string
  readonly byReplicate: ReadonlyMap<number, number>
  readonly mean: number
}

/** Only replicates count in which the method finished every cell; a method without any is left out. */
export function overall(
  trials: readonly FinishedTrial[],
  methods: readonly string[],
  cells: number,
  metric: string,
  role: 'test' | 'selection',
): Overall[] {
  return methods.flatMap((method) => {
    const values = new Map<number, number[]>()
    for (const trial of trials) {
      const value = trial.method === method ? trial.result[role]?.metrics[metric as 'rocAuc'] : undefined
      if (value !== undefined) values.set(trial.replicate, [...(values.get(trial.replicate) ?? []), value])
    }
    const whole = [...values].filter(([, list]) => list.length === cells)
    if (whole.length === 0) return []
    const byReplicate = new Map(whole.map(([replicate, list]) => [replicate, mean(list)]))
    return [{ method, byReplicate, mean: mean([...byReplicate.values()]) }]
  })
}

/** `a` against `b`, paired over replicates; undefined when they share none. */
export function contrastOverall(a: Overall, b: Overall): Omit<Contrast, 'pHolm' | 'verdict'> | undefined {
  return pairUp(a.byReplicate, b.byReplicate)
}
