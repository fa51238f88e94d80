import { EvenkeelError } from '../base/errors.ts'
import { classCounts, type Dataset, imbalance, openDataset, profileLabel, split } from '../data/index.ts'
import type { DatasetInfo } from './comparison.ts'
import type { StudyConfig } from './config.ts'
import { type Plan, planStudy } from './plan.ts'
import { splitFor } from './split-for.ts'

/** What a study's record keeps beside its name: all that a plan needs. */
export interface StudySetup {
  readonly config: StudyConfig
  readonly datasets: readonly DatasetInfo[]
}

/** Opens the datasets of a config and plans the study, without training anything. */
export async function prepareStudy(config: StudyConfig): Promise<{ setup: StudySetup; plan: Plan }> {
  const datasets: DatasetInfo[] = []
  for (const reference of config.datasets) {
    datasets.push(describeDataset(config, reference, await openDataset(reference)))
  }
  return { setup: { config, datasets }, plan: planStudy(config, datasets) }
}

/** A window that may lie off the image altogether shows nothing. */
function requireVisible({ training }: StudyConfig, { name, shape: [, height, width] }: Dataset): void {
  const { pad = 0 } = training.augmentation ?? {}
  if (pad < Math.min(height, width)) return
  throw new EvenkeelError(
    'study.config',
    `training.augmentation.pad must be below the side of the images, got ${pad} for ${height}x${width} of '${name}'`,
  )
}

/**
 * What a study keeps of a dataset, so that a plan and a report need the files no more. Every profile is tried on it, so that
 * one that does not fit is an error before anything is trained.
 */
export function describeDataset(config: StudyConfig, reference: string, dataset: Dataset): DatasetInfo {
  requireVisible(config, dataset)
  const options = splitFor(config, dataset)
  const roles = split(dataset, options, [config.seed, 'split', dataset.name, 0])
  for (const profile of config.profiles) {
    try {
      imbalance(roles.train, profile, { minority: config.minority, seed: [config.seed] })
    } catch (error) {
      if (!(error instanceof EvenkeelError)) throw error
      const place = `'${profileLabel(profile)}' on '${dataset.name}'`
      throw new EvenkeelError(error.code, `${error.message} (${place})`, error.hint, { cause: error })
    }
  }
  const { name, description, shape, classNames, contentHash, maxPixel } = dataset
  return {
    reference,
    name,
    description,
    shape,
    classNames,
    contentHash,
    maxPixel,
    split: options,
    pool: classCounts(roles.train),
    selection: classCounts(roles.selection),
    test: classCounts(roles.test),
  }
}
