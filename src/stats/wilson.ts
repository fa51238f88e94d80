/**
 * Wilson's interval for a proportion (1927, J. Am. Stat. Assoc. 22:209-212, "Probable inference, the law of succession, and
 * statistical inference"): the proportions that a score test would not reject. It stays within [0, 1], says something of 0 and of n
 * successes, and covers what it says from a handful of trials on, where p +- z sqrt(p (1 - p) / n) does not.
 *
 *     (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)
 */
import { EvenkeelError } from '../base/errors.ts'
import { normalQuantile } from './distributions.ts'
import type { Interval } from './intervals.ts'
import { checkFraction } from './sample.ts'

/**
 * The interval for the chance of success after `successes` of `trials` independent trials, at `confidence` (default 0.95).
 *
 * Errors: trials not a positive integer, successes not an integer in [0, trials], a confidence outside (0, 1).
 */
export function wilsonInterval(successes: number, trials: number, confidence = 0.95): Interval {
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new EvenkeelError('stats.successes', `successes must be an integer from 0 to ${trials}, got ${successes}`)
  }
  return wilsonLimits(successes / trials, trials, confidence)
}

/**
 * The interval of `wilsonInterval` where the share of successes is `proportion`, in [0, 1], which need not be a whole number of
 * them: the mean over repetitions of the same trials, say.
 *
 * Errors: trials not a positive integer, a proportion outside [0, 1], a confidence outside (0, 1).
 */
export function wilsonLimits(proportion: number, trials: number, confidence = 0.95): Interval {
  checkFraction(confidence, 'confidence')
  if (!Number.isInteger(trials) || trials < 1) {
    throw new EvenkeelError('stats.trials', `trials must be a positive integer, got ${trials}`)
  }
  checkProportion(proportion)
  const z = normalQuantile((1 + confidence) / 2)
  const scale = 1 + (z * z) / trials
  const centre = (proportion + (z * z) / (2 * trials)) / scale
  const half = (z * Math.sqrt((proportion * (1 - proportion)) / trials + (z * z) / (4 * trials * trials))) / scale
  // At the ends the formula gives 0 and 1 but for rounding.
  return { lower: proportion === 0 ? 0 : centre - half, upper: proportion === 1 ? 1 : centre + half }
}

/**
 * The fewest trials whose interval reaches at most `half` to each side of its centre, where the share of successes is `proportion`.
 * From half = z sqrt(n p q + z^2 / 4) / (n + z^2), q = 1 - p, which falls with n:
 *
 *     n >= z^2 (p q - 2 half^2 + sqrt(p^2 q^2 + half^2 (1 - 4 p q))) / (2 half^2)
 *
 * Errors: a half width or confidence outside (0, 1), a proportion outside [0, 1].
 */
export function wilsonTrials(proportion: number, half: number, confidence = 0.95): number {
  checkFraction(confidence, 'confidence')
  checkFraction(half, 'half')
  checkProportion(proportion)
  const z = normalQuantile((1 + confidence) / 2)
  const [spread, square] = [proportion * (1 - proportion), half * half]
  const trials = (z * z * (spread - 2 * square + Math.sqrt(spread * spread + square * (1 - 4 * spread)))) / (2 * square)
  return Math.max(1, Math.ceil(trials))
}

function checkProportion(proportion: number): void {
  if (proportion >= 0 && proportion <= 1) return
  throw new EvenkeelError('stats.proportion', `proportion must be from 0 to 1, got ${proportion}`)
}
