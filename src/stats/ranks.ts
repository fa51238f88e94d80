/** Ranks 1 .. n in ascending order; equal values share the mean of their ranks. */
export function midRanks(values: readonly number[]): number[] {
  const ranks = new Array<number>(values.length)
  for (const run of tiedRuns(values)) {
    const shared = run.start + (run.members.length + 1) / 2
    for (const i of run.members) ranks[i] = shared
  }
  return ranks
}

/** Sum of t^3 - t over the groups of t equal values, which the variance of rank statistics loses; 0 without ties. */
export function tieTerm(values: readonly number[]): number {
  return tiedRuns(values).reduce((sum, { members }) => sum + members.length ** 3 - members.length, 0)
}

/** The values in ascending order as runs of equal ones: how many come before, and the indices of the members. */
function tiedRuns(values: readonly number[]): { start: number; members: number[] }[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const runs: { start: number; members: number[] }[] = []
  for (const [position, i] of order.entries()) {
    const last = runs.at(-1)
    if (last && values[last.members[0]!] === values[i]) last.members.push(i)
    else runs.push({ start: position, members: [i] })
  }
  return runs
}
