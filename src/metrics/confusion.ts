/**
 * Decision metrics: all that can be said of N predicted classes is in their confusion matrix, and every function here reads
 * nothing else.
 *
 * Where 0 / 0 arises: recall is undefined for a class without examples, and precision and F1 for one that neither occurs nor
 * is predicted; means leave such classes out. A class that occurs but is never predicted has precision 0 (as scikit-learn).
 */
import { EvenkeelError } from '../base/errors.ts'
import { checkLabels, type Labels, macro, type PerClass } from './scores.ts'

/** Counts [C, C]: `confusion[i][j]` examples of class i were predicted as j. */
export type Confusion = readonly (readonly number[])[]

/**
 * Counts labels [N] against predictions [N], both integers in 0 .. classes-1.
 * Errors: different lengths, no examples, a class out of range.
 */
export function confusionMatrix(labels: Labels, predictions: Labels, classes: number): Confusion {
  if (labels.length !== predictions.length) {
    throw new EvenkeelError(
      'metrics.shape',
      `predictions must be as many as labels (${labels.length}), got ${predictions.length}`,
    )
  }
  checkLabels(labels, classes, 'labels')
  checkLabels(predictions, classes, 'predictions')
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let n = 0; n < labels.length; n++) confusion[labels[n]!]![predictions[n]!]!++
  return confusion
}

/** Examples of each class, [C]: the row sums. */
export function support(confusion: Confusion): readonly number[] {
  return confusion.map(sum)
}

/** Predictions of each class, [C]: the column sums. */
function predicted(confusion: Confusion): readonly number[] {
  return confusion.map((_, k) => sum(confusion.map((row) => row[k]!)))
}

/** Share of right predictions, in [0, 1]. On imbalanced data it mostly tells how the majority fares. */
export function accuracy(confusion: Confusion): number {
  return sum(diagonal(confusion)) / sum(support(confusion))
}

/** Recall (sensitivity) of each class, TP / (TP + FN); undefined for a class without examples. */
export function recall(confusion: Confusion): PerClass {
  const occurrences = support(confusion)
  return diagonal(confusion).map((hits, k) => ratio(hits, occurrences[k]!))
}

/** Precision of each class, TP / (TP + FP): 0 for a class never predicted, undefined for one that does not occur either. */
export function precision(confusion: Confusion): PerClass {
  const occurrences = support(confusion)
  const predictions = predicted(confusion)
  return diagonal(confusion).map((hits, k) =>
    predictions[k] === 0 && occurrences[k]! > 0 ? 0 : ratio(hits, predictions[k]!),
  )
}

/** F1 of each class, 2 TP / (2 TP + FP + FN); undefined for a class that neither occurs nor is predicted. */
export function f1(confusion: Confusion): PerClass {
  const occurrences = support(confusion)
  const predictions = predicted(confusion)
  return diagonal(confusion).map((hits, k) => ratio(2 * hits, occurrences[k]! + predictions[k]!))
}

/** Specificity of each class, TN / (TN + FP); undefined for a class that holds all examples. */
export function specificity(confusion: Confusion): PerClass {
  const occurrences = support(confusion)
  const predictions = predicted(confusion)
  const total = sum(occurrences)
  return diagonal(confusion).map((hits, k) => {
    const negatives = total - occurrences[k]!
    return ratio(negatives - (predictions[k]! - hits), negatives)
  })
}

/** Mean recall over the classes that occur (Brodersen et al. 2010; also macro recall): accuracy on a balanced test set. */
export function balancedAccuracy(confusion: Confusion): number {
  return macro(recall(confusion))!
}

/** Mean F1 weighted by how often each class occurs, in [0, 1]. */
export function f1Weighted(confusion: Confusion): number {
  const occurrences = support(confusion)
  const weighted = f1(confusion).map((value, k) => (value ?? 0) * occurrences[k]!)
  return sum(weighted) / sum(occurrences)
}

/**
 * Geometric mean of the recalls of the classes that occur (Kubat and Matwin 1997; Sun et al. 2006 for more than two
 * classes), in [0, 1]: one class never found makes it 0.
 */
export function geometricMean(confusion: Confusion): number {
  const recalls = recall(confusion).filter((value) => value !== undefined)
  return recalls.reduce((product, value) => product * value ** (1 / recalls.length), 1)
}

/**
 * Matthews correlation coefficient for many classes, R_K (Gorodkin 2004, equation 8), in [-1, 1], chance 0. It is 0, as in
 * scikit-learn, when all labels or all predictions are of one class.
 */
export function matthewsCorrelation(confusion: Confusion): number {
  const occurrences = support(confusion)
  const predictions = predicted(confusion)
  const n = sum(occurrences)
  const covariance = (a: readonly number[], b: readonly number[]) => n * n - dot(a, b)
  const scale = Math.sqrt(covariance(occurrences, occurrences)) * Math.sqrt(covariance(predictions, predictions))
  return scale === 0 ? 0 : (n * sum(diagonal(confusion)) - dot(occurrences, predictions)) / scale
}

/**
 * Cohen's kappa (1960): agreement beyond that of independent predictions with the same class frequencies, in [-1, 1],
 * chance 0. Undefined when labels and predictions are all of one and the same class.
 */
export function cohenKappa(confusion: Confusion): number | undefined {
  const occurrences = support(confusion)
  const n = sum(occurrences)
  const byChance = dot(occurrences, predicted(confusion))
  return ratio(n * sum(diagonal(confusion)) - byChance, n * n - byChance)
}

function diagonal(confusion: Confusion): readonly number[] {
  return confusion.map((row, k) => row[k]!)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, k) => value * b[k]!))
}

/** A share, or undefined of nothing. */
function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}
