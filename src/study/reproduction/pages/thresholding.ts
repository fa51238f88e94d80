import type { Estimate } from '../../estimate.ts'
import { isStep } from '../cells.ts'
import { difference } from '../effect.ts'
import type { Evidence } from '../evidence.ts'
import type { Page } from '../page.ts'
import { list, named, percent, plural } from '../words.ts'
import { chosenMus, type DatasetGrid, type GridCell, gridsOf } from './grid.ts'
import { cellRow, figuresOf, pairedDifference, readingsOf, tablesOf } from './readings.ts'

/** Methods without and with thresholding. */
const pairs = [
  ['baseline', 'thresholding'],
  ['oversampling', 'oversampling-thresholding'],
  ['undersampling', 'undersampling-thresholding'],
] as const

/** What thresholding makes of accuracy. */
interface Gain {
  readonly cell: GridCell
  /** The method without it. */
  readonly method: string
  readonly estimate: Estimate
}

/** Accuracy with and without thresholding, and that ROC AUC does not know it. */
export function thresholding(evidence: Evidence): Page | undefined {
  const grids = gridsOf(evidence)
  const gains = grids.flatMap(({ cells }) => gainsOf(cells))
  if (gains.length === 0) return undefined

  const title = (method: string) => evidence.title(method)
  const tables = [
    ...tablesOf(
      'Accuracy on the test images',
      grids.flatMap(({ cells }) => readingsOf(cells, pairs.flat(), 'accuracy')),
      {
        row: cellRow,
        column: ({ method }) => title(method),
      },
    ),
    ...tablesOf('Change of accuracy by thresholding, paired over replicates', gains, {
      row: cellRow,
      column: ({ method }) => title(method),
    }),
  ]
  return {
    id: 'thresholding',
    title: 'Accuracy and thresholding',
    source: 'section 4.4, figure 6',
    paper:
      'Thresholding raises accuracy and works best together with oversampling, or on the baseline; it should not be combined with ' +
      'undersampling. It has no effect on ROC AUC. The values are in figures only, for 2, 5 and 8 of 10 classes in the minority.',
    finding: [
      ...grids.flatMap((grid) => sentence(evidence, grid)),
      rankingSentence(grids.flatMap(({ cells }) => cells)),
    ].join(' '),
    figures: grids.flatMap(({ dataset, cells }) => {
      const mus = chosenMus(cells)
      const chosen = cells.filter(isStep).filter(({ mu }) => mus.includes(mu))
      return figuresOf(readingsOf(chosen, pairs.flat(), 'accuracy'), {
        panel: ({ cell }) => `${dataset}, mu = ${cell.mu}`,
        line: ({ method }) => ({ id: method, title: title(method) }),
        x: { label: 'rho', scale: 'log', at: ({ cell }) => cell.rho },
        y: { label: 'accuracy' },
      })
    }),
    tables,
  }
}

function gainsOf(cells: readonly GridCell[]): Gain[] {
  return cells.flatMap((cell) =>
    pairs.flatMap(([method, thresholded]) => {
      const estimate = pairedDifference(cell.values(thresholded, 'accuracy'), cell.values(method, 'accuracy'))
      return estimate ? [{ cell, method, estimate }] : []
    }),
  )
}

/** Means over the settings in which a method was run both ways. */
function sentence(evidence: Evidence, { dataset, cells }: DatasetGrid): string[] {
  const parts = pairs.flatMap(([method, thresholded]) => {
    const gains = gainsOf(cells).filter((gain) => gain.method === method)
    if (gains.length === 0) return []
    const settings = gains.map(({ cell }) => cell)
    const higher = gains.filter(({ estimate }) => estimate.mean > 0).length
    return [
      `of ${named(evidence, method)} from ${percent(meanAccuracy(settings, method))} to ` +
        `${percent(meanAccuracy(settings, thresholded))} (higher in ${higher} of ${plural(gains.length, 'setting')})`,
    ]
  })
  return parts.length === 0 ? [] : [`On ${dataset} thresholding changes mean accuracy ${list(parts)}.`]
}

function meanAccuracy(cells: readonly GridCell[], method: string): number {
  const readings = readingsOf(cells, [method], 'accuracy')
  return readings.reduce((sum, { estimate }) => sum + estimate.mean, 0) / readings.length
}

/** The largest difference of ROC AUC that thresholding makes in a replicate. */
function rankingSentence(cells: readonly GridCell[]): string {
  const differences = cells.flatMap((cell) =>
    pairs.flatMap(([method, thresholded]) => {
      const changes = difference(cell.values(thresholded, 'rocAuc'), cell.values(method, 'rocAuc'))
      return [...changes.values()].map(Math.abs)
    }),
  )
  if (differences.length === 0) return 'No ROC AUC with and without it can be compared.'
  const largest = Math.max(...differences)
  const compared = `${plural(differences.length, 'pair')} of results`
  return largest === 0
    ? `ROC AUC is exactly the same with and without it in all ${compared}.`
    : `The largest difference that it makes to a ROC AUC is ${Number(largest.toPrecision(2))}, of ${compared}.`
}
