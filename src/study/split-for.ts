import type { Dataset, SplitOptions } from '../data/index.ts'
import type { StudyConfig } from './config.ts'

/**
 * How a dataset's examples get their roles: as the config says, else its official test set and 7 % of the rest for selection,
 * or 30 % and 15 % of everything where there is none.
 */
export function splitFor({ split }: StudyConfig, { officialTestStart }: Dataset): SplitOptions {
  const usual: SplitOptions =
    officialTestStart === undefined
      ? { test: { fraction: 0.3 }, selection: { fraction: 0.15 } }
      : { test: 'official', selection: { fraction: 0.07 } }
  const { selection = usual.selection, ...rest } = { ...usual, ...split }
  return selection === 'none' || selection === undefined ? rest : { ...rest, selection }
}
