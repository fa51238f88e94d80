import { isDeepStrictEqual } from 'node:util'
import type { DatasetInfo, Scale } from '../comparison.ts'
import { resolveConfig, type StudyConfig } from '../config.ts'
import { cellsOf, profilesOf, runsOf, trainingsOf } from '../plan.ts'
import { presetById, presetConfig } from './registry.ts'

/**
 * Which part of the experiment that it is named after a study is; undefined for a study of its own.
 *
 * @param datasets the images that it is run on, where they are known: their classes and pools may differ from the experiment's
 */
export function scaleOf(config: StudyConfig, datasets: readonly DatasetInfo[] = []): Scale | undefined {
  if (!config.preset) return undefined
  const { id, scale } = config.preset
  const preset = presetById(id)
  const { iterations } = config.training
  const whole = resolveConfig(presetConfig(id, { choose: config.choose }))
  const paced = resolveConfig(presetConfig(id, { choose: config.choose, iterations }))
  const differences = [
    ...countsFrom(whole, config, datasets),
    ...datasets.flatMap(({ classNames }) => amount('classes', classNames.length, preset.data.classes)),
    ...choicesFrom(paced, config).map((choice) => `another choice of ${choice}`),
  ]
  const share = imagesShown(config) / imagesShown(whole)
  const sentence =
    differences.length === 0
      ? `${id}, the whole experiment.`
      : `${id} at scale ${scale}: ${differences.join(', ')}; ${percent(share)} of the images that the whole experiment trains on.`
  return { preset: id, title: preset.title, sentence, share }
}

/** '5 of 50 replicates', for everything that is counted and is not as in the whole experiment. */
function countsFrom(whole: StudyConfig, config: StudyConfig, datasets: readonly DatasetInfo[]): string[] {
  const counted: readonly (readonly [what: string, count: (config: StudyConfig) => number])[] = [
    ['step settings', settings('step')],
    ['linear settings', settings('linear')],
    ['methods', ({ methods }) => methods.length],
    ['replicates', ({ replicates }) => replicates],
    ['runs of each', (given) => runsOf(given).length],
    ['iterations', ({ training }) => training.iterations],
    ['images a step', ({ training }) => training.batch],
  ]
  const pool = Math.min(...datasets.map((dataset) => Math.max(...dataset.pool)), config.split.poolPerClass ?? Infinity)
  return [
    ...counted.flatMap(([what, count]) => amount(what, count(config), count(whole))),
    ...(Number.isFinite(pool) ? amount('images in the pool of a class', pool, whole.split.poolPerClass!) : []),
  ]
}

function amount(what: string, here: number, whole: number): string[] {
  if (here === whole) return []
  return [here < whole ? `${here} of ${whole} ${what}` : `${here} ${what} in place of ${whole}`]
}

/** What is chosen otherwise than in the experiment, whose policy is stretched to the same iterations. */
function choicesFrom(paced: StudyConfig, config: StudyConfig): string[] {
  const choices: readonly (readonly [what: string, choice: (config: StudyConfig) => unknown])[] = [
    ['images', ({ datasets }) => datasets.map((reference) => reference.replace(/:[^?]*/, ''))],
    ['test images', ({ split }) => split.test],
    ['selection images', ({ split }) => split.selection],
    ['minority classes', ({ minority }) => minority],
    ['model', ({ model }) => model],
    ['initialiser', ({ initialiser }) => initialiser],
    ['preprocessing', ({ preprocessing }) => preprocessing],
    ['augmentation', ({ training }) => training.augmentation],
    ['optimiser', ({ training }) => [training.optimiser, training.clipNorm]],
    ['learning-rate policy', ({ training: { schedule } }) => ({ ...schedule, base: 0 })],
    ['learning rates', (given) => runsOf(given).map(({ learningRate }) => learningRate)],
    ['what is run beside the grid', trainedBeside],
    ['device', ({ device }) => device],
  ]
  return choices.filter(([, choice]) => !isDeepStrictEqual(choice(paced), choice(config))).map(([what]) => what)
}

/** Parts in which other networks are trained; snapshots train none. */
function trainedBeside({ also }: StudyConfig) {
  return also
    .filter(({ methods, replicates }) => methods !== undefined || replicates !== undefined)
    .map(({ snapshots: _, ...part }) => part)
}

function settings(kind: 'step' | 'linear') {
  return (config: StudyConfig) => profilesOf(config).filter((profile) => profile.kind === kind).length
}

/** Images that all trainings of the whole network see together. */
function imagesShown(config: StudyConfig): number {
  const { iterations, batch } = config.training
  const trainings = cellsOf(config, { name: '', reference: '' }).map(
    ({ methods, replicates }) => trainingsOf(methods) * replicates,
  )
  return trainings.reduce((sum, count) => sum + count, 0) * runsOf(config).length * iterations * batch
}

/** Two digits, '0.14 %'. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
