import { mean, wilsonTrials } from '../stats/index.ts'
import { MOST_NAMED, quoted } from './class-sentences.ts'
import type { ClassEffect, Comparison } from './comparison.ts'

/** How a method's training ended. */
export interface TrainingEnd {
  readonly curve: Comparison['curves'][number]['points']
  /** Cross-entropy on the test images, nats. */
  readonly testLoss: number | undefined
}

/** Recall is asked to be known so closely: half the width of its 95 % interval. */
const BOUND = 0.1

/**
 * What more data would help: whether more steps would rather, and for each class whose recall is known less closely than +-10
 * points, how many images would bound it.
 *
 * With t test images of i (or t different things that they show, groups and copies counting once) and recall p these are n i / t, where n is the fewest test images whose Wilson interval for p has a half width
 * of at most 0.1 (`wilsonTrials`). p is the least favourable recall that the study leaves possible: the one nearest to 0.5 within
 * the limits that it has now, and 0.5 itself for a class of which nothing can be said.
 *
 * @param method whose recall is to be known
 */
export function moreDataSentences(classes: readonly ClassEffect[], method: string, ending: TrainingEnd): string[] {
  const wide = classes.filter((effect) => isWide(effect, method)).sort((a, b) => a.images - b.images)
  const rest = wide.length - MOST_NAMED
  return [
    ...trainingSentences(ending),
    ...wide.slice(0, MOST_NAMED).map((effect) => imagesSentence(effect, method)),
    ...(rest > 0 ? [`${rest} more ${rest === 1 ? 'class is' : 'classes are'} known less closely than that.`] : []),
    ...(wide.length > 0 ? ['These numbers hold where a split goes on to test the same share of the images.'] : []),
    ...(wide.length === 0 ? [`The recall of every class is known within ${100 * BOUND} points.`] : []),
  ]
}

function isWide(effect: ClassEffect, method: string): boolean {
  const recall = recallOf(effect, method)
  return recall === undefined || (recall.high - recall.low) / 2 > BOUND
}

function imagesSentence(effect: ClassEffect, method: string): string {
  const recall = recallOf(effect, method)
  const { images, testImages, testUnits } = effect
  const { low, high } = recall ?? { low: 0, high: 1 }
  const worst = Math.min(Math.max(0.5, low), high)
  const needed = roundedUp((wilsonTrials(worst, BOUND) * images) / Math.max(1, testUnits ?? testImages))
  const more = testUnits === undefined ? `${needed} images` : `${needed} images, the new ones of other groups,`
  if (!recall) {
    return `${quoted(effect)} has ${images} images: about ${testUnits === undefined ? needed : more} would show within ${100 * BOUND} points how many of them are found, whatever the answer.`
  }
  const half = (100 * (recall.high - recall.low)) / 2
  return `${quoted(effect)} has ${images} images: ${(100 * recall.mean).toFixed(0)} % of them are found, give or take ${half.toFixed(0)} points; about ${more} would make that ${100 * BOUND}.`
}

/** Two digits: the estimate is no better. */
function roundedUp(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / unit) * unit
}

function recallOf({ results }: ClassEffect, method: string) {
  return results.find((result) => result.method === method)?.recall
}

/** A fall by this share of the loss from one fifth of the training to the next is worth more steps. */
const FALL = 0.1
/** With so little left of the first loss, the network knows its training images by heart. */
const BY_HEART = 0.1
/** A test loss of so many times the training loss says that the network has learnt these images rather than their kind. */
const GAP = 1.5

/** Whether more steps or more images would help, by the last two fifths of the training loss and by the test loss. */
function trainingSentences({ curve, testLoss }: TrainingEnd): string[] {
  const fifth = Math.floor(curve.length / 5)
  if (fifth === 0) return []
  const losses = curve.map(({ loss }) => loss)
  const [before, end] = [mean(losses.slice(-2 * fifth, -fifth)), mean(losses.slice(-fifth))]
  const [was, is] = [before, end].map((loss) => loss.toFixed(2))
  if (before - end > FALL * before && end > BY_HEART * losses[0]!) {
    return [
      `The error on the training images still fell at the end of the training (${was} to ${is}): more steps may help before more images do.`,
    ]
  }
  if (testLoss !== undefined && testLoss > GAP * end) {
    return [
      `The error ended at ${is} on the training images and at ${testLoss.toFixed(2)} on the test images: more images would help rather than more steps.`,
    ]
  }
  return [`The error on the training images no longer falls (${is}): more steps alone would hardly help.`]
}
