import { EvenkeelError } from '../../base/errors.ts'

export interface LevelOptions {
  /**
   * How much of the imbalance is removed, in [0, 1]: of the imbalance ratio rho, rho^(1 - level) is left. 1 balances fully, 0
   * changes nothing. Default 1, the paper's; its section 4.5 varies it.
   */
  readonly level?: number
}

/** @throws EvenkeelError `sampler.option` for a level outside [0, 1] */
export function checkedLevel(sampler: string, level: number): number {
  if (level >= 0 && level <= 1) return level
  throw new EvenkeelError(
    'sampler.option',
    `${sampler}.level must be between 0 and 1, got ${level}`,
    '1 balances the classes fully, 0 changes nothing',
  )
}

/** Sizes of the extreme classes, and rho' = rho^(1 - level), the ratio that a sampler of this level leaves. */
export function ratioLeft(
  counts: readonly number[],
  level: number,
): { largest: number; smallest: number; ratio: number } {
  const empty = counts.findIndex((count) => count < 1)
  if (empty >= 0) {
    throw new EvenkeelError(
      'sampler.empty-class',
      `class ${empty} has no training example, so classes can't be balanced`,
    )
  }
  const largest = Math.max(...counts)
  const smallest = Math.min(...counts)
  return { largest, smallest, ratio: (largest / smallest) ** (1 - level) }
}
