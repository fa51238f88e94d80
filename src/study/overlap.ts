import type { Profile } from '../data/index.ts'
import type { DatasetInfo } from './comparison.ts'

/**
 * How much the replicates of a cell share, as the tests and intervals over them ask: test images over training images where each
 * replicate splits the same images anew, 0 where replicates count as independent.
 *
 * The first is a natural profile without an official test set: two splits share training and test images, and what is left to vary is
 * less than between two sets of new images. The correction (Nadeau and Bengio 2003, see `meanStandardError`) is derived for training
 * and test images that are all of one set. It is not for the other profiles, whose replicates draw other classes and other parts of a
 * larger pool to train on, nor for an official test set, which is the same in every replicate: there intervals say how far the draw
 * of training images and starting weights carries, with these test images, as in the paper.
 *
 * Images kept for selection train nothing and count on neither side, which makes it rather too large than too small.
 */
export function testToTrainOf(profile: Profile, { split, pool, test }: DatasetInfo): number {
  if (profile.kind !== 'natural' || split.test === 'official' || 'official' in split.test) return 0
  return total(test) / total(pool)
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
