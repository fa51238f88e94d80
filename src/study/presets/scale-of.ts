import { isDeepStrictEqual } from 'node:util'
import type { Scale } from '../comparison.ts'
import { resolveConfig, type StudyConfig } from '../config.ts'
import { cellsOf, profilesOf, runsOf, trainingsOf } from '../plan.ts'
import { presetById, presetConfig } from './registry.ts'

/** Which part of the experiment that it is named after a study is; undefined for a study of its own. */
export function scaleOf(config: StudyConfig): Scale | undefined {
  if (!config.preset) return undefined
  const { id, scale } = config.preset
  const whole = resolveConfig(presetConfig(id, { choose: config.choose }))
  const differences = differencesFrom(whole, config)
  const share = imagesShown(config) / imagesShown(whole)
  const sentence =
    differences.length === 0
      ? `${id}, the whole experiment.`
      : `${id} at scale ${scale}: ${differences.join(', ')}; ${percent(share)} of the images that the whole experiment trains on.`
  return { preset: id, title: presetById(id).title, sentence, share }
}

/** '5 of 50 replicates', for everything that decides how much a study trains and is not as in the whole experiment. */
function differencesFrom(whole: StudyConfig, config: StudyConfig): string[] {
  const counted: readonly (readonly [what: string, count: (config: StudyConfig) => number | undefined])[] = [
    ['step settings', settings('step')],
    ['linear settings', settings('linear')],
    ['methods', ({ methods }) => methods.length],
    ['replicates', ({ replicates }) => replicates],
    ['runs of each', (given) => runsOf(given).length],
    ['iterations', ({ training }) => training.iterations],
    ['images a step', ({ training }) => training.batch],
    ['images in the pool of a class', ({ split }) => split.poolPerClass],
  ]
  const counts = counted.flatMap(([what, count]) => {
    const [of, here] = [count(whole), count(config)]
    return of === here ? [] : [`${here ?? 'all'} of ${of ?? 'all'} ${what}`]
  })
  const choices: readonly (readonly [what: string, choice: (config: StudyConfig) => unknown])[] = [
    ['images', ({ datasets }) => datasets.map((reference) => reference.split(':')[0])],
    ['model', ({ model }) => model],
    ['minority classes', ({ minority }) => minority],
    ['preprocessing', ({ preprocessing }) => preprocessing],
    ['initialiser', ({ initialiser }) => initialiser],
    ['optimiser', ({ training }) => training.optimiser],
    ['augmentation', ({ training }) => training.augmentation],
    ['test images', ({ split }) => split.test],
  ]
  const named = choices.filter(([, choice]) => !isDeepStrictEqual(choice(whole), choice(config))).map(([what]) => what)
  return [...counts, ...named.map((key) => `another choice of ${key}`)]
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
function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
