import { isLinear, isStep } from '../cells.ts'
import type { Evidence } from '../evidence.ts'
import type { Page } from '../page.ts'
import { auc, list, named, plural } from '../words.ts'
import { chosenMus, type DatasetGrid, distinct, gridsOf, isUnprocessed, mainMethods, spread } from './grid.ts'
import { cellRow, figuresOf, type Reading, readingsOf, tablesOf } from './readings.ts'

/** Every method of the main grid by ROC AUC. */
export function methodsCompared(evidence: Evidence): Page | undefined {
  const grids = gridsOf(evidence)
  const readings = grids.flatMap(({ cells }) => readingsOf(cells, mainMethods(cells), 'rocAuc'))
  const tables = tablesOf('ROC AUC of each method', readings, {
    row: cellRow,
    column: ({ method }) => evidence.title(method),
  })
  if (new Set(readings.map(({ method }) => method)).size < 2) return undefined
  return {
    id: 'methods-compared',
    title: 'All methods compared',
    source: 'section 4.1, figures 3 to 5',
    paper:
      'Oversampling is the best method in almost every case on MNIST and CIFAR-10, and never much below the baseline there. ' +
      'Undersampling is mostly below the baseline and helps only where many classes are in the minority; at a fixed rho it does not ' +
      'depend on how many. Two-phase training lies between the baseline and the sampling of its first phase. With linear imbalance ' +
      'oversampling helps at every rho, and undersampling falls with rho. The values are in figures only.',
    finding: grids.map((grid) => sentence(evidence, grid)).join(' '),
    figures: grids.flatMap((grid) => figures(evidence, grid)),
    tables,
  }
}

/** Thresholded methods keep the ROC AUC of the network that they share, so that their lines would hide one another. */
function figures(evidence: Evidence, { dataset, cells }: DatasetGrid) {
  const readings = readingsOf(cells, mainMethods(cells).filter(isUnprocessed), 'rocAuc')
  const line = ({ method }: Reading) => ({ id: method, title: evidence.title(method) })
  const y = { label: 'ROC AUC' }
  const mus = chosenMus(cells)
  const rhos = spread(distinct(cells.filter(isStep).map(({ rho }) => rho)))
  const alongRho = { label: 'rho', scale: 'log', at: ({ cell }: (typeof readings)[number]) => cell.rho } as const
  return [
    ...figuresOf(
      readings.filter(({ cell }) => isStep(cell) && mus.includes(cell.mu)),
      { panel: ({ cell }) => `${dataset}, mu = ${cell.mu}`, line, x: alongRho, y },
    ),
    ...figuresOf(
      readings.filter(({ cell }) => isLinear(cell)),
      { panel: () => `${dataset}, linear`, line, x: alongRho, y },
    ),
    ...figuresOf(
      readings.filter(({ cell }) => isStep(cell) && rhos.includes(cell.rho)).sort((a, b) => a.cell.rho - b.cell.rho),
      {
        panel: ({ cell }) => `${dataset}, rho = ${cell.rho}`,
        line,
        x: { label: 'mu, the fraction of minority classes', scale: 'linear', at: ({ cell }) => cell.mu! },
        y,
      },
    ),
  ]
}

/** Means over the settings in which every method has a value, best first, and how often each is the best. */
function sentence(evidence: Evidence, { dataset, cells }: DatasetGrid): string {
  const methods = mainMethods(cells).filter(isUnprocessed)
  const settings = cells
    .map((cell) => readingsOf([cell], methods, 'rocAuc').map(({ estimate }) => estimate.mean))
    .filter((means) => means.length === methods.length)
  if (settings.length === 0) return `On ${dataset} no setting has results of every method.`
  const standings = methods
    .map((method, i) => ({
      name: named(evidence, method),
      mean: settings.reduce((sum, means) => sum + means[i]!, 0) / settings.length,
      best: settings.filter((means) => means[i] === Math.max(...means)).length,
    }))
    .sort((a, b) => b.mean - a.mean)
  const shared = standings.reduce((sum, { best }) => sum + best, 0) > settings.length
  return (
    `On ${dataset}, mean ROC AUC over ${plural(settings.length, 'setting')} is ` +
    `${list(standings.map(({ name, mean, best }) => `${auc(mean)} for ${name} (the highest in ${best})`))}` +
    `${shared ? '; where several are highest, each counts' : ''}.`
  )
}
