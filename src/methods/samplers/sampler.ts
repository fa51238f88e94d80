import { EvenkeelError } from '../../base/errors.ts'
import { deriveSeed, permutation } from '../../base/random.ts'
import type { ClassIndex } from '../../data/dataset.ts'

/** Says which example comes next. It yields indices and never copies an image. */
export interface Sampler {
  readonly id: string
  /** JSON-able: part of what determines a training phase. */
  readonly options: Readonly<Record<string, number>>
  /** Class counts of one epoch of the stream, from those of the training examples: [classes]. */
  epochCounts(counts: readonly number[]): number[]
  /** @param seed labels of the random stream: the same ones give the same stream */
  open(index: ClassIndex, seed: SamplerSeed): IndexStream
}

export type SamplerSeed = readonly (string | number)[]

/** An endless sequence of dataset indices, epoch after epoch; where it goes on depends on the position alone. */
export interface IndexStream {
  /** Examples per epoch. */
  readonly epochLength: number
  /** Writes the indices at positions start .. start + out.length - 1, across the ends of epochs. */
  fill(out: Uint32Array, start: number): void
}

/**
 * The place, within its class, of the example that fills the k-th slot of class c, 0 <= k < epochCounts[c]. It is the same in
 * every epoch, as in a resampled set that lies on the disk.
 */
export type SlotRule = (c: number, k: number) => number

/**
 * The stream that all samplers here share: an epoch has `counts[c]` slots for class c, which `placeInClass` fills, and each
 * epoch visits its slots in a new order, a pseudo-random permutation that is computed place by place. So memory grows with the
 * classes, not with the examples.
 *
 * @throws EvenkeelError `sampler.empty` when an epoch would have no example
 */
export function epochStream(
  { order, offsets }: ClassIndex,
  counts: readonly number[],
  placeInClass: SlotRule,
  seed: SamplerSeed,
): IndexStream {
  const ends = new Float64Array(counts.length)
  const epochLength = counts.reduce((total, count, c) => {
    ends[c] = total + count
    return total + count
  }, 0)
  if (epochLength === 0) throw new EvenkeelError('sampler.empty', 'there are no examples to sample from')

  // Consecutive batches are mostly of one epoch, whose permutation is worth keeping.
  let current = -1
  let slotAt = (place: number) => place

  const fillWithin = (out: Uint32Array, epoch: number, first: number) => {
    if (epoch !== current) {
      slotAt = permutation(epochLength, deriveSeed(...seed, 'epoch', epoch))
      current = epoch
    }
    for (let i = 0; i < out.length; i++) {
      const slot = slotAt(first + i)
      const c = classOfSlot(ends, slot)
      out[i] = order[offsets[c]! + placeInClass(c, slot - ends[c]! + counts[c]!)]!
    }
  }

  return {
    epochLength,
    fill(out, start) {
      let done = 0
      while (done < out.length) {
        const epoch = Math.floor((start + done) / epochLength)
        const first = start + done - epoch * epochLength
        const length = Math.min(out.length - done, epochLength - first)
        fillWithin(out.subarray(done, done + length), epoch, first)
        done += length
      }
    },
  }
}

/** The class whose slots hold this one, by bisection: the first whose end lies beyond it. */
function classOfSlot(ends: Float64Array, slot: number): number {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ends[middle]! > slot) high = middle
    else low = middle + 1
  }
  return low
}
