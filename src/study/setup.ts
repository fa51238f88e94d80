import { EvenkeelError } from '../base/errors.ts'
import {
  classCounts,
  clustersOf,
  type Dataset,
  type Examples,
  imbalance,
  type OpenOptions,
  openDataset,
  profileLabel,
  split,
} from '../data/index.ts'
import { type Device, findDevice } from '../engine/index.ts'
import { checkBackboneImages } from '../train/index.ts'
import type { DatasetInfo } from './comparison.ts'
import type { StudyConfig } from './config.ts'
import { modelLabel, networkFor } from './network-for.ts'
import { type Plan, planStudy, profilesOf } from './plan.ts'
import { splitFor } from './split-for.ts'

/** What a study's record keeps beside its name: all that a plan needs. */
export interface StudySetup {
  readonly config: StudyConfig
  readonly datasets: readonly DatasetInfo[]
}

/**
 * Opens the datasets of a config and plans the study, without training anything.
 *
 * @param options progress and stop of images that are decoded, since no cache holds them yet
 * @throws EvenkeelError `data.stopped` where that is stopped, those of `openDataset` and `planStudy`
 */
export async function prepareStudy(
  config: StudyConfig,
  options: OpenOptions = {},
): Promise<{ setup: StudySetup; plan: Plan; opened: readonly Dataset[] }> {
  const opened: Dataset[] = []
  const datasets: DatasetInfo[] = []
  for (const reference of config.datasets) {
    const dataset = await openDataset(reference, options)
    opened.push(dataset)
    datasets.push(describeDataset(config, reference, dataset))
  }
  return { setup: { config, datasets }, plan: planStudy(config, datasets), opened }
}

/**
 * Looks for a device in a process of its own, before anything is written or measured; the processor is always there.
 *
 * @throws EvenkeelError `engine.device` where it is absent
 */
export async function checkDevice(device: Device): Promise<void> {
  if (device === 'cpu') return
  const { available, reason = `device '${device}' is not available`, hint } = await findDevice(device)
  if (!available) throw new EvenkeelError('engine.device', reason, hint)
}

/** A window that may lie off the image altogether shows nothing. */
function requireVisible({ training }: StudyConfig, { name, shape: [, height, width] }: Dataset): void {
  const { pad } = training.augmentation
  if (pad < Math.min(height, width)) return
  throw new EvenkeelError(
    'study.config',
    `training.augmentation.pad must be below the side of the images, got ${pad} for ${height}x${width} of '${name}'`,
  )
}

/**
 * What a study keeps of a dataset, so that a plan and a report need the files no more. The model and every profile are
 * tried on it, so that one that does not fit is an error before anything is trained.
 */
export function describeDataset(config: StudyConfig, reference: string, dataset: Dataset): DatasetInfo {
  requireVisible(config, dataset)
  if (config.backbone) checkBackboneImages(config.backbone, dataset)
  naming(`'${modelLabel(config)}' on '${dataset.name}'`, () => networkFor(config, dataset))
  const options = splitFor(config, dataset)
  const roles = split(dataset, options, [config.seed, 'split', dataset.name, 0])
  for (const profile of profilesOf(config)) {
    naming(`'${profileLabel(profile)}' on '${dataset.name}'`, () =>
      imbalance(roles.train, profile, { minority: config.minority, pool: options.poolPerClass, seed: [config.seed] }),
    )
  }
  const testUnits = unitsOf(roles.test, options.duplicates === 'together')
  const { name, description, shape, classNames, contentHash, maxPixel, notes, leftOut } = dataset
  return {
    reference,
    name,
    description,
    shape,
    classNames,
    contentHash,
    maxPixel,
    notes,
    leftOut,
    split: options,
    pool: classCounts(roles.train),
    selection: classCounts(roles.selection),
    test: classCounts(roles.test),
    ...(testUnits && { testUnits }),
  }
}

/** By class, how many different things its images show; undefined where every image of the set stands alone. */
function unitsOf({ dataset, indices }: Examples<'test'>, duplicates: boolean): number[] | undefined {
  const clusters = clustersOf(dataset, { duplicates })
  if (!clusters) return undefined
  const units = dataset.classNames.map(() => new Set<number>())
  for (const index of indices) units[dataset.labels[index]!]!.add(clusters[index]!)
  return units.map(({ size }) => size)
}

/** Tries something; a mistake that it finds is said with its place. */
function naming(place: string, attempt: () => unknown): void {
  try {
    attempt()
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error
    throw new EvenkeelError(error.code, `${error.message} (${place})`, error.hint, { cause: error })
  }
}
