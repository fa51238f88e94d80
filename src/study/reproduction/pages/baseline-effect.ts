/** What the two pages on the baseline share: its ROC AUC along one parameter of the imbalance, a line for each value of the other. */
import { groupBy } from '../../../base/group-by.ts'
import type { Estimate } from '../../estimate.ts'
import { isStep } from '../cells.ts'
import type { Evidence } from '../evidence.ts'
import type { Page } from '../page.ts'
import { aucChange, plural } from '../words.ts'
import { type DatasetGrid, type GridCell, gridsOf } from './grid.ts'
import { figuresOf, pairedDifference, readingsOf, tablesOf } from './readings.ts'

interface Effect<C extends GridCell> {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly paper: string
  readonly cells: (grid: DatasetGrid) => readonly C[]
  /** What varies along a line. */
  readonly along: {
    readonly label: string
    readonly scale: 'log' | 'linear'
    at(cell: C): number
    /** 'rho = 10 to 1000' */
    span(from: C, to: C): string
  }
  /** What a line holds fixed. */
  readonly line: (cell: C) => { readonly id: string; readonly title: string }
  readonly row: (cell: C) => Readonly<Record<string, string | number>>
}

/** The page, if some line of it has two points. */
export function baselineEffect<C extends GridCell>(evidence: Evidence, effect: Effect<C>): Page | undefined {
  const { id, title, source, paper, along, line, row } = effect
  const grids = gridsOf(evidence).map((grid) => ({ dataset: grid.dataset, cells: effect.cells(grid) }))
  const readings = grids.flatMap(({ cells }) => readingsOf(cells, ['baseline'], 'rocAuc'))
  const figures = figuresOf(readings, {
    panel: ({ cell }) => `${cell.dataset.name}, baseline`,
    line: ({ cell }) => line(cell),
    x: { label: along.label, scale: along.scale, at: ({ cell }) => along.at(cell) },
    y: { label: 'ROC AUC' },
  })
  if (figures.length === 0) return undefined

  const tables = tablesOf(
    'ROC AUC of the baseline',
    grids.flatMap(({ cells }) => readingsOf(inPlace(cells, along.at), ['baseline'], 'rocAuc')),
    { row: ({ cell }) => ({ dataset: cell.dataset.name, ...row(cell) }), column: ({ cell }) => line(cell).title },
  )
  const finding = grids.map(({ dataset, cells }) => sentence(dataset, cells, effect)).join(' ')
  return { id, title, source, paper, finding, figures, tables }
}

/** A line's change between its ends, over the replicates that both have. */
interface Change<C> {
  readonly from: C
  readonly to: C
  readonly change: Estimate
}

function changesOf<C extends GridCell>(cells: readonly C[], { along, line }: Effect<C>): Change<C>[] {
  return [...groupBy(cells, (cell) => line(cell).id).values()].flatMap((members) => {
    const known = members.filter((cell) => cell.values('baseline', 'rocAuc').size > 0)
    const [from, ...others] = inPlace(known, along.at)
    const to = others.at(-1)
    if (!from || !to || along.at(from) === along.at(to)) return []
    const change = pairedDifference(to.values('baseline', 'rocAuc'), from.values('baseline', 'rocAuc'))
    return change ? [{ from, to, change }] : []
  })
}

function inPlace<C>(cells: readonly C[], at: (cell: C) => number): C[] {
  return [...cells].sort((a, b) => at(a) - at(b))
}

function sentence<C extends GridCell>(dataset: string, cells: readonly C[], effect: Effect<C>): string {
  const { along, line } = effect
  const phrase = ({ from, to, change }: Change<C>) =>
    `${aucChange(change)} from ${along.span(from, to)} (${line(to).title})`
  const changes = changesOf(cells, effect)
  const step = changes.filter(({ to }) => isStep(to)).sort((a, b) => a.change.mean - b.change.mean)
  const others = changes.filter(({ to }) => !isStep(to))
  const falling = changes.filter(({ change }) => change.mean < 0).length
  const [lowest, highest] = [step[0], step.at(-1)]
  const parts = [
    ...(lowest && highest && lowest !== highest
      ? [`between ${phrase(lowest)} and ${phrase(highest)} over ${plural(step.length, 'line')} of step imbalance`]
      : step.map(phrase)),
    ...others.map(phrase),
  ]
  if (parts.length === 0) return `On ${dataset} no line has results at both of its ends.`
  return (
    `On ${dataset} the baseline's ROC AUC changes by ${parts.join(', and by ')}; it falls along ${falling} of ` +
    `${plural(changes.length, 'line')}.`
  )
}
