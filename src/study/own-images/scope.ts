import { EvenkeelError } from '../../base/errors.ts'
import type { Candidate } from './candidates.ts'
import { type Length, secondsOf, type Timed, type Work } from './cost.ts'

/** How large, how often and how long: what a budget buys. */
export interface Scope extends Length {
  readonly timed: Timed
  readonly seconds: number
  /** Whether the budget holds less than three replicates or than the shortest sensible training. */
  readonly isLeast: boolean
}

/** What a person said of it. */
export interface Wishes {
  /** What the study may take; without it nothing is fitted to a time. */
  readonly minutes?: number | undefined
  readonly replicates?: number | undefined
  readonly iterations?: number | undefined
}

/** Fewer than three replicates give no interval that is worth the name; of more than ten each costs more than it tells. */
export const REPLICATES = { least: 3, usual: 5, most: 10 } as const

/** Below so many steps no network of ours has learnt anything. */
const SHORTEST = 150

/** A training is long enough to compare methods by, and longer than any gains from, in epochs; the first in steps, too. */
const ENOUGH = { epochs: 20, steps: 600 } as const
const MOST_EPOCHS = 60

/** Windows up to here come before more than three replicates, larger ones after, in pixels: a comparison gains more by replicates. */
const USUAL_WINDOW = 64

/** How many times a budget is looked at as well, for what more time would buy. */
export const MORE = 3

/** Whether so large images may be chosen, if only within a larger budget. */
export function isContender(timed: Timed, work: Work, { minutes, replicates, iterations }: Wishes): boolean {
  if (minutes === undefined) return isUsual(timed.candidate)
  const length = { replicates: replicates ?? replicatesFor(timed), iterations: iterations ?? enough(timed, work) }
  return secondsOf(timed, length, work) <= MORE * minutes * 60
}

/** Replicates that images of this size are to allow for. */
function replicatesFor({ candidate }: Timed): number {
  return isUsual(candidate) ? REPLICATES.least : REPLICATES.usual
}

function isUsual({ shape: [, height, width] }: Candidate): boolean {
  return Math.min(height, width) <= USUAL_WINDOW
}

/**
 * The largest images of which three replicates, or five of large ones, are trained long enough within the time; with what is left of
 * it replicates up to five, then longer trainings, then more replicates. Where nothing is enough it is the smallest images, trainings
 * as long as the time allows, and at last fewer replicates.
 *
 * @param timed candidates, smallest first
 * @throws EvenkeelError `study.minutes` for a time that a single replicate exceeds
 */
export function chooseScope(timed: readonly Timed[], work: Work, wishes: Wishes): Scope {
  const { minutes } = wishes
  const smallest = timed[0]!
  const enoughFor = (one: Timed) => wishes.iterations ?? enough(one, work)
  const scope = (one: Timed, length: Length, isLeast = false): Scope => {
    return { ...length, timed: one, seconds: secondsOf(one, length, work), isLeast }
  }
  if (minutes === undefined) {
    const usual = timed.findLast(({ candidate }) => isUsual(candidate)) ?? smallest
    return scope(usual, { replicates: wishes.replicates ?? REPLICATES.usual, iterations: enoughFor(usual) })
  }
  const fits = (one: Timed, length: Length) => secondsOf(one, length, work) <= minutes * 60
  const replicatesUpTo = (most: number, from: number, one: Timed, iterations: number) => {
    let replicates = from
    while (replicates < most && fits(one, { replicates: replicates + 1, iterations })) replicates++
    return wishes.replicates ?? replicates
  }
  const longest = (one: Timed, replicates: number) =>
    wishes.iterations ?? longestWithin(minutes * 60, one, replicates, work)

  const few = wishes.replicates ?? REPLICATES.least
  const best = timed.findLast((one) =>
    fits(one, { replicates: wishes.replicates ?? replicatesFor(one), iterations: enoughFor(one) }),
  )
  if (best) {
    const usual = replicatesUpTo(REPLICATES.usual, few, best, enoughFor(best))
    const iterations = longest(best, usual)
    return scope(best, { replicates: replicatesUpTo(REPLICATES.most, usual, best, iterations), iterations })
  }
  const shorter = { replicates: few, iterations: longest(smallest, few) }
  if (shorter.iterations >= SHORTEST && fits(smallest, shorter)) return scope(smallest, shorter)
  const shortest = wishes.iterations ?? SHORTEST
  const least = { replicates: replicatesUpTo(few, 1, smallest, shortest), iterations: shortest }
  if (fits(smallest, least)) return scope(smallest, least, true)
  throw tooShort(minutes, secondsOf(smallest, { ...least, replicates: wishes.replicates ?? 1 }, work))
}

/** That a budget is below the least study, which takes so many seconds. */
export function tooShort(minutes: number, seconds: number): EvenkeelError {
  const least = Math.ceil(seconds / 60)
  return new EvenkeelError(
    'study.minutes',
    `the least study of these images takes about ${least} min on this machine, --minutes gives it ${minutes}`,
    `give it --minutes ${least}, or fewer --methods`,
  )
}

/** Steps that are enough to compare methods by. */
function enough(timed: Timed, work: Work): number {
  return Math.min(ENOUGH.steps, Math.max(SHORTEST, epochs(ENOUGH.epochs, timed, work)))
}

/** The most steps, in tens, that fit into so many seconds and make sense. */
function longestWithin(seconds: number, timed: Timed, replicates: number, work: Work): number {
  const fixed = secondsOf(timed, { replicates, iterations: 0 }, work)
  const each = secondsOf(timed, { replicates, iterations: 1 }, work) - fixed
  const steps = 10 * Math.floor((seconds - fixed) / each / 10)
  return Math.min(steps, Math.max(SHORTEST, epochs(MOST_EPOCHS, timed, work)))
}

/** Steps in which every training image is seen so many times, in tens. */
export function epochs(count: number, { candidate }: Timed, { images }: Work): number {
  return 10 * Math.ceil((count * images.train) / candidate.batch / 10)
}
