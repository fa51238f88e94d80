/** Arithmetic of values by replicate: what a paired test is made of. */
import { mean } from '../../stats/index.ts'
import type { ByReplicate } from './evidence.ts'

/** a - b, over the replicates that both have. */
export function difference(a: ByReplicate, b: ByReplicate): ByReplicate {
  return new Map(
    [...a].flatMap(([replicate, value]) => (b.has(replicate) ? [[replicate, value - b.get(replicate)!]] : [])),
  )
}

/**
 * The mean within each replicate, over the replicates that all have. Cells share images and starting weights within a replicate,
 * so they are no evidence of their own; replicates are.
 */
export function average(values: readonly ByReplicate[]): ByReplicate {
  const [first = new Map<number, number>(), ...others] = values
  const common = [...first.keys()].filter((replicate) => others.every((other) => other.has(replicate)))
  return new Map(common.map((replicate) => [replicate, mean(values.map((value) => value.get(replicate)!))]))
}
