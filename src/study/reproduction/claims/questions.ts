/** How questions are put to cells, and how their effects become tests: one for the mean over cells, one for each cell. */
import { type MetricId, metricRegistry } from '../../../metrics/index.ts'
import { type Group, isImbalanced, isStep } from '../cells.ts'
import { average, difference } from '../effect.ts'
import type { ByReplicate, EvidenceCell } from '../evidence.ts'
import { type Expectation, type Measured, paired } from './hypothesis.ts'

/** As a table's heading. */
export function labelOf(metric: MetricId): string {
  return metricRegistry.find(({ id }) => id === metric)!.label
}

/** A question to cells: the effect in one of them by replicate, and what is said of it. */
export interface Question {
  readonly metric: string
  readonly of: (cell: EvidenceCell) => boolean
  readonly effect: (cell: EvidenceCell) => ByReplicate
  readonly expect: Expectation
}

/** `method` minus `other` in a metric. */
export function contrast(
  metric: MetricId,
  method: string,
  other: string,
  expect: Expectation,
  of: Question['of'] = isImbalanced,
): Question {
  const effect = (cell: EvidenceCell) => difference(cell.values(method, metric), cell.values(other, metric))
  return { metric: labelOf(metric), of, effect, expect }
}

/** A group, or all there is. */
type Cells = Pick<Group, 'cells'>

/** Cells with an answer from at least two replicates. */
export function answering({ cells }: Cells, { of, effect }: Pick<Question, 'of' | 'effect'>): EvidenceCell[] {
  return cells.filter((cell) => of(cell) && effect(cell).size >= 2)
}

/** The test in each cell. */
export function inEachCell(group: Cells, question: Question): Measured[] {
  const { metric, effect, expect } = question
  return answering(group, question).flatMap((cell) => paired({ place: cell.key, metric }, effect(cell), expect))
}

/** The test of the mean over the cells of a group. */
export function overCells(group: Group, question: Question): Measured[] {
  const { metric, effect, expect } = question
  const cells = answering(group, question)
  return paired({ place: meanPlace(group, cells), metric }, average(cells.map(effect)), expect)
}

export function meanPlace({ name }: Group, cells: readonly EvidenceCell[], suffix = ''): string {
  return cells.length === 1 ? `${cells[0]!.key}${suffix}` : `${name}, mean over ${cells.length} cells${suffix}`
}

/**
 * The effect at the largest rho (or mu) of step imbalance minus that at the smallest, averaged over the mus (or rhos) that were run
 * with two of them at least.
 */
export function betweenEnds(group: Group, along: 'rho' | 'mu', question: Omit<Question, 'of'>): Measured[] {
  const { metric, effect, expect } = question
  const across = along === 'rho' ? 'mu' : 'rho'
  const cells = answering(group, { of: isStep, effect }).sort((a, b) => a[along]! - b[along]!)
  const rows = [...new Set(cells.map((cell) => cell[across]!))].map((fixed) =>
    cells.filter((cell) => cell[across] === fixed),
  )
  const ends = rows.filter((row) => row.length > 1).map((row) => [row[0]!, row.at(-1)!] as const)
  if (ends.length === 0) return []
  const words = (end: 0 | 1) => [...new Set(ends.map((pair) => pair[end][along]!))].join(' or ')
  const place = `${group.name}, ${along} ${words(1)} against ${words(0)}, mean over ${ends.length} values of ${across}`
  const effects = average(ends.map(([low, high]) => difference(effect(high), effect(low))))
  return paired({ place, metric }, effects, expect)
}
