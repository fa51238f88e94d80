import { EvenkeelError } from '../../base/errors.ts'
import { type Length, secondsOf, type Timed, type Work } from './cost.ts'

/** How large, how often and how long: what a budget buys. */
export interface Scope extends Length {
  readonly timed: Timed
  readonly seconds: number
  /** Whether the budget holds less than three replicates or than the shortest sensible training. */
  readonly isLeast: boolean
}

/** What is not chosen, since a person said it. */
export interface ScopeWishes {
  readonly replicates?: number | undefined
  readonly iterations?: number | undefined
}

/** Fewer than three replicates give no interval that is worth the name; of more than ten each costs more than it tells. */
const REPLICATES = { least: 3, usual: 5, most: 10 } as const

/** Below so many steps no network of ours has learnt anything. */
const SHORTEST = 150

/** A training is long enough to compare methods by, and longer than any gains from, in epochs; the first in steps, too. */
const ENOUGH = { epochs: 20, steps: 600 } as const
const MOST_EPOCHS = 60

/** Largest window where no budget says another, in pixels. */
const USUAL_WINDOW = 64

/**
 * The largest images of which three replicates are trained long enough within the budget; with what is left of it replicates up to five,
 * then longer trainings, then more replicates. Where nothing is enough it is the smallest images, trainings as long as the
 * budget allows, and at last fewer replicates.
 *
 * @param timed candidates, smallest first
 * @param budget in seconds; undefined for none
 * @throws EvenkeelError `study.minutes` for a budget that a single replicate exceeds
 */
export function chooseScope(
  timed: readonly Timed[],
  work: Work,
  budget: number | undefined,
  wishes: ScopeWishes = {},
): Scope {
  const at = (one: Timed, length: Length): Scope => ({
    ...length,
    timed: one,
    seconds: secondsOf(one, length, work),
    isLeast: false,
  })
  const enough = (one: Timed) => wishes.iterations ?? clamp(epochs(ENOUGH.epochs, one, work), SHORTEST, ENOUGH.steps)
  const smallest = timed[0]!
  if (budget === undefined) {
    const usual = timed.findLast(({ candidate }) => candidate.shape[1] <= USUAL_WINDOW) ?? smallest
    return at(usual, { replicates: wishes.replicates ?? REPLICATES.usual, iterations: enough(usual) })
  }
  const fits = (one: Timed, length: Length) => secondsOf(one, length, work) <= budget
  const longest = (one: Timed, replicates: number) => {
    if (wishes.iterations !== undefined) return wishes.iterations
    const [none, some] = [0, 1000].map((iterations) => secondsOf(one, { replicates, iterations }, work)) as [
      number,
      number,
    ]
    const steps = Math.floor((1000 * (budget - none)) / (some - none) / 10) * 10
    return Math.min(steps, Math.max(SHORTEST, epochs(MOST_EPOCHS, one, work)))
  }
  const mostReplicates = (one: Timed, iterations: number, from: number, to: number) => {
    let replicates = from
    while (replicates < to && fits(one, { replicates: replicates + 1, iterations })) replicates++
    return wishes.replicates ?? replicates
  }

  const start = wishes.replicates ?? REPLICATES.least
  const best = timed.findLast((one) => fits(one, { replicates: start, iterations: enough(one) }))
  if (best) {
    const replicates = mostReplicates(best, enough(best), start, REPLICATES.usual)
    const iterations = longest(best, replicates)
    return at(best, { replicates: mostReplicates(best, iterations, replicates, REPLICATES.most), iterations })
  }
  const iterations = longest(smallest, start)
  if (iterations >= SHORTEST && fits(smallest, { replicates: start, iterations }))
    return at(smallest, { replicates: start, iterations })
  const least = { replicates: 1, iterations: wishes.iterations ?? SHORTEST }
  const replicates = mostReplicates(smallest, least.iterations, 1, REPLICATES.least)
  if (fits(smallest, { ...least, replicates })) return { ...at(smallest, { ...least, replicates }), isLeast: true }
  const minutes = Math.ceil(secondsOf(smallest, { ...least, replicates: wishes.replicates ?? 1 }, work) / 60)
  throw new EvenkeelError(
    'study.minutes',
    `the least study of these images takes about ${minutes} min on this machine, --minutes gives it ${budget / 60}`,
    `give it --minutes ${minutes}, more workers, or fewer --methods`,
  )
}

/** Steps in which every training image is seen so many times. */
function epochs(count: number, { candidate }: Timed, { images }: Work): number {
  return Math.ceil((count * images.train) / candidate.batch)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
