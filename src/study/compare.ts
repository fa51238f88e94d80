import { resolveMethod } from '../methods/index.ts'
import { type MetricId, metricRegistry } from '../metrics/index.ts'
import {
  friedmanTest,
  indistinguishableGroups,
  mean,
  meanInterval,
  nemenyiCriticalDifference,
  standardDeviation,
} from '../stats/index.ts'
import type { FailureRecord, PhaseRecord, StudyRecord, TrialRecord } from '../store/index.ts'
import { advise } from './advise.ts'
import type { CellSummary, Comparison, Contrast, Estimate, MethodInCell, MetricInfo, Ranking } from './comparison.ts'
import { judged, pairUp } from './contrast.ts'
import { isFinal } from './failure.ts'
import { type Cell, classSizesByRank, type Plan, planStudy, savingOf, trialsOf } from './plan.ts'
import type { FinishedTrial, TrialResult } from './result.ts'
import type { StudySetup } from './setup.ts'

/** What the store holds of a study. */
export interface StoredStudy {
  readonly study: StudyRecord
  readonly trials: readonly TrialRecord[]
  readonly phases: readonly PhaseRecord[]
  readonly failures: readonly FailureRecord[]
}

/** Metrics that rank the methods over cells. */
const RANKED: readonly MetricId[] = ['rocAuc', 'accuracy', 'balancedAccuracy']

/** Computes the comparison from the store alone. */
export function compare({ study, trials: records, phases, failures }: StoredStudy): Comparison {
  const { config, datasets } = study.config as StudySetup
  const plan = planStudy(config, datasets)
  const trials = records as readonly FinishedTrial[]
  const done = new Set(trials.map(({ key }) => key))
  const failed = new Map(
    failures
      .filter(isFinal)
      .flatMap(({ trials: keys, reason }) => keys.filter((key) => !done.has(key)).map((key) => [key, reason] as const)),
  )
  const metrics = metricRegistry
    .filter(({ id }) => trials.length === 0 || trials.some(({ result }) => result.test.metrics[id] !== undefined))
    .map(({ id, label, direction }) => ({ id, label, direction }))
  const cells = withContrasts(
    plan.cells.map((cell) => summarise(plan, cell, trials, failed)),
    trials,
    metrics,
  )
  const methods = config.methods.map((key) => {
    const { title, entry } = resolveMethod(key)
    return { id: key, title, source: entry.source }
  })
  const partial = {
    schemaVersion: 1,
    name: study.name,
    command: 'evenkeel study --config config.json',
    config,
    configHash: study.configHash,
    seed: config.seed,
    replicates: config.replicates,
    model: config.model,
    iterations: config.training.iterations,
    versions: study.versions,
    datasets,
    methods,
    metrics,
    primaryMetric: 'rocAuc',
    trials: { planned: plan.trials.length, done: done.size, failed: failed.size },
    failures: [...failed].map(([trial, reason]) => ({ trial, reason })),
    saving: savingOf(plan),
    cells,
    rankings: RANKED.filter((id) => metrics.some((metric) => metric.id === id)).map((id) => rank(cells, methods, id)),
    curves: meanCurves(plan, phases),
  } as const
  return { ...partial, advice: advise(partial, trials) }
}

function summarise(
  plan: Plan,
  cell: Cell,
  trials: readonly FinishedTrial[],
  failed: ReadonlyMap<string, string>,
): CellSummary {
  const own = trials.filter((trial) => trial.cell === cell.key)
  const counts = classSizesByRank(cell.profile, datasetOf(plan, cell))
  const { kind } = cell.profile
  return {
    key: cell.key,
    dataset: cell.dataset,
    profile: {
      kind,
      label: cell.key.slice(cell.dataset.length + 1),
      rho: 'rho' in cell.profile ? cell.profile.rho : undefined,
      mu: 'mu' in cell.profile ? cell.profile.mu : undefined,
    },
    countsByRank: counts,
    trainingExamples: counts.reduce((total, n) => total + n, 0),
    actualRho: counts[0]! / counts.at(-1)!,
    results: plan.config.methods.map((method) => {
      const planned = plan.trials.filter((trial) => trial.cell === cell.key && trial.method === method)
      const lost = planned.filter(({ key }) => failed.has(key)).length
      return summariseMethod(
        method,
        own.filter((trial) => trial.method === method),
        lost,
      )
    }),
  }
}

function summariseMethod(method: string, trials: readonly FinishedTrial[], failed: number): MethodInCell {
  const results = trials.map(({ result }) => result)
  const byMetric = metricRegistry.map(({ id }) => [id, estimate(results.map(({ test }) => test.metrics[id]))] as const)
  const classes = results[0]?.counts.length ?? 0
  const perClass = (read: (result: TrialResult, i: number) => number | null | undefined) =>
    Array.from({ length: classes }, (_, i) => estimate(results.map((result) => read(result, i)))).filter(
      (value) => value !== undefined,
    )
  return {
    method,
    n: trials.length,
    failed,
    metrics: Object.fromEntries(byMetric.filter((entry): entry is [MetricId, Estimate] => entry[1] !== undefined)),
    minorityRecall: estimate(results.map(minorityRecall)),
    majorityRecall: estimate(results.map(majorityRecall)),
    recallByRank: perClass(({ order, test }, rank) => test.perClass.recall[order[rank]!]),
    recallByClass: perClass(({ test }, c) => test.perClass.recall[c]),
    confusion: meanConfusion(results),
    contrast: undefined,
  }
}

