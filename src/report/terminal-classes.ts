import { printable } from '../base/printable.ts'
import type { CellSummary, ClassEffect, ClassResult, Comparison } from '../study/comparison.ts'
import { count, fixed, interval, signed } from './format.ts'
import { classResult, remedyOf } from './own-classes.ts'
import { blockLines, type Column, inBlocks, length, type Painter, plain } from './terminal-blocks.ts'
import { baselineId } from './theme.ts'

type Entry = Column['entries'][number]

/**
 * What the advised remedy does for each class of a set that is studied as it is, a table for each such set:
 *
 *     monocyte  63 (28–89)   100 (61–100)  +37 (+19 to +55)▲      20       6
 *
 * A class of which nothing can be said has its tests counted in place of recalls.
 */
export function classTables(comparison: Comparison, width: number, paint: Painter): string[] {
  const remedy = remedyOf(comparison)
  if (remedy === undefined) return []
  return comparison.cells.flatMap((cell) =>
    cell.classEffects ? [classTable(comparison, cell, cell.classEffects, remedy, width, paint)] : [],
  )
}

function classTable(
  { methods, cells }: Comparison,
  cell: CellSummary,
  effects: readonly ClassEffect[],
  remedy: string,
  width: number,
  paint: Painter,
): string {
  const titles = effects.map(({ name }) => printable(name))
  const names = Math.max('class'.length, ...titles.map(length))
  const titleOf = (id: string) => plain(methods.find((method) => method.id === id)!.title)
  const entries = (read: (effect: ClassEffect) => Entry | string) =>
    effects.map((effect) => {
      const entry = read(effect)
      return typeof entry === 'string' ? { text: entry, width: length(entry) } : entry
    })
  const columns = [
    column(
      titleOf(baselineId),
      entries((effect) => recallEntry(classResult(effect, baselineId), paint)),
    ),
    column(
      titleOf(remedy),
      entries((effect) => recallEntry(classResult(effect, remedy), paint)),
    ),
    column(
      'change',
      entries((effect) => changeEntry(classResult(effect, remedy), paint)),
    ),
    column(
      'images',
      entries(({ images }) => count(images)),
    ),
    column(
      'tested',
      entries(({ testImages }) => count(testImages)),
    ),
  ]
  const where = cells.length > 1 ? ` of ${plain(cell.key)}` : ''
  const title = `${paint(`Classes${where}`, 'bold')}: recall in % and its change in points with 95 % intervals, images in all and tested in a split`
  const blocks = inBlocks(columns, width - names).map((block) =>
    blockLines(block, 'class', titles, names, paint).join('\n'),
  )
  return [title, ...blocks].join('\n\n')
}

function column(heading: string, entries: readonly Entry[]): Column {
  return { heading: [heading], entries, width: Math.max(length(heading), ...entries.map(({ width }) => width)) }
}

function recallEntry(result: ClassResult | undefined, paint: Painter): Entry | string {
  if (!result) return '–'
  const { recall, recognised, tested } = result
  if (!recall) return `${recognised} of ${tested} tests`
  const mean = fixed(100 * recall.mean, 0)
  const limits = ` (${interval({ low: 100 * recall.low, high: 100 * recall.high }, 0)})`
  return { text: mean + paint(limits, 'dim'), width: length(mean + limits) }
}

function changeEntry(result: ClassResult | undefined, paint: Painter): Entry | string {
  if (!result?.contrast) return 'nothing can be said'
  const { difference, low, high, verdict } = result.contrast
  const change = signed(100 * difference, 0)
  const limits = low === undefined || high === undefined ? '' : ` (${signed(100 * low, 0)} to ${signed(100 * high, 0)})`
  const mark = { better: '▲', worse: '▼', undecided: ' ' }[verdict]
  const painted = paint(mark, verdict === 'better' && 'green', verdict === 'worse' && 'red')
  return { text: change + paint(limits, 'dim') + painted, width: length(change + limits + mark) }
}
