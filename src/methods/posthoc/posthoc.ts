/** What happens to a trained network's probabilities before a class is chosen. It trains nothing. */
export interface Posthoc {
  readonly id: string
  readonly options: Readonly<Record<string, number>>
  /**
   * probabilities [N, C] row-major -> scores [N, C]; `counts` [C] are the unique training examples of each class before any
   * sampling. Scores need not sum to 1; the highest in a row decides.
   */
  apply(probabilities: Float32Array, counts: readonly number[]): Float64Array
}

/** The probabilities as they are. */
export function unchanged(): Posthoc {
  return { id: 'unchanged', options: {}, apply: (probabilities) => Float64Array.from(probabilities) }
}
