import { groupBy } from '../../../base/group-by.ts'
import type { Estimate } from '../../estimate.ts'
import { classSizesByRank } from '../../plan.ts'
import { isBalanced, isLinear, isStep, type StepCell } from '../cells.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { LineFigure, Page } from '../page.ts'
import { list, plural, signed } from '../words.ts'
import { chosenMus, type GridCell, gridsOf, sampled } from './grid.ts'
import { cellRow, figuresOf, pairedDifference, type Reading, readingsOf, tablesOf } from './readings.ts'

/** The question of a dataset: cells of its grid, and all of its images without imbalance where that was run. */
interface Question {
  readonly dataset: string
  readonly cells: readonly GridCell[]
  readonly full: EvidenceCell | undefined
}

interface Difference {
  readonly cell: GridCell
  readonly what: string
  readonly estimate: Estimate
}

const overBaseline = 'oversampling - baseline'
const fullOver = 'full set - oversampling'
const underBaseline = 'undersampling - baseline'
const underOver = 'undersampling - oversampling'
const linearStep = 'linear - step'

/** Whether imbalance harms by itself, or by the images that it takes away: the paper's three arguments. */
export function fewerData(evidence: Evidence): Page | undefined {
  const questions = gridsOf(evidence).map(
    ({ dataset, cells }): Question => ({
      dataset,
      cells,
      full: evidence.cells.find((cell) => cell.dataset.name === dataset && isBalanced(cell)),
    }),
  )
  const differences = questions.flatMap((question) => [...samplingDifferences(question), ...shapeDifferences(question)])
  if (differences.length === 0) return undefined

  const column = ({ what }: Difference) => what
  const title = (method: string) => evidence.title(method)
  const tables = [
    ...tablesOf(
      'ROC AUC, and the unique images that each network is trained on',
      questions.flatMap(({ cells, full }) => [
        ...readingsOf<EvidenceCell>(cells, sampled, 'rocAuc'),
        ...readingsOf(full ? [full] : [], ['baseline'], 'rocAuc'),
      ]),
      {
        row: ({ cell }) => ({
          ...cellRow({ cell }),
          images: cell.trainingExamples,
          'images left by undersampling': imagesOf(cell, 'undersampling'),
        }),
        column: ({ method }) => title(method),
      },
    ),
    ...tablesOf(
      'Differences of ROC AUC, paired over replicates',
      differences.filter(({ what }) => what !== linearStep),
      { row: cellRow, column },
    ),
    ...tablesOf(
      "Linear against step imbalance with mu = 0.5, whose totals are equal up to rounding: difference of the baseline's ROC AUC",
      differences.filter(({ what }) => what === linearStep),
      {
        row: ({ cell }) => ({ dataset: cell.dataset.name, rho: String(cell.rho), images: cell.trainingExamples }),
        column,
      },
    ),
  ]
  return {
    id: 'fewer-data',
    title: 'Fewer data or imbalance',
    source: 'section 4.3',
    paper:
      'Imbalance harms beyond the images that it takes away. Oversampling has the same images as the baseline and is better in almost ' +
      'every case, though below the full set. Undersampling, with fewer images, sometimes beats the baseline or ties with oversampling ' +
      '(8 of 10 classes in the minority). Linear and step imbalance with mu = 0.5 have equally many images at equal rho, yet step ' +
      'loses much more.',
    finding: questions.flatMap((question) => sentence(question, differences)).join(' '),
    figures: questions.flatMap((question) => figures(question, title)),
    tables,
  }
}

/** Unique images that a method's network is trained on; undersampling keeps as many of each class as the smallest has. */
function imagesOf({ profile, dataset, trainingExamples, classes }: EvidenceCell, method: string): number {
  return method === 'undersampling' ? classes * classSizesByRank(profile, dataset).at(-1)! : trainingExamples
}

function samplingDifferences({ cells, full }: Question): Difference[] {
  return cells.flatMap((cell) => {
    const [baseline, over, under] = sampled.map((method) => cell.values(method, 'rocAuc')) as [Values, Values, Values]
    const pairs: [string, Values, Values][] = [
      [overBaseline, over, baseline],
      [fullOver, full?.values('baseline', 'rocAuc') ?? new Map(), over],
      [underBaseline, under, baseline],
      [underOver, under, over],
    ]
    return pairs.flatMap(([what, a, b]) => differenceAt(cell, what, a, b))
  })
}

