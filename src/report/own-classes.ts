import type { ClassEffect, ClassResult, Comparison } from '../study/comparison.ts'
import { baselineId } from './theme.ts'

/** Whether some cell is a set that is studied as it is, whose classes go by their names. */
export function hasOwnClasses({ cells }: Comparison): boolean {
  return cells.some(({ classEffects }) => classEffects !== undefined)
}

/** Whether some cell's classes go by their ranks, since replicates give the same class different sizes. */
export function hasRankedClasses({ cells }: Comparison): boolean {
  return cells.length === 0 || cells.some(({ classEffects }) => classEffects === undefined)
}

/** The method that is set beside the baseline class by class: the one that the advice speaks of, else the first. */
export function remedyOf({ advice, methods }: Comparison): string | undefined {
  const remedies = methods.map(({ id }) => id).filter((id) => id !== baselineId)
  return [advice.own?.remedy, advice.method].find((id) => id !== undefined && remedies.includes(id)) ?? remedies[0]
}

export function classResult({ results }: ClassEffect, method: string): ClassResult | undefined {
  return results.find((result) => result.method === method)
}
