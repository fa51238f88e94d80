import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import type { StudyInput } from '../config.ts'
import { budaCifar10 } from './buda2018-cifar10.ts'
import { budaImagenet } from './buda2018-imagenet.ts'
import { budaMnist } from './buda2018-mnist.ts'
import { type Choose, type Preset, type ScaleName, scaleNames } from './preset.ts'
import { stretch } from './scale.ts'

/** Experiments by name. */
export const presets: readonly Preset[] = [budaMnist, budaCifar10, budaImagenet]

/** @throws EvenkeelError `study.preset` for an id that there is not */
export function presetById(id: string): Preset {
  const preset = presets.find((candidate) => candidate.id === id)
  if (preset) return preset
  const ids = presets.map((candidate) => candidate.id)
  throw new EvenkeelError('study.preset', `there is no experiment '${id}'`, didYouMean(id, ids))
}

export interface PresetOptions {
  /** @defaultValue 'full' */
  readonly scale?: string | undefined
  /** @defaultValue 'honest' */
  readonly choose?: Choose | undefined
  /** Iterations of a phase, in place of the scale's. */
  readonly iterations?: number | undefined
}

/**
 * An experiment's config at a scale.
 *
 * @throws EvenkeelError `study.preset` for an experiment or a scale that there is not
 */
export function presetConfig(id: string, { scale = 'full', choose, iterations }: PresetOptions = {}): StudyInput {
  const preset = presetById(id)
  if (!scaleNames.includes(scale as ScaleName)) {
    throw new EvenkeelError('study.preset', `there is no scale '${scale}'`, didYouMean(scale, scaleNames))
  }
  const { data, config } = preset
  const whole = { ...config, ...(choose === 'paper' && preset.testSelected) }
  const change = scale === 'full' ? undefined : preset.scales[scale as Exclude<ScaleName, 'full'>]
  const { iterations: fewer, batch, accumulate, ...rest } = change ?? {}
  const { training, search } = whole
  const isChosen = choose === 'paper' && (search?.learningRates?.length ?? 1) * (search?.repeats ?? 1) > 1
  const length = iterations ?? fewer ?? training!.iterations!
  return {
    ...whole,
    ...rest,
    preset: { id, scale },
    name: `${id.replace('/', '-')}${scale === 'full' ? '' : `-${scale}`}${isChosen ? '-test-selected' : ''}`,
    datasets: [data.reference(data.folder)],
    training: {
      ...training,
      ...(batch !== undefined && { batch }),
      ...(accumulate !== undefined && { accumulate }),
      iterations: length,
      schedule: stretch(training!.schedule, training!.iterations!, length),
    },
  } as StudyInput
}
