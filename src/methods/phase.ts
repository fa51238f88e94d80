import { crossEntropy } from './losses/cross-entropy.ts'
import type { Phase } from './method.ts'
import { natural } from './samplers/natural.ts'

/** A phase that trains everything on the data as they are, but for what is said otherwise. */
export function phase(changes: Partial<Phase> = {}): Phase {
  return { sampler: natural(), loss: crossEntropy(), trainable: 'all', learningRateFactor: 1, ...changes }
}

/** The second phase of two-phase training: the head alone, on the original imbalanced set, at a tenth of the rate. */
export function headTuning(): Phase {
  return phase({ trainable: 'head', learningRateFactor: 0.1 })
}
