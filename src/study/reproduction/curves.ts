/** What is read off the accuracy of a network in training. */
import type { ByReplicate, EvidenceCell, Snapshot } from './evidence.ts'

/** A number of each replicate's curve, where it has one. */
export function ofCurves(
  cell: EvidenceCell,
  method: string,
  measure: (points: readonly Snapshot[]) => number | undefined,
): ByReplicate {
  return new Map(
    [...cell.snapshots(method)].flatMap(([replicate, points]) => {
      const value = measure(points)
      return value === undefined ? [] : [[replicate, value] as const]
    }),
  )
}

/** Training minus test accuracy at the end. */
export function finalGap(points: readonly Snapshot[]): number | undefined {
  const end = points.at(-1)
  return end && gap(end)
}

/** How far training and test accuracy part from the middle of the training to its end; undefined where no snapshot is near it. */
export function gapGrowth(points: readonly Snapshot[]): number | undefined {
  const [middle, end] = [secondHalf(points)[0], points.at(-1)]
  return middle && end ? gap(end) - gap(middle) : undefined
}

/** Mean absolute change of the test accuracy from one snapshot to the next in the second half; undefined for fewer than two changes. */
export function unsteadiness(points: readonly Snapshot[]): number | undefined {
  const half = secondHalf(points)
  const changes = half.slice(1).map(({ test }, i) => Math.abs(test - half[i]!.test))
  return changes.length < 2 ? undefined : changes.reduce((sum, change) => sum + change / changes.length, 0)
}

/**
 * From the snapshot nearest to half of the iterations on, the earlier of two that are equally near; none where there is no snapshot in
 * the middle half of the training.
 */
function secondHalf(points: readonly Snapshot[]): readonly Snapshot[] {
  const last = points.at(-1)?.iteration ?? 0
  const distance = (i: number) => Math.abs(points[i]!.iteration - last / 2)
  const [middle] = [...points.keys()].filter((i) => distance(i) <= last / 4).sort((a, b) => distance(a) - distance(b))
  return middle === undefined ? [] : points.slice(middle)
}

/** The iterations at which the second halves of the curves begin, ascending. */
export function middlesOf(cells: readonly EvidenceCell[], method: string): number[] {
  const begin = (points: readonly Snapshot[]) => secondHalf(points)[0]?.iteration
  return [...new Set(cells.flatMap((cell) => [...ofCurves(cell, method, begin).values()]))].sort((a, b) => a - b)
}

function gap({ train, test }: Snapshot): number {
  return train - test
}
