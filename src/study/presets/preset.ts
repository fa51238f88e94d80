import type { StudyConfig, StudyInput } from '../config.ts'

/** How much of an experiment is run. */
export const scaleNames = ['full', 'large', 'medium', 'small', 'smoke'] as const

export type ScaleName = (typeof scaleNames)[number]

export type Choose = StudyConfig['choose']

/** An experiment of a paper by name. */
export interface Preset {
  /** 'buda2018/mnist' */
  readonly id: string
  readonly title: string
  readonly source: string
  /** Where its images are looked for unless told otherwise, of how many classes, how such a folder is named, and how to get it. */
  readonly data: {
    readonly folder: string
    readonly classes: number
    readonly reference: (folder: string) => string
    readonly how: string
  }
  /** The whole experiment, but for data and name. */
  readonly config: StudyInput
  /** What choosing by the test images, as the paper did, changes. */
  readonly testSelected: Partial<StudyInput>
  /** What smaller scales change; the learning-rate policy is stretched to the iterations. */
  readonly scales: Readonly<Record<Exclude<ScaleName, 'full'>, ScaleChange>>
  /** How the paper's number of networks comes about. */
  readonly networks: readonly NetworkCount[]
  /** What the paper leaves open or is known otherwise, and what is done here. */
  readonly choices: readonly string[]
}

export interface ScaleChange extends Omit<Partial<StudyInput>, 'training'> {
  readonly iterations: number
  readonly batch?: number
  readonly accumulate?: number
}

/** A line of the paper's count: sets x procedures x runs. */
export interface NetworkCount {
  readonly what: string
  readonly sets: number
  /** Trainings of the whole network for each set; thresholding needs none of its own. */
  readonly procedures: number
  /** Runs of each set and procedure: learning rates and repeats. */
  readonly runs: number
}
