import { csvText } from './csv.ts'
import type { ModelManifest } from './manifest.ts'
import type { Prediction } from './predict.ts'

/** How many files there were, by what became of them. */
export interface PredictionCounts {
  /** All of them. */
  readonly files: number
  readonly decided: number
  readonly abstained: number
  /** Could not be read or decoded. */
  readonly failed: number
}

/** Predictions as text, piece by piece: the head, rows as they come, the end. */
export interface PredictionText {
  head(): string
  rows(batch: readonly Prediction[]): string
  end(counts: PredictionCounts): string
}

/** A row a file: path, label, confidence, abstained, error, present (labels with | between them), and the probability of each class. */
export function predictionCsv({ labels }: ModelManifest): PredictionText {
  return {
    head: () =>
      csvText([
        ['path', 'label', 'confidence', 'abstained', 'error', 'present', ...labels.map((label) => `p_${label}`)],
      ]),
    rows: (batch) =>
      csvText(
        batch.map((one) =>
          'fault' in one
            ? [one.path, undefined, undefined, undefined, one.fault, undefined, ...labels.map(() => undefined)]
            : [
                one.path,
                one.label,
                digits(one.confidence),
                one.abstained,
                undefined,
                one.present.join('|'),
                ...Array.from(one.probabilities, digits),
              ],
        ),
      ),
    end: () => '',
  }
}

/** One document: the model, the predictions a line each, and how many there are. */
export function predictionJson({ name, method, labels }: ModelManifest): PredictionText {
  let separator = '\n'
  return {
    head: () => `{"schemaVersion":1,"model":${JSON.stringify({ name, method: method.key, labels })},"predictions":[`,
    rows: (batch) =>
      batch
        .map((one) => {
          const text = separator + JSON.stringify('fault' in one ? { path: one.path, error: one.fault } : answer(one))
          separator = ',\n'
          return text
        })
        .join(''),
    end: (counts) => `\n],"counts":${JSON.stringify(counts)}}\n`,
  }

  function answer({
    path,
    label,
    confidence,
    abstained,
    present,
    probabilities,
  }: Exclude<Prediction, { fault: string }>) {
    const byLabel = Object.fromEntries(labels.map((one, c) => [one, digits(probabilities[c]!)]))
    return { path, label, confidence: digits(confidence), abstained, present, probabilities: byLabel }
  }
}

/** As many digits as 32 bits hold. */
function digits(probability: number): number {
  return Number(probability.toPrecision(7))
}
