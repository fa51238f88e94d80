import type { SplitChoice, StudyInput } from '../config.ts'
import type { Timed, Work } from './cost.ts'
import type { ImageFacts } from './facts.ts'
import { nameOf, withSize } from './reference.ts'
import { chooseScope, MORE, type Wishes } from './scope.ts'
import { type Choice, choicesIn } from './sentences.ts'

export interface ChosenStudy {
  readonly input: StudyInput
  readonly choices: readonly Choice[]
  /** About how long it takes. */
  readonly seconds: number
}

/**
 * Learning rates by network, of SGD with momentum 0.9, a tenth of warm-up and a cosine to 0. What was tried, 200 steps of ResNet-10 on
 * windows of 64 pixels (LeNet-5: 300 steps, 32 pixels), one split each, accuracy and balanced accuracy on the selection images with
 * averages taken anew over 30 batches:
 *
 * | | wbc, 16 images a step | trashnet-112, 32 images a step |
 * | --- | --- | --- |
 * | SGD 0.01, cosine | 0.657, 0.381 | |
 * | SGD 0.02, cosine | 0.643, 0.393 | 0.638, 0.588 |
 * | SGD 0.05, cosine | 0.629, 0.358 | 0.596, 0.538 |
 * | SGD 0.1, cosine | 0.514, 0.248 | 0.556, 0.469 |
 * | SGD 0.02, inv (gamma 1e-4, power 0.75) | 0.671, 0.362 | 0.592, 0.529 |
 * | SGD 0.05, inv | 0.629, 0.441 | |
 * | AdamW 0.001, cosine | 0.600, 0.253 | 0.580, 0.502 |
 * | SGD 0.02, cosine, averages of the training | 0.529, 0.358 | |
 * | SGD 0.02, cosine, 32 pixels | | 0.606, 0.570 |
 * | LeNet-5, SGD 0.01, cosine | 0.586, 0.200 | 0.477, 0.410 |
 * | LeNet-5, SGD 0.02, cosine | 0.586, 0.200 | 0.511, 0.439 |
 * | LeNet-5, SGD 0.05, cosine | diverged | diverged |
 */
const RATES: Readonly<Record<string, number>> = { resnet10: 0.02, lenet5: 0.01 }
const USUAL_RATE = 0.01

/** Share of a training in which the rate rises. */
const WARM_UP = 0.1

/** How images of one's own get their roles, unless flags say otherwise: as their source has it, else by shares of each class. */
export function ownSplit({
  officialTest,
  hasOfficialSelection,
}: Pick<ImageFacts, 'officialTest' | 'hasOfficialSelection'>): SplitChoice {
  return {
    test: officialTest > 0 ? 'official' : { fraction: 0.3 },
    selection: hasOfficialSelection ? 'official' : { fraction: 0.15 },
    duplicates: 'together',
  }
}

/**
 * A study of images as they are, chosen from what is known of them, from the budget and from measured steps. Pure: the same facts and
 * speeds give the same study.
 *
 * @param timed those of `candidatesFor` that were measured, smallest first
 * @throws EvenkeelError `study.minutes`, see `chooseScope`
 */
export function chooseStudy(
  facts: ImageFacts,
  timed: readonly Timed[],
  work: Work,
  wishes: Wishes & { readonly methods: readonly string[] },
): ChosenStudy {
  const { minutes, methods } = wishes
  const scope = chooseScope(timed, work, wishes)
  const { replicates, iterations, seconds } = scope
  const { model, batch, augmentation, recomputeAverages, size } = scope.timed.candidate
  const input: StudyInput = {
    name: nameOf(facts.reference),
    datasets: [size ? withSize(facts.reference, size) : facts.reference],
    split: ownSplit(facts),
    profiles: [{ kind: 'natural' }],
    model,
    replicates,
    training: {
      iterations,
      batch,
      schedule: { kind: 'cosine', base: RATES[model] ?? USUAL_RATE, warmUp: Math.round(WARM_UP * iterations) },
      augmentation,
      ...(recomputeAverages !== undefined && { recomputeAverages }),
    },
  }
  const moreMinutes = minutes && MORE * minutes
  const more = moreMinutes && chooseScope(timed, work, { ...wishes, minutes: moreMinutes })
  const budget = { minutes, methods: methods.length, ...(more && { more: { scope: more, minutes: moreMinutes } }) }
  return { input, seconds, choices: choicesIn(facts, scope, work, budget) }
}
