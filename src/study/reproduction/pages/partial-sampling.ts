import type { Estimate } from '../../estimate.ts'
import { isStep, levelAs, type Sampling, type StepCell } from '../cells.ts'
import type { Evidence } from '../evidence.ts'
import type { Page } from '../page.ts'
import { auc, aucChange, list } from '../words.ts'
import { type DatasetGrid, gridsOf } from './grid.ts'
import { cellRow, figuresOf, pairedDifference, readingsOf, tablesOf } from './readings.ts'

/** A way of sampling at a level; the baseline is level 0 of both. */
interface LevelReading {
  readonly cell: StepCell
  readonly sampling: Sampling
  readonly level: number
  readonly method: string
  readonly estimate: Estimate
}

/** Over- and undersampling that remove a part of the imbalance, at the largest rho at which they were run. */
export function partialSampling(evidence: Evidence): Page | undefined {
  const cells = gridsOf(evidence).flatMap(cellsWithLevels)
  const readings = cells.flatMap(levelsOf)
  if (readings.length === 0) return undefined

  const column = ({ sampling }: { readonly sampling: Sampling }) => evidence.title(sampling)
  const againstFull = readings.flatMap((reading) => {
    const full = reading.cell.values(reading.sampling, 'rocAuc')
    const estimate =
      reading.level === 1 ? undefined : pairedDifference(reading.cell.values(reading.method, 'rocAuc'), full)
    return estimate ? [{ ...reading, estimate }] : []
  })
  const row = ({ cell, level }: LevelReading) => ({
    ...cellRow({ cell }),
    level: String(level),
    'ratio left': String(Number((cell.rho ** (1 - level)).toPrecision(3))),
  })
  const tables = [
    ...tablesOf('ROC AUC by level', readings, { row, column }),
    ...tablesOf('Difference of ROC AUC from level 1, paired over replicates', againstFull, { row, column }),
  ]
  return {
    id: 'partial-sampling',
    title: 'Partial sampling',
    source: 'section 4.5, figure 7',
    paper:
      'On MNIST at rho = 1000 full oversampling is always the best, and every reduction of the imbalance helps. For undersampling a ' +
      'level in between can be the best where a moderate number of classes is in the minority: the more there are, the further the ' +
      'ratio should be reduced. For every level of oversampling some level of undersampling does as well, but it is not known ' +
      'beforehand. The values are in figures only, and the levels are not named.',
    finding: cells.map((cell) => sentence(evidence, cell)).join(' '),
    figures: figuresOf(readings, {
      panel: ({ cell }) => `${cell.dataset.name}, rho = ${cell.rho}, mu = ${cell.mu}`,
      line: ({ sampling }) => ({ id: sampling, title: evidence.title(sampling) }),
      x: {
        label: 'level, which leaves rho^(1 - level): 0 is the baseline, 1 balances fully',
        scale: 'linear',
        at: ({ level }) => level,
      },
      y: { label: 'ROC AUC' },
    }),
    tables,
  }
}

/** The step cells of a dataset at the largest rho at which a level between was run. */
function cellsWithLevels({ cells }: DatasetGrid): StepCell[] {
  const partial = cells.filter(isStep).filter((cell) => levelsOf(cell).some(({ level }) => level > 0 && level < 1))
  const largest = Math.max(...partial.map(({ rho }) => rho))
  return partial.filter(({ rho }) => rho === largest)
}

/** The levels of either sampling that have values, ascending; none of a sampling that has the baseline alone. */
function levelsOf(cell: StepCell): LevelReading[] {
  return (['oversampling', 'undersampling'] as const)
    .flatMap((sampling) => {
      const levels = readingsOf([cell], cell.methods, 'rocAuc').flatMap((reading) => {
        const level = levelAs(sampling, reading.method)
        return level === undefined ? [] : [{ ...reading, sampling, level }]
      })
      return levels.some(({ level }) => level > 0) ? levels : []
    })
    .sort((a, b) => a.level - b.level)
}

function sentence(evidence: Evidence, cell: StepCell): string {
  const levels = levelsOf(cell)
  const parts = (['oversampling', 'undersampling'] as const).flatMap((sampling) => {
    const own = levels.filter((reading) => reading.sampling === sampling)
    if (own.length === 0) return []
    const most = Math.max(...own.map(({ estimate }) => estimate.mean))
    const best = own.filter(({ estimate }) => estimate.mean === most)
    const place = list(best.map(({ level }) => `level ${level}${names.get(level) ?? ''}`))
    return [`${evidence.title(sampling)} is best at ${place} with ${auc(most)}${fromFull(cell, sampling, best)}`]
  })
  return `On ${cell.dataset.name} at rho = ${cell.rho} with mu = ${cell.mu}, ${list(parts)}.`
}

const names = new Map([
  [0, ' (the baseline)'],
  [1, ' (full)'],
])

/** How the best level differs from the full one, where that is another. */
function fromFull(cell: StepCell, sampling: Sampling, best: readonly LevelReading[]): string {
  if (best.some(({ level }) => level === 1)) return ''
  const difference = pairedDifference(cell.values(best[0]!.method, 'rocAuc'), cell.values(sampling, 'rocAuc'))
  return difference ? `, ${aucChange(difference)} against full` : ''
}
