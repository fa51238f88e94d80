import { holm, pairedTest } from '../stats/index.ts'
import type { Contrast } from './comparison.ts'

/** Differences whose Holm-adjusted p is below this count as found. */
const SIGNIFICANCE = 0.05

type ByReplicate = ReadonlyMap<number, number | undefined>

/**
 * The paired t test over the replicates that both sides have; undefined when they share none.
 *
 * @param testToTrain how much replicates share, see `testToTrainOf`
 */
export function pairUp(
  values: ByReplicate,
  reference: ByReplicate,
  testToTrain = 0,
): Omit<Contrast, 'pHolm' | 'verdict'> | undefined {
  const pairs = [...values].flatMap(([replicate, a]) => {
    const b = reference.get(replicate)
    return a === undefined || b === undefined ? [] : [[a, b] as const]
  })
  const [first, ...more] = pairs
  if (!first) return undefined
  if (more.length === 0) return { difference: first[0] - first[1], low: undefined, high: undefined, p: undefined }
  const { difference, interval, p } = pairedTest(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
    0.95,
    testToTrain,
  )
  return { difference, low: interval?.lower, high: interval?.upper, p }
}

/** Adjusts a family of contrasts for their number and judges each. */
export function judged<T extends Omit<Contrast, 'pHolm' | 'verdict'>>(
  family: readonly T[],
  direction: 'higher' | 'lower',
): (T & Contrast)[] {
  const adjusted = holm(family.flatMap(({ p }) => p ?? []))
  let next = 0
  return family.map((contrast) => {
    const pHolm = contrast.p === undefined ? undefined : adjusted[next++]
    const good = contrast.difference > 0 === (direction === 'higher')
    const verdict = pHolm === undefined || pHolm >= SIGNIFICANCE ? 'undecided' : good ? 'better' : 'worse'
    return { ...contrast, pHolm, verdict }
  })
}
