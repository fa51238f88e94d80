import { type FloatTensor, labelSmoothing, softmaxCrossEntropy } from '../../engine/index.ts'

/** What is minimised: a graph from logits and targets to a scalar, told the class counts of the training set. */
export interface Loss {
  readonly id: string
  /** JSON-able, part of the phase's key. */
  readonly options: Readonly<Record<string, number>>
  /** logits [N, C], targets [N, C] with rows that sum to 1, counts [C] -> scalar in nats. */
  graph(logits: FloatTensor, targets: FloatTensor, counts: readonly number[]): FloatTensor
}

export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes, in [0, 1). @defaultValue 0 */
  readonly smoothing?: number
}

/**
 * Softmax cross-entropy, the mean over the batch of -sum_c t_c log p_c. It takes no notice of class counts, which is why
 * rare classes lose: each counts for as much of the loss as it has examples. With label smoothing the targets are
 * (1 - smoothing) t + smoothing / C, which keeps logits from growing without bound (Szegedy et al. 2016, section 7).
 */
export function crossEntropy({ smoothing = 0 }: CrossEntropyOptions = {}): Loss {
  return {
    id: 'cross-entropy',
    options: { smoothing },
    graph: (logits, targets) =>
      softmaxCrossEntropy(logits, smoothing === 0 ? targets : labelSmoothing(targets, smoothing)),
  }
}
