import { mean, wilsonLimits } from '../stats/index.ts'
import type { CellSummary, ClassEffect, ClassResult, DatasetInfo } from './comparison.ts'
import { judged, pairUp } from './contrast.ts'
import type { Ledger } from './ledger.ts'
import type { TrialResult } from './result.ts'

/**
 * With fewer test images of a class in some split, or fewer different things on them, nothing is said of it but how many were
 * recognised: each would move its recall by more than 20 points.
 */
const FEWEST_TEST_IMAGES = 5

/** The part of a class effect that no method changes. */
type ClassInCell = Omit<ClassEffect, 'results'>

/**
 * What each method does for each class, most frequent class first; empty before a trial has finished.
 *
 * A method's differences to the baseline are one family for Holm, over the classes of which anything can be said: which these are
 * depends on the counts alone. Methods are not adjusted for each other: the advised one is chosen by the selection images of each split,
 * not by these verdicts.
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
  const ratios = dataset.test.map((count, label) => testToTrain && count / Math.max(1, dataset.pool[label]!))
  const inMethods = byMethod.map(({ method, results }) => resultsByClass(method, results, reference, classes, ratios))
  return classes
    .map((one, i) => ({ ...one, results: inMethods.map((byClass) => byClass[i]!) }))
    .sort((a, b) => b.images - a.images || a.label - b.label)
}

/** By label. */
function classesOf(
  { classNames, pool, selection, test, testUnits }: DatasetInfo,
  results: readonly TrialResult[],
): ClassInCell[] {
  const images = pool.map((count, c) => count + selection[c]! + test[c]!)
  const meanClass = images.reduce((sum, count) => sum + count, 0) / images.length
  return classNames.map((name, label) => {
    const testImages = Math.min(...results.map(({ test: { support } }) => support[label]!))
    const units = Math.min(testImages, testUnits?.[label] ?? testImages)
    const sayable = units >= FEWEST_TEST_IMAGES
    const what = units < testImages ? 'different things are on its images that' : 'of its images'
    return {
      label,
      name,
      images: images[label]!,
      trainingImages: Math.min(...results.map(({ counts }) => counts[label]!)),
      testImages,
      ...(units < testImages && { testUnits: units }),
      isFrequent: images[label]! >= meanClass,
      sayable,
      ...(!sayable && { reason: `fewer than ${FEWEST_TEST_IMAGES} ${what} are tested in a split` }),
    }
  })
}

/**
 * By label.
 *
 * @param ratios [K] how much replicates share of the images of each class, as `testToTrainOf` says of all
 */
function resultsByClass(
  method: string,
  results: ReadonlyMap<number, TrialResult>,
  reference: ReadonlyMap<number, TrialResult>,
  classes: readonly ClassInCell[],
  ratios: readonly (number | undefined)[],
): ClassResult[] {
  const recalls = (of: ReadonlyMap<number, TrialResult>, label: number) =>
    new Map([...of].map(([replicate, { test }]) => [replicate, test.perClass.recall[label] ?? undefined]))
  const ofClass = (one: ClassInCell) => {
    const [own, usual] = [recalls(results, one.label), recalls(reference, one.label)]
    const units = one.testUnits ?? one.testImages
    const before = recallOf([...usual.values()], units)
    const recall = recallOf([...own.values()], units)
    const ratio = ratios[one.label]
    const contrast = method === 'baseline' ? undefined : pairUp(own, usual, ratio, 1 / units)
    const isOfTheseImages = !ratio && before !== undefined && recall !== undefined && overlap(before, recall)
    return { recall, contrast, isOfTheseImages }
  }
  const sayable = new Map(classes.filter((one) => one.sayable).map((one) => [one.label, ofClass(one)]))
  const family = [...sayable].flatMap(([label, { contrast }]) => (contrast ? [{ label, ...contrast }] : []))
  const contrasts = new Map(judged(family, 'higher').map(({ label, ...contrast }) => [label, contrast]))
  return classes.map(({ label }) => {
    const [one, contrast] = [sayable.get(label), contrasts.get(label)]
    return {
      method,
      ...countTests([...results.values()], label),
      recall: one?.recall,
      contrast: contrast && one?.isOfTheseImages ? { ...contrast, verdict: 'undecided' } : contrast,
    }
  })
}

/** Whether each lies within the limits of the other. */
function overlap(a: NonNullable<ClassResult['recall']>, b: NonNullable<ClassResult['recall']>): boolean {
  return a.low <= b.mean && b.mean <= a.high && b.low <= a.mean && a.mean <= b.high
}

function countTests(results: readonly TrialResult[], label: number): { recognised: number; tested: number } {
  const sum = (read: (result: TrialResult) => number) => results.reduce((total, result) => total + read(result), 0)
  return {
    recognised: sum(({ test }) => test.confusion[label]![label]!),
    tested: sum(({ test }) => test.support[label]!),
  }
}

/** Splits test the same images again and again: the interval takes what one split tests for all the evidence there is. */
function recallOf(recalls: readonly (number | undefined)[], units: number): ClassResult['recall'] {
  const defined = recalls.filter((recall) => recall !== undefined)
  if (defined.length === 0) return undefined
  const recall = mean(defined)
  const { lower, upper } = wilsonLimits(recall, units)
  return { mean: recall, low: lower, high: upper }
}
