import type { Labels, Scores } from '../metrics/index.ts'

/** Examples of a class, and of the others, below which its best threshold says more of chance than of the class. */
const LEAST_EXAMPLES = 10

/**
 * For each class alone against the rest, the probability from which on calling it present has the best F1 = 2 TP / (2 TP + FP + FN)
 * on some images; null for a class of which, or beside which, there are fewer than 10. Of equally good thresholds the highest.
 *
 * A threshold lies half-way between two neighbouring probabilities, so that another runtime's rounding moves no image across it.
 * F1 depends on how frequent the class is: thresholds are for images with the shares of these.
 *
 * @param probabilities [N, C]
 * @param labels [N]
 */
export function f1Thresholds({ values, classes }: Scores, labels: Labels): (number | null)[] {
  return Array.from({ length: classes }, (_, c) => {
    const column = Array.from(labels, (label, n) => ({ probability: values[n * classes + c]!, present: label === c }))
    return bestThreshold(column.sort((a, b) => b.probability - a.probability))
  })
}

/** @param column by falling probability */
function bestThreshold(column: readonly { probability: number; present: boolean }[]): number | null {
  const positives = column.filter(({ present }) => present).length
  if (Math.min(positives, column.length - positives) < LEAST_EXAMPLES) return null
  let [hits, best, threshold] = [0, 0, 0]
  for (const [i, { probability, present }] of column.entries()) {
    if (present) hits++
    const next = column[i + 1]?.probability
    if (next === probability) continue
    // 2 TP + FP + FN are all that are called present, and all that are.
    const f1 = (2 * hits) / (i + 1 + positives)
    if (f1 > best) [best, threshold] = [f1, (probability + (next ?? 0)) / 2]
  }
  return threshold
}

/**
 * The classes that an image shows by their thresholds: any number of them, none too. A class without a threshold is never among them.
 *
 * @param probabilities [C] of one image
 * @param thresholds [C]
 */
export function presentClasses(probabilities: ArrayLike<number>, thresholds: readonly (number | null)[]): number[] {
  return thresholds.flatMap((threshold, c) => (threshold !== null && probabilities[c]! >= threshold ? [c] : []))
}
