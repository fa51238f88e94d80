import { mean, wilsonLimits } from '../stats/index.ts'
import type { CellSummary, ClassEffect, ClassResult, DatasetInfo } from './comparison.ts'
import { judged, pairUp } from './contrast.ts'
import type { Ledger } from './ledger.ts'
import type { TrialResult } from './result.ts'

/**
 * With fewer test images of a class in some split, nothing is said of it but how many were recognised: each image would move its
 * recall by more than 20 points.
 */
const FEWEST_TEST_IMAGES = 5

/** The part of a class effect that no method changes. */
type ClassInCell = Omit<ClassEffect, 'results'>

/**
 * What each method does for each class, most frequent class first; empty before a trial has finished.
 *
 * A method's differences to the baseline are one family for Holm, over the classes of which anything can be said: which these are
 * depends on the counts alone. Methods are not adjusted for each other, since the advised one is chosen on other images.
 */
export function classEffects(
  { key, testToTrain }: Pick<CellSummary, 'key' | 'testToTrain'>,
  dataset: DatasetInfo,
  methods: readonly string[],
  ledger: Ledger,
): ClassEffect[] {
  const resultsOf = (method: string) =>
    new Map([...ledger.entries(key, method)].map(([replicate, { result }]) => [replicate, result] as const))
  const byMethod = methods.map((method) => ({ method, results: resultsOf(method) }))
  const all = byMethod.flatMap(({ results }) => [...results.values()])
  if (all.length === 0) return []
  const classes = classesOf(dataset, all)
  const reference = resultsOf('baseline')
  const inMethods = byMethod.map(({ method, results }) =>
    resultsByClass(method, results, reference, classes, testToTrain),
  )
  return classes
    .map((one, i) => ({ ...one, results: inMethods.map((byClass) => byClass[i]!) }))
    .sort((a, b) => b.images - a.images || a.label - b.label)
}

/** By label. */
function classesOf({ classNames, pool, selection, test }: DatasetInfo, results: readonly TrialResult[]): ClassInCell[] {
  const images = pool.map((count, c) => count + selection[c]! + test[c]!)
  const meanClass = images.reduce((sum, count) => sum + count, 0) / images.length
  return classNames.map((name, label) => {
    const testImages = Math.min(...results.map(({ test: { support } }) => support[label]!))
    const sayable = testImages >= FEWEST_TEST_IMAGES
    return {
      label,
      name,
      images: images[label]!,
      trainingImages: Math.min(...results.map(({ counts }) => counts[label]!)),
      testImages,
      isFrequent: images[label]! >= meanClass,
      sayable,
      ...(!sayable && { reason: `fewer than ${FEWEST_TEST_IMAGES} of its images are tested in a split` }),
    }
  })
}

/** By label. */
function resultsByClass(
  method: string,
  results: ReadonlyMap<number, TrialResult>,
  reference: ReadonlyMap<number, TrialResult>,
  classes: readonly ClassInCell[],
  testToTrain: number | undefined,
): ClassResult[] {
  const recalls = (of: ReadonlyMap<number, TrialResult>, label: number) =>
    new Map([...of].map(([replicate, { test }]) => [replicate, test.perClass.recall[label] ?? undefined]))
  const family = classes.flatMap(({ label, sayable }) => {
    const contrast =
      sayable && method !== 'baseline'
        ? pairUp(recalls(results, label), recalls(reference, label), testToTrain)
        : undefined
    return contrast ? [{ label, ...(varies(contrast) ? contrast : { ...contrast, ...noMeasureOfChance }) }] : []
  })
  const contrasts = new Map(judged(family, 'higher').map(({ label, ...contrast }) => [label, contrast]))
  return classes.map(({ label, sayable, testImages }) => ({
    method,
    ...countTests([...results.values()], label),
    recall: sayable ? recallOf([...recalls(results, label).values()], testImages) : undefined,
    contrast: contrasts.get(label),
  }))
}

const noMeasureOfChance = { low: undefined, high: undefined, p: undefined } as const

/** A few images give the same difference in every split by coincidence: that is no certainty. */
function varies({ low, high }: { readonly low: number | undefined; readonly high: number | undefined }): boolean {
  return low !== high
}

function countTests(results: readonly TrialResult[], label: number): { recognised: number; tested: number } {
  const sum = (read: (result: TrialResult) => number) => results.reduce((total, result) => total + read(result), 0)
  return {
    recognised: sum(({ test }) => test.confusion[label]![label]!),
    tested: sum(({ test }) => test.support[label]!),
  }
}

/** Splits test the same images again and again: the interval takes the images of one split for all the evidence there is. */
function recallOf(recalls: readonly (number | undefined)[], testImages: number): ClassResult['recall'] {
  const defined = recalls.filter((recall) => recall !== undefined)
  if (defined.length === 0) return undefined
  const recall = mean(defined)
  const { lower, upper } = wilsonLimits(recall, testImages)
  return { mean: recall, low: lower, high: upper }
}
