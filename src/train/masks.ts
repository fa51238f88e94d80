import { random } from '../base/random.ts'
import { size, type Value, value } from '../engine/index.ts'
import type { Mask, Named } from '../nn/index.ts'

/**
 * Draws the masks of a step: each from a stream of its own, named by layer, iteration and micro-batch, so that a mask depends on
 * nothing that ran before. The bytes are written anew at each call; a program must have run on them by then.
 */
export function maskFeed(masks: readonly Mask[], seed: readonly (string | number)[]) {
  const values = masks.map(({ shape }) => value('uint8', shape, new Uint8Array(size(shape))))
  return (iteration: number, microBatch: number): Named<Value> =>
    Object.fromEntries(
      masks.map(({ name, keep }, i) => {
        const drawn = values[i]!
        random(...seed, 'dropout', name, iteration, microBatch).fillMask(drawn.data as Uint8Array, keep)
        return [name, drawn]
      }),
    )
}
