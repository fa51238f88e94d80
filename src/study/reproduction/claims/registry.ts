/** The ten claims of the paper, each held against what studies found. */
import type { Evidence } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { steadierTraining } from './convergence.ts'
import { notFewerDataAlone } from './fewer-data.ts'
import { imbalanceHurts } from './imbalance-hurts.ts'
import { linearMild } from './linear-imbalance.ts'
import { oversamplingBest } from './oversampling.ts'
import { partialSampling } from './partial-sampling.ts'
import { thresholdingHelps } from './thresholding.ts'
import { undersamplingSavesTime } from './training-time.ts'
import { twoPhaseBetween } from './two-phase.ts'
import { undersamplingSeldomHelps } from './undersampling.ts'

/**
 * All ten, in the paper's order, whatever was run: what cannot be told is undecided. They are about imbalance that is made, step or
 * linear, from balanced classes; other profiles are left to the rules.
 */
export function claimsOf(evidence: Evidence): Claim[] {
  const cells = evidence.cells.filter(({ profile }) => ['step', 'linear', 'balanced'].includes(profile.kind))
  return [
    imbalanceHurts,
    oversamplingBest,
    undersamplingSeldomHelps,
    twoPhaseBetween,
    linearMild,
    notFewerDataAlone,
    thresholdingHelps,
    partialSampling,
    steadierTraining,
    undersamplingSavesTime,
  ].map((claim) => claim({ ...evidence, cells }))
}
