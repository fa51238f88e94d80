import { resolveMethod } from '../../methods/index.ts'
import type { MetricId } from '../../metrics/index.ts'
import type { DatasetInfo } from '../comparison.ts'
import type { StudyConfig } from '../config.ts'
import type { OpenedStudy } from '../opened.ts'
import { classSizesByRank, hash, seenOf } from '../plan.ts'
import { minorityRecall, type TrialResult } from '../result.ts'
import type { Evidence, EvidenceCell } from './evidence.ts'

/**
 * Lays out what studies found for the questions of the paper. Where two studies have a cell of the same data and profile, the first
 * one counts.
 */
export function evidenceOf(studies: readonly OpenedStudy[]): Evidence {
  const cells = new Map<string, EvidenceCell>()
  for (const study of studies) {
    for (const cell of cellsOf(study)) if (!cells.has(cell.key)) cells.set(cell.key, cell)
  }
  return { cells: [...cells.values()], title: (method) => resolveMethod(method).title }
}

function cellsOf({ plan, ledger }: OpenedStudy): EvidenceCell[] {
  return plan.cells.map(({ key, dataset: name, profile, methods }) => {
    const dataset = plan.datasets.find((candidate) => candidate.name === name)!
    const sizes = classSizesByRank(profile, dataset)
    return {
      key,
      dataset,
      profile,
      rho: 'rho' in profile ? profile.rho : undefined,
      mu: 'mu' in profile ? profile.mu : undefined,
      classes: sizes.length,
      minorityClasses: profile.kind === 'step' ? sizes.filter((size) => size < sizes[0]!).length : undefined,
      trainingExamples: sizes.reduce((sum, size) => sum + size, 0),
      iterations: plan.config.training.iterations,
      protocol: protocolOf(plan.config, dataset),
      methods,
      values: (method, metric) =>
        new Map(
          [...ledger.entries(key, method)].flatMap(([replicate, { result }]) => {
            const value = metricOf(result, metric)
            return value === undefined || value === null ? [] : [[replicate, value] as const]
          }),
        ),
      snapshots: (method) =>
        new Map(
          [...ledger.entries(key, method)].flatMap(([replicate, { firstPhase }]) => {
            const points = (ledger.curve(firstPhase) ?? []).flatMap(({ iteration, accuracy }) =>
              accuracy ? [{ iteration, ...accuracy }] : [],
            )
            return points.length === 0 ? [] : [[replicate, points] as const]
          }),
        ),
    }
  })
}

/** Everything that replicates of comparable cells share. */
function protocolOf(config: StudyConfig, { contentHash, split }: DatasetInfo): string {
  const { model, backbone, training, initialiser, preprocessing, minority, search, choose, device, seed } = config
  const trained = { model, training, initialiser, preprocessing, search, choose, device, seed }
  return hash({ contentHash, split, minority, ...trained, ...(backbone && { backbone: seenOf(backbone) }) })
}

function metricOf(result: TrialResult, metric: MetricId | 'minorityRecall'): number | null | undefined {
  return metric === 'minorityRecall' ? minorityRecall(result) : result.test.metrics[metric]
}
