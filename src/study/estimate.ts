import { mean, meanInterval, standardDeviation } from '../stats/index.ts'

/** A mean over replicates with its t interval. `low` and `high` are undefined for a single replicate. */
export interface Estimate {
  readonly mean: number
  readonly sd: number | undefined
  /** 95 % confidence limits of the mean. */
  readonly low: number | undefined
  readonly high: number | undefined
  readonly n: number
}

/**
 * Mean, spread and 95 % t interval of the values that are defined; undefined when none is.
 *
 * @param testToTrain how much replicates share, see `testToTrainOf`
 */
export function estimate(values: readonly (number | null | undefined)[], testToTrain = 0): Estimate | undefined {
  const defined = values.filter((value) => value !== undefined && value !== null)
  if (defined.length === 0) return undefined
  const interval = meanInterval(defined, 0.95, testToTrain)
  return {
    mean: mean(defined),
    sd: standardDeviation(defined),
    low: interval?.lower,
    high: interval?.upper,
    n: defined.length,
  }
}
