/**
 * Groups of methods that the data cannot tell apart, as the bars of a rank diagram (Demsar 2006, section 3.2.4): the maximal
 * runs, in order of mean rank, in which no two methods differ.
 *
 * `differ` is a critical difference, which two mean ranks must exceed, or tells for two methods whether they differ, for
 * instance by Holm-adjusted p. Gives each group of at least two as indices into `meanRanks` [k], best first; groups may overlap.
 */
export function indistinguishableGroups(
  meanRanks: readonly number[],
  differ: number | ((a: number, b: number) => boolean),
): readonly (readonly number[])[] {
  const differs =
    typeof differ === 'number' ? (a: number, b: number) => Math.abs(meanRanks[a]! - meanRanks[b]!) > differ : differ
  const order = meanRanks.map((_, method) => method).sort((a, b) => meanRanks[a]! - meanRanks[b]!)
  const groups: number[][] = []
  let covered = 0
  for (const start of order.keys()) {
    let end = start + 1
    while (end < order.length && !order.slice(start, end).some((member) => differs(member, order[end]!))) end++
    if (end > covered && end - start >= 2) groups.push(order.slice(start, end))
    covered = Math.max(covered, end)
  }
  return groups
}
