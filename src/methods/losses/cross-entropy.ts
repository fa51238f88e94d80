import { type FloatTensor, softmaxCrossEntropy } from '../../engine/index.ts'

/** What is minimised: a graph from logits and targets to a scalar, told the class counts of the training set. */
export interface Loss {
  readonly id: string
  /** JSON-able, part of the phase's key. */
  readonly options: Readonly<Record<string, number>>
  /** logits [N, C], targets [N, C] with rows that sum to 1, counts [C] -> scalar in nats. */
  graph(logits: FloatTensor, targets: FloatTensor, counts: readonly number[]): FloatTensor
}

/**
 * Softmax cross-entropy, the mean over the batch of -sum_c t_c log p_c. It takes no notice of class counts, which is why
 * rare classes lose: each counts for as much of the loss as it has examples.
 */
export function crossEntropy(): Loss {
  return { id: 'cross-entropy', options: {}, graph: (logits, targets) => softmaxCrossEntropy(logits, targets) }
}
