/**
 * What one or several studies found, laid out for the questions of the paper: by cell, method and replicate, on the test images
 * alone. Pages, claims and rules read nothing else.
 */

import type { Profile } from '../../data/index.ts'
import type { MetricId } from '../../metrics/index.ts'
import type { DatasetInfo } from '../comparison.ts'

/** A metric's value on the test images by replicate, ascending: what paired tests compare. */
export type ByReplicate = ReadonlyMap<number, number>

/** Accuracy of a network in training at an iteration, in [0, 1]. */
export interface Snapshot {
  readonly iteration: number
  /** On images as the phase's sampler draws them. */
  readonly train: number
  readonly test: number
}

export interface EvidenceCell {
  /** `<dataset>/<profile>`, unique among all studies. */
  readonly key: string
  readonly dataset: DatasetInfo
  readonly profile: Profile
  /** As asked; undefined where the profile has none. */
  readonly rho: number | undefined
  /** Fraction of minority classes, of step profiles. */
  readonly mu: number | undefined
  /** Classes of the dataset, and how many of them are the minority; undefined but for step profiles. */
  readonly classes: number
  readonly minorityClasses: number | undefined
  /** Unique training images. */
  readonly trainingExamples: number
  /** Iterations of a full phase. */
  readonly iterations: number
  /** The same for cells of one dataset that were trained alike: only these are compared with each other. */
  readonly protocol: string
  /** Keys of the methods that were run here, the baseline first: 'baseline', 'oversampling(level=0.5)', ... */
  readonly methods: readonly string[]
  /** 'minorityRecall' is the mean recall of the minority classes; empty where nothing is finished. */
  values(method: string, metric: MetricId | 'minorityRecall'): ByReplicate
  /** Of the method's first phase, by replicate; empty where none were taken. */
  snapshots(method: string): ReadonlyMap<number, readonly Snapshot[]>
}

export interface Evidence {
  readonly cells: readonly EvidenceCell[]
  /** As a legend shows a method: 'oversampling + thresholding'. */
  title(method: string): string
}
