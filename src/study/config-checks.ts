import { EvenkeelError } from '../base/errors.ts'
import type { Preprocessing } from '../nn/index.ts'
import type { Augmentation, Backbone } from '../train/index.ts'

/** What of a config is checked together. */
interface Checked {
  readonly choose: 'honest' | 'paper'
  readonly search: { readonly learningRates: readonly number[]; readonly repeats: number }
  readonly split: { readonly selection?: unknown }
  readonly snapshots: number
  readonly also: readonly { readonly snapshots?: number }[]
  readonly preprocessing: Preprocessing
  readonly backbone?: Backbone
  readonly training: { readonly augmentation: Augmentation }
}

/**
 * What no value is wrong in by itself.
 *
 * @throws EvenkeelError `study.config`; `place` names where the config came from
 */
export function checkTogether(config: Checked, place: string): void {
  checkChoice(config, place)
  if (config.backbone) checkBackbone(config, place)
}

/** Choosing honestly among runs needs images to choose by. */
function checkChoice({ choose, search, split }: Checked, place: string): void {
  const runs = Math.max(1, search.learningRates.length) * search.repeats
  if (choose === 'paper' || runs === 1 || split.selection !== 'none') return
  throw new EvenkeelError(
    'study.config',
    `${place}: ${runs} runs of each method need a selection split to choose by, got split.selection 'none'`,
    "give split.selection a share, or choose by the test images as the paper did: choose 'paper'",
  )
}

/** What works on pixels does nothing for features that are computed once, of images as they are. */
function checkBackbone({ preprocessing, training, snapshots, also }: Checked, place: string): void {
  const { pad, mirror, crop } = training.augmentation
  const wrong = [
    [preprocessing.kind !== 'none', 'preprocessing', 'it scales pixels itself', '--preprocessing none'],
    [
      pad > 0 || mirror || crop === 'random',
      'training.augmentation',
      'its features of each image are computed once',
      '--augment none',
    ],
    [
      Math.max(snapshots, ...also.map((part) => part.snapshots ?? 0)) > 0,
      'snapshots',
      'they are of whole networks in training',
      '--snapshots 0',
    ],
  ] as const
  for (const [isGiven, what, why, remedy] of wrong) {
    if (!isGiven) continue
    throw new EvenkeelError('study.config', `${place}: ${what} does not go with a backbone: ${why}`, `say ${remedy}`)
  }
}
