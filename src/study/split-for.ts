import type { Dataset, SplitOptions } from '../data/index.ts'
import type { StudyConfig } from './config.ts'

/**
 * How a dataset's examples get their roles: as the config says, else its official test and selection sets, with 7 % of the rest for
 * selection where there is none, or 30 % and 15 % of everything where there is no official test set.
 */
export function splitFor({ split }: StudyConfig, dataset: Dataset): SplitOptions {
  const { officialTestStart, officialSelectionStart } = dataset
  const share = { fraction: officialTestStart === undefined ? 0.15 : 0.07 }
  const test = split.test ?? (officialTestStart === undefined ? { fraction: 0.3 } : 'official')
  const keepsOfficial = test === 'official' || 'official' in test
  const { selection = keepsOfficial && officialSelectionStart !== undefined ? 'official' : share, ...rest } = split
  return { test, ...rest, ...(selection !== 'none' && { selection }) }
}
