import { groupBy } from '../../../base/group-by.ts'
import { profileKey } from '../../../data/index.ts'
import { type Estimate, estimate } from '../../estimate.ts'
import { isImageNet } from '../cells.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Page } from '../page.ts'
import { auc, list, named } from '../words.ts'
import { readingsOf, tablesOf } from './readings.ts'

interface Setting {
  readonly mu: number
  readonly rho: number
  readonly printed: Readonly<Record<string, readonly number[]>>
}

/** The paper's table 4, multi-class ROC AUC in percent: one network each, three draws of the last setting. */
const settings: readonly Setting[] = [
  { mu: 0.1, rho: 10, printed: { baseline: [99.41], oversampling: [99.35], undersampling: [96.85] } },
  { mu: 0.8, rho: 50, printed: { baseline: [96.31], oversampling: [95.06], undersampling: [94.98] } },
  {
    mu: 0.9,
    rho: 100,
    printed: {
      baseline: [90.74, 90.46, 90.05],
      oversampling: [88.38, 88.39, 88.17],
      undersampling: [88.35, 84.08, 83.74],
    },
  },
]

interface TableReading {
  readonly setting: string
  readonly where: string
  readonly method: string
  readonly estimate: Estimate
}

/** The paper's table 4 beside ours, for datasets of 1,000 classes. */
export function imagenetTable(evidence: Evidence): Page | undefined {
  const runs = evidence.cells.filter(isImageNet).flatMap((cell) => {
    const setting = settings.find(({ mu, rho }) => profileKey({ kind: 'step', rho, mu }) === profileKey(cell.profile))
    return setting && oursIn(cell, setting).length > 0 ? [{ cell, setting }] : []
  })
  if (runs.length === 0) return undefined

  const tables = [...groupBy(runs, ({ cell }) => cell.dataset.name)].flatMap(([dataset, own]) => {
    const inOrder = settings.flatMap((setting) => own.filter((run) => run.setting === setting))
    const readings = inOrder.flatMap(({ cell, setting }) => [...printedIn(setting), ...oursIn(cell, setting)])
    return tablesOf(`Multi-class ROC AUC of the paper and on ${dataset}`, readings, {
      row: ({ method }) => ({ method: evidence.title(method) }),
      column: ({ setting, where }) => `${setting}, ${where}`,
    })
  })
  return {
    id: 'imagenet-table',
    title: 'Large scale: ImageNet',
    source: 'section 4.2, table 4',
    paper:
      'On ILSVRC-2012 oversampling is slightly below the baseline in all three settings (by 0.0006, 0.0125 and on average 0.0210) and ' +
      'always above undersampling. The authors ask for caution: single networks may differ by 0.01 to 0.02, and those with ' +
      'undersampling differ by more than 0.04.',
    finding: runs.map((run) => sentence(evidence, run)).join(' '),
    figures: [],
    tables,
  }
}

function printedIn(setting: Setting): TableReading[] {
  return Object.entries(setting.printed).map(([method, values]) => ({
    setting: nameOf(setting),
    where: 'paper',
    method,
    estimate: estimate(values.map((value) => value / 100))!,
  }))
}

function oursIn(cell: EvidenceCell, setting: Setting): TableReading[] {
  return readingsOf([cell], Object.keys(setting.printed), 'rocAuc').map((reading) => ({
    setting: nameOf(setting),
    where: 'here',
    method: reading.method,
    estimate: reading.estimate,
  }))
}

function nameOf({ mu, rho }: Setting): string {
  return `mu = ${mu}, rho = ${rho}`
}

function sentence(
  evidence: Evidence,
  { cell, setting }: { readonly cell: EvidenceCell; readonly setting: Setting },
): string {
  const parts = oursIn(cell, setting).map(({ method, estimate: { mean } }) => {
    const paper = printedIn(setting).find((printed) => printed.method === method)!
    return `${auc(mean)} for ${named(evidence, method)} (${auc(paper.estimate.mean)} in the paper)`
  })
  return `On ${cell.dataset.name} with ${nameOf(setting)}, ROC AUC is ${list(parts)}.`
}
