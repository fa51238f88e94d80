/**
 * One test of a statement about an effect: the p value for it, and the p value against it. A statement that is not shown is not thereby
 * refuted; only its opposite, tested, refutes it.
 */
import {
  type EquivalenceTest,
  equivalenceTest,
  type MeanComparison,
  oneSidedP,
  pairedTest,
  welchEquivalenceTest,
  welchTest,
} from '../../../stats/index.ts'
import type { ByReplicate } from '../evidence.ts'

/**
 * Differences of ROC AUC below this pass for none: half a point of a hundred. The paper prints its values in points, calls 1.25 points
 * "slightly lower" and expects one or two points between runs of the same setting.
 */
export const AUC_MARGIN = 0.005

/** The same for accuracy, one point: 100 of the paper's 10,000 test images. */
export const ACCURACY_MARGIN = 0.01

/** A p value below this shows what it tests. */
export const SIGNIFICANCE = 0.05

/**
 * What is said of a mean effect. 'above' and 'below' 0 are tested on both sides, so that the opposite can be found as well; a bound on
 * one side is non-inferiority, a margin on both is equivalence.
 */
export type Expectation =
  | 'above'
  | 'below'
  | { readonly atLeast: number }
  | { readonly atMost: number }
  | { readonly within: number }

export interface Measured {
  readonly place: string
  readonly metric: string
  readonly test: string
  readonly replicates: number
  readonly effect: number
  readonly low: number | undefined
  readonly high: number | undefined
  /** Of the statement, and of its opposite. A two-sided test has one for both, and the effect's side tells. */
  readonly p: number
  readonly pAgainst: number
  /** Whether the effect is on the side that the statement says. */
  readonly favourable: boolean
}

export interface Where {
  readonly place: string
  readonly metric: string
}

/** The tests of an effect, whether its samples are paired or not. */
interface Tests {
  readonly name: string
  /** Of the effect less a bound, against 0. */
  compare(bound: number): MeanComparison
  equivalent(margin: number): EquivalenceTest
}

/** The paired t test of differences by replicate. Nothing with fewer than two replicates. */
export function paired(where: Where, differences: ByReplicate, expectation: Expectation): Measured[] {
  const values = [...differences.values()]
  if (values.length < 2) return []
  const all = (bound: number) => values.map(() => bound)
  const tests: Tests = {
    name: 'paired t',
    compare: (bound) => pairedTest(values, all(bound)),
    equivalent: (margin) => equivalenceTest(values, all(0), margin),
  }
  return [{ ...where, replicates: values.length, ...decide(tests, expectation) }]
}

/** Welch's t test of a - b, for samples that share nothing. Nothing with fewer than two replicates on a side. */
export function independent(where: Where, a: ByReplicate, b: ByReplicate, expectation: Expectation): Measured[] {
  const [left, right] = [[...a.values()], [...b.values()]]
  const replicates = Math.min(left.length, right.length)
  if (replicates < 2) return []
  const moved = (bound: number) => right.map((value) => value + bound)
  const tests: Tests = {
    name: 'Welch t',
    compare: (bound) => welchTest(left, moved(bound)),
    equivalent: (margin) => welchEquivalenceTest(left, right, margin),
  }
  return [{ ...where, replicates, ...decide(tests, expectation) }]
}

/** Every p is known, since callers see to two replicates on each side. */
function decide({ name, compare, equivalent }: Tests, expectation: Expectation) {
  const { difference: effect, interval, p } = compare(0)
  const found = { effect, low: interval?.lower, high: interval?.upper }
  if (typeof expectation === 'string') {
    return { ...found, test: name, p: p!, pAgainst: p!, favourable: expectation === 'above' ? effect > 0 : effect < 0 }
  }
  if ('within' in expectation) {
    const margin = expectation.within
    const { interval: narrower, p: inside } = equivalent(margin)
    const outside = Math.min(oneSidedP(compare(margin), 'above')!, oneSidedP(compare(-margin), 'below')!)
    return {
      effect,
      low: narrower?.lower,
      high: narrower?.upper,
      test: `${name}, equivalence (two one-sided tests, margin ${margin})`,
      p: inside!,
      pAgainst: Math.min(1, 2 * outside),
      favourable: Math.abs(effect) < margin,
    }
  }
  const [bound, side, other] =
    'atLeast' in expectation
      ? ([expectation.atLeast, 'above', 'below'] as const)
      : ([expectation.atMost, 'below', 'above'] as const)
  const beyond = compare(bound)
  return {
    ...found,
    test: `${name}, one-sided, margin ${Math.abs(bound)}`,
    p: oneSidedP(beyond, side)!,
    pAgainst: oneSidedP(beyond, other)!,
    favourable: side === 'above' ? effect > bound : effect < bound,
  }
}

/** p of a statement and of its opposite where the effect is on their side, else 1. */
const pFor = ({ favourable, p }: Measured) => (favourable ? p : 1)
const pOpposed = ({ favourable, pAgainst }: Measured) => (favourable ? 1 : pAgainst)

/**
 * Whether a statement holds in all of several places: as sure as in the least sure of them (intersection-union, Berger 1982), which is
 * the one told. One place refutes it, and its p value pays for their number.
 */
export function everywhere(places: readonly Measured[], noun = 'cells'): Measured[] {
  const weakest = [...places].sort((a, b) => pFor(b) - pFor(a) || pOpposed(a) - pOpposed(b))[0]
  if (!weakest || places.length === 1) return [...places]
  const place = `the weakest of ${places.length} ${noun}, ${weakest.place}`
  return [{ ...weakest, place, pAgainst: Math.min(1, places.length * weakest.pAgainst) }]
}

/**
 * Whether a statement holds in one of several places at least: the surest is told, and its p value pays for their number. It is
 * refuted only where its opposite holds in all of them.
 */
export function somewhere(places: readonly Measured[], noun = 'cells'): Measured[] {
  const surest = [...places].sort((a, b) => pFor(a) - pFor(b) || pOpposed(b) - pOpposed(a))[0]
  if (!surest || places.length === 1) return [...places]
  const place = `the surest of ${places.length} ${noun}, ${surest.place}`
  return [{ ...surest, place, p: Math.min(1, places.length * surest.p) }]
}
