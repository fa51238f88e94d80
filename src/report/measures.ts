import type { Comparison, Contrast, Estimate, MethodInCell } from '../study/comparison.ts'
import { decimalsFor, isKnown } from './format.ts'

/** A metric as the report reads it: where its estimate and its contrast stand, and how many decimals it deserves. */
export interface Measure {
  readonly id: string
  readonly label: string
  readonly direction: 'higher' | 'lower'
  readonly decimals: number
  /** Undefined where no replicate has a value. */
  estimate(result: MethodInCell): Estimate | undefined
  /** Against the baseline; undefined for the baseline itself. */
  contrast(result: MethodInCell): Contrast | undefined
}

type Reader = Omit<Measure, 'decimals'>

/** What a reader looks at first, after the metric that the study was ranked by. */
const chiefIds = ['rocAuc', 'accuracy', 'balancedAccuracy', 'minorityRecall']

/** Every metric of the study, then the recall of minority and majority where the metrics do not hold it already. */
export function allMeasures(comparison: Comparison): Measure[] {
  const recalls: Reader[] = [
    reader('minorityRecall', 'Minority recall', (result) => result.minorityRecall),
    reader('majorityRecall', 'Majority recall', (result) => result.majorityRecall),
  ]
  const known = new Set(comparison.metrics.map(({ id }) => id))
  const readers = [
    ...comparison.metrics.map(({ id, label, direction }) => ({
      ...reader(id, label, (result) => result.metrics[id]),
      direction,
    })),
    ...recalls.filter(({ id }) => !known.has(id)),
  ]
  return readers.map((measure) => ({ ...measure, decimals: decimalsFor(meansOf(comparison, measure)) }))
}

/**
 * The few that figures and the full table show, the primary one first. On a balanced test set balanced accuracy is
 * accuracy, and is left out.
 */
export function chiefMeasures(comparison: Comparison): Measure[] {
  const all = allMeasures(comparison)
  const chief = [...new Set([comparison.primaryMetric, ...chiefIds])].flatMap(
    (id) => all.find((m) => m.id === id) ?? [],
  )
  const accuracy = chief.find(({ id }) => id === 'accuracy')
  return chief.filter(
    (measure) => measure.id !== 'balancedAccuracy' || !accuracy || !agree(comparison, measure, accuracy),
  )
}

function agree(comparison: Comparison, a: Measure, b: Measure): boolean {
  return comparison.cells.every(({ results }) =>
    results.every((result) => Math.abs((a.estimate(result)?.mean ?? 0) - (b.estimate(result)?.mean ?? 0)) < 1e-9),
  )
}

function reader(id: string, label: string, find: (result: MethodInCell) => Estimate | undefined): Reader {
  return {
    id,
    label,
    direction: 'higher',
    estimate: (result) => {
      const estimate = find(result)
      return estimate && estimate.n > 0 && isKnown(estimate.mean) ? estimate : undefined
    },
    contrast: (result) => {
      const contrast = result.contrast?.[id]
      return contrast && isKnown(contrast.difference) ? contrast : undefined
    },
  }
}

function meansOf(comparison: Comparison, measure: Reader): number[] {
  return comparison.cells.flatMap((cell) => cell.results.flatMap((result) => measure.estimate(result)?.mean ?? []))
}

/** Whether `a` is the better mean. */
export function isBetter(measure: Measure, a: number, b: number): boolean {
  return measure.direction === 'higher' ? a > b : a < b
}

/** The best mean among a cell's methods; undefined when none has a value. */
export function bestMean(measure: Measure, results: readonly MethodInCell[]): number | undefined {
  const means = results.flatMap((result) => measure.estimate(result)?.mean ?? [])
  if (means.length === 0) return undefined
  return means.reduce((best, mean) => (isBetter(measure, mean, best) ? mean : best))
}