/** Of linear and the step imbalance that has equally many images. */
function shapeDifferences({ cells }: Question): Difference[] {
  return cells.filter(isLinear).flatMap((linear) => {
    const step = evenStep(cells).find(({ rho }) => rho === linear.rho)
    if (!step) return []
    return differenceAt(linear, linearStep, linear.values('baseline', 'rocAuc'), step.values('baseline', 'rocAuc'))
  })
}

type Values = ReturnType<EvidenceCell['values']>

function differenceAt(cell: GridCell, what: string, a: Values, b: Values): Difference[] {
  const estimate = pairedDifference(a, b)
  return estimate ? [{ cell, what, estimate }] : []
}

function evenStep(cells: readonly GridCell[]): StepCell[] {
  return cells.filter(isStep).filter(({ mu }) => mu === 0.5)
}

function figures({ dataset, cells, full }: Question, title: (method: string) => string): LineFigure[] {
  const mus = chosenMus(cells)
  const chosen = cells.filter((cell) => isLinear(cell) || mus.includes(cell.mu!))
  const shapes = [...groupBy(chosen, ({ mu }) => mu)]
  const x = {
    label: 'unique training images',
    scale: 'log',
    at: ({ cell, method }: Reading) => imagesOf(cell, method),
  } as const
  const y = { label: 'ROC AUC' }
  const baselines = readingsOf<EvidenceCell>([...evenStep(cells), ...cells.filter(isLinear)], ['baseline'], 'rocAuc')
  return [
    ...shapes.flatMap(([mu, own]) =>
      figuresOf(
        [
          ...readingsOf<EvidenceCell>(own, sampled, 'rocAuc'),
          ...readingsOf(full ? [full] : [], ['baseline'], 'rocAuc'),
        ],
        {
          panel: () => `${dataset}, ${mu === undefined ? 'linear' : `mu = ${mu}`}, from the least to the greatest rho`,
          line: ({ cell, method }) =>
            cell === full ? { id: 'full', title: 'full set' } : { id: method, title: title(method) },
          x,
          y,
        },
      ),
    ),
    ...figuresOf(new Set(baselines.map(({ cell }) => cell.profile.kind)).size === 2 ? baselines : [], {
      panel: () => `${dataset}, baseline: linear against step`,
      line: ({ cell }) =>
        isStep(cell) ? { id: 'mu=0.5', title: 'step, mu = 0.5' } : { id: 'linear', title: 'linear' },
      x,
      y,
    }),
  ]
}

/** How often each side of an argument is above the other, and by how much on average over the settings. */
function sentence({ dataset, cells }: Question, differences: readonly Difference[]): string[] {
  const own = differences.filter(({ cell }) => cells.includes(cell))
  const tally = (some: readonly Difference[]) => {
    const mean = some.reduce((sum, { estimate }) => sum + estimate.mean, 0) / some.length
    return `in ${above(some)} of ${plural(some.length, 'setting')}, by ${signed(mean, 4)} on average`
  }
  const clause = (what: string, text: string, more: (some: readonly Difference[]) => string = () => '') => {
    const some = own.filter((difference) => difference.what === what)
    return some.length === 0 ? [] : [`${text} ${tally(some)}${more(some)}`]
  }
  const clauses = [
    ...clause(overBaseline, 'oversampling, with the same images, is above the baseline'),
    ...clause(fullOver, 'the full set is above oversampling'),
    ...clause(underBaseline, 'undersampling, with fewer images, is above the baseline', byShape),
    ...clause(underOver, 'undersampling is above oversampling'),
    ...clause(linearStep, 'with as many images up to rounding, linear is above step imbalance with mu = 0.5'),
  ]
  return clauses.length === 0 ? [] : [`On ${dataset} ${clauses.join('; ')}.`]
}

function above(differences: readonly Difference[]): number {
  return differences.filter(({ estimate }) => estimate.mean > 0).length
}

function byShape(differences: readonly Difference[]): string {
  const parts = [...groupBy(differences, ({ cell }) => cell.mu)].map(
    ([mu, some]) => `${above(some)} of ${some.length} with ${mu === undefined ? 'linear imbalance' : `mu = ${mu}`}`,
  )
  return ` (${list(parts)})`
}
