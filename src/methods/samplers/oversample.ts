import { deriveSeed, uniformAt } from '../../base/random.ts'
import { checkedLevel, type LevelOptions, ratioLeft } from './level.ts'
import { epochStream, type Sampler } from './sampler.ts'

export type OversampleOptions = LevelOptions

/**
 * Random minority oversampling: small classes are filled up with copies of random examples of their own.
 *
 * It discards nothing and, in the paper, was the best remedy in almost all cases and never clearly worse than none; its price
 * is a longer epoch and, for a class of very few examples, the same few images over and over.
 *
 * An epoch has max(n_c, n_max / rho') examples of class c, rounded to the nearest integer, halves up, where rho' =
 * rho^(1 - level): all n_c originals, and copies drawn uniformly with replacement. The copies are drawn once for the whole
 * training, as when the set is oversampled on the disk; only their order is new in each epoch.
 *
 * Source: Buda, Maki and Mazurowski 2018, sections 2 and 3.2 (level 1), 4.5 (lower levels). The paper names no formula for the
 * levels between; the geometric one here lowers rho by the same factor for the same step.
 */
export function oversample({ level = 1 }: OversampleOptions = {}): Sampler {
  checkedLevel('oversample', level)
  const epochCounts = (counts: readonly number[]) => {
    const { largest, ratio } = ratioLeft(counts, level)
    return counts.map((count) => Math.max(count, Math.round(largest / ratio)))
  }
  return {
    id: 'oversample',
    options: { level },
    epochCounts,
    open(index, seed) {
      const seeds = index.counts.map((_, c) => deriveSeed(...seed, 'copies', c))
      const place = (c: number, k: number) => {
        const originals = index.counts[c]!
        return k < originals ? k : uniformAt(seeds[c]!, k, originals)
      }
      return epochStream(index, epochCounts(index.counts), place, seed)
    },
  }
}
