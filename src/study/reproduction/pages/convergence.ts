import { profileLabel } from '../../../data/index.ts'
import { type Estimate, estimate } from '../../estimate.ts'
import { finalGap, gapGrowth, middlesOf, ofCurves } from '../curves.ts'
import type { Evidence, EvidenceCell, Snapshot } from '../evidence.ts'
import type { Page } from '../page.ts'
import { list, named, percentChange, plural, signed } from '../words.ts'
import { distinct, gridsOf, sampled, spread } from './grid.ts'
import { cellRow, figuresOf, tablesOf } from './readings.ts'

/** Accuracy of a network in training on one kind of images. */
interface CurvePoint {
  readonly cell: EvidenceCell
  readonly method: string
  readonly images: 'train' | 'test'
  readonly iteration: number
  readonly estimate: Estimate
}

/** A number that a training ends with. */
interface GapReading {
  readonly cell: EvidenceCell
  readonly method: string
  readonly what: string
  readonly estimate: Estimate
}

const atEnd = 'gap at the end'
const growth = 'growth over the last half'

/** What the table of gaps has of each replicate's curve. */
const measures: readonly (readonly [string, (taken: readonly Snapshot[]) => number | undefined])[] = [
  ['training accuracy at the end', (taken) => taken.at(-1)?.train],
  ['test accuracy at the end', (taken) => taken.at(-1)?.test],
  [atEnd, finalGap],
  [growth, gapGrowth],
]

/** How over- and undersampling converge, and the gap between training and test accuracy. */
export function convergence(evidence: Evidence): Page | undefined {
  const grids = gridsOf(evidence).map(({ dataset, cells }) => ({
    dataset,
    cells: cells.filter((cell) => sampled.some((method) => cell.snapshots(method).size > 0)),
  }))
  const points = grids.flatMap(({ cells }) => spread(cells)).flatMap(curvesOf)
  if (points.length === 0) return undefined

  const gaps = grids.flatMap(({ cells }) => cells.flatMap(gapsOf))
  const title = (method: string) => evidence.title(method)
  const tables = [
    ...tablesOf('Gap between training and test accuracy, end and middle of a training paired', gaps, {
      row: ({ cell, method }) => ({ ...cellRow({ cell }), method: title(method) }),
      column: ({ what }) => what,
    }),
    ...tablesOf('Accuracy in training', points, {
      row: ({ cell, method, iteration }) => ({ ...cellRow({ cell }), method: title(method), iteration }),
      column: ({ images }) => images,
    }),
  ]
  return {
    id: 'convergence',
    title: 'Convergence and overfitting',
    source: 'section 4.6, figure 8',
    paper:
      'On CIFAR-10 with 5 of 10 classes in the minority and rho = 50, over- and undersampling train better and more stably than the ' +
      'baseline, and the gap between training and test accuracy does not grow with the iterations for oversampling: it does not ' +
      'overfit. The authors say the same of the other datasets. The values are in figures only.',
    finding:
      `${grids.flatMap(({ dataset }) => sentence(evidence, dataset, gaps)).join(' ')} Training accuracy is on images as the method ` +
      'draws them. The baseline draws them with the class frequencies of the imbalanced training set, not those of the test images, ' +
      'so that its gap holds this shift of the priors too.',
    figures: figuresOf(points, {
      panel: ({ cell, method }) => `${cell.dataset.name}, ${profileLabel(cell.profile)}, ${title(method)}`,
      line: ({ images }) => ({ id: images, title: images === 'train' ? 'training images' : 'test images' }),
      x: { label: 'iteration', scale: 'linear', at: ({ iteration }) => iteration },
      y: { label: 'accuracy' },
    }),
    tables,
  }
}

/** Means over the replicates that have a snapshot at an iteration. */
function curvesOf(cell: EvidenceCell): CurvePoint[] {
  return sampled.flatMap((method) => {
    const snapshots = [...cell.snapshots(method).values()].flat()
    return distinct(snapshots.map(({ iteration }) => iteration)).flatMap((iteration) =>
      (['train', 'test'] as const).map((images) => ({
        cell,
        method,
        images,
        iteration,
        estimate: estimate(snapshots.filter((taken) => taken.iteration === iteration).map((taken) => taken[images]))!,
      })),
    )
  })
}

function gapsOf(cell: EvidenceCell): GapReading[] {
  return sampled.flatMap((method) =>
    measures.flatMap(([what, measure]) => {
      const value = estimate([...ofCurves(cell, method, measure).values()])
      return value ? [{ cell, method, what, estimate: value }] : []
    }),
  )
}

function sentence(evidence: Evidence, dataset: string, gaps: readonly GapReading[]): string[] {
  const parts = sampled.flatMap((method) => {
    const of = (what: string) =>
      gaps.filter(
        (reading) => reading.cell.dataset.name === dataset && reading.method === method && reading.what === what,
      )
    const ends = of(atEnd)
    if (ends.length === 0) return []
    return [`for ${named(evidence, method)} at ${spanOf(ends)}${growthOf(of(growth))}`]
  })
  return parts.length === 0 ? [] : [`On ${dataset} the gap between training and test accuracy ends ${list(parts)}.`]
}

function growthOf(readings: readonly GapReading[]): string {
  const [first] = readings
  if (!first) return ''
  const cells = readings.map(({ cell }) => cell)
  const half = `over the last half of training, from iteration ${middlesOf(cells, first.method).join(' or ')}`
  if (readings.length === 1) return ` (${percentChange(first.estimate)} ${half})`
  const growing = readings.filter(({ estimate: { mean } }) => mean > 0).length
  return ` (growing ${half}, in ${growing} of ${plural(readings.length, 'setting')}, by ${spanOf(readings)})`
}

/** One estimate with its interval, several by the least and the greatest. */
function spanOf(readings: readonly GapReading[]): string {
  const estimates = readings.map((reading) => reading.estimate).sort((a, b) => a.mean - b.mean)
  if (estimates.length === 1) return percentChange(estimates[0]!)
  const [least, greatest] = [estimates[0]!, estimates.at(-1)!].map(({ mean }) => signed(100 * mean, 1))
  return least === greatest ? `${least} points` : `${least} to ${greatest} points`
}