/** Mean, spread and 95 % t interval of the values that are defined; undefined when none is. */
export function estimate(values: readonly (number | null | undefined)[]): Estimate | undefined {
  const defined = values.filter((value) => value !== undefined && value !== null)
  if (defined.length === 0) return undefined
  const interval = meanInterval(defined)
  return {
    mean: mean(defined),
    sd: standardDeviation(defined),
    low: interval?.lower,
    high: interval?.upper,
    n: defined.length,
  }
}

/** Mean recall over the classes smaller than the mean class; undefined where there are none. */
function minorityRecall({ minorityClasses, test }: TrialResult): number | undefined {
  return estimate(minorityClasses.map((c) => test.perClass.recall[c]))?.mean
}

function majorityRecall({ order, minorityClasses, test }: TrialResult): number | undefined {
  return estimate(order.filter((c) => !minorityClasses.includes(c)).map((c) => test.perClass.recall[c]))?.mean
}

/** Rows divided by their sums, then averaged over replicates: [C, C]. */
function meanConfusion(results: readonly TrialResult[]): number[][] {
  const first = results[0]?.test.confusion ?? []
  return first.map((row, i) =>
    row.map((_, j) =>
      mean(
        results.map(({ test }) => {
          const total = test.confusion[i]!.reduce((sum, n) => sum + n, 0)
          return total === 0 ? 0 : test.confusion[i]![j]! / total
        }),
      ),
    ),
  )
}

/** Adds to every method its paired contrasts with the baseline; Holm's adjustment runs over all cells and methods. */
function withContrasts(
  cells: readonly CellSummary[],
  trials: readonly FinishedTrial[],
  metrics: readonly MetricInfo[],
): CellSummary[] {
  const found = new Map<string, Record<string, Contrast>>()
  const place = (cell: CellSummary, method: string) => `${cell.key}\n${method}`
  const read = (result: TrialResult, id: string) =>
    id === 'minorityRecall' ? minorityRecall(result) : result.test.metrics[id as MetricId]
  for (const { id, direction } of [...metrics, { id: 'minorityRecall', direction: 'higher' } as const]) {
    const family = cells.flatMap((cell) => {
      const valuesOf = (method: string) =>
        new Map(
          trials
            .filter((trial) => trial.cell === cell.key && trial.method === method)
            .map(({ replicate, result }) => [replicate, read(result, id)]),
        )
      const reference = valuesOf('baseline')
      return cell.results.flatMap(({ method }) => {
        const contrast = method === 'baseline' ? undefined : pairUp(valuesOf(method), reference)
        return contrast ? [{ place: place(cell, method), ...contrast }] : []
      })
    })
    for (const { place: at, ...contrast } of judged(family, direction)) {
      found.set(at, { ...found.get(at), [id]: contrast })
    }
  }
  return cells.map((cell) => ({
    ...cell,
    results: cell.results.map((result) => ({ ...result, contrast: found.get(place(cell, result.method)) })),
  }))
}

/** Ranks the methods over the cells in which all of them have a value. */
function rank(cells: readonly CellSummary[], methods: readonly { readonly id: string }[], metric: MetricId): Ranking {
  const rows = cells
    .map(({ results }) => results.map((result) => result.metrics[metric]?.mean))
    .filter((row): row is number[] => row.every((value) => value !== undefined))
  if (rows.length === 0 || methods.length < 2) {
    return { metric, cells: 0, meanRanks: [], friedman: undefined, criticalDifference: undefined, groups: [] }
  }
  const { direction } = metricRegistry.find(({ id }) => id === metric)!
  const testable = rows.length >= 2
  const { meanRanks, chiSquare, p } = friedmanTest(rows, direction)
  const difference = testable ? nemenyiCriticalDifference(methods.length, rows.length) : undefined
  const ranked = methods
    .map(({ id }, i) => ({ method: id, meanRank: meanRanks[i]! }))
    .sort((a, b) => a.meanRank - b.meanRank || (a.method < b.method ? -1 : 1))
  const groups = difference === undefined ? [] : indistinguishableGroups(meanRanks, difference)
  return {
    metric,
    cells: rows.length,
    meanRanks: ranked,
    friedman: testable && chiSquare !== undefined ? { chi2: chiSquare, p } : undefined,
    criticalDifference: difference,
    groups: groups.map((group) => group.map((i) => methods[i]!.id)),
  }
}

/** Loss curves of the full phases, averaged over replicates; a shared phase goes by its first method. */
function meanCurves(plan: Plan, phases: readonly PhaseRecord[]): Comparison['curves'] {
  const curveOf = new Map(phases.map(({ key, curve }) => [key, curve]))
  const collected = new Map<string, { cell: string; method: string; curves: PhaseRecord['curve'][] }>()
  for (const branch of plan.branches) {
    const curve = curveOf.get(branch.key)
    const names = trialsOf(branch).map(({ method }) => method)
    const method = plan.config.methods.find((name) => names.includes(name))!
    const key = `${branch.cell.key}\n${method}`
    const entry = collected.get(key) ?? { cell: branch.cell.key, method, curves: [] }
    if (curve) entry.curves.push(curve)
    collected.set(key, entry)
  }
  return [...collected.values()]
    .filter(({ curves }) => curves.length > 0)
    .map(({ cell, method, curves }) => ({
      cell,
      method,
      points: curves[0]!.map(({ iteration }, i) => ({ iteration, loss: mean(curves.map((curve) => curve[i]!.loss)) })),
    }))
}

function datasetOf(plan: Plan, { dataset }: Cell) {
  return plan.datasets.find(({ name }) => name === dataset)!
}
