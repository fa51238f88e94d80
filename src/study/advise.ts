import { holm } from '../stats/index.ts'
import type { Advice, CellSummary, Comparison, Contrast } from './comparison.ts'
import { judged, SIGNIFICANCE } from './contrast.ts'
import { contrastOverall, type Overall, overall } from './overall.ts'
import type { FinishedTrial } from './result.ts'

type Findings = Omit<Comparison, 'advice'>

/**
 * Advice from a comparison: the method with the best primary metric on the selection split, and how sure that is. Every
 * number in it is from the test split, which chose nothing (but for a study without a selection split, where it says so).
 */
export function advise(findings: Findings, trials: readonly FinishedTrial[]): Advice {
  const { methods, cells, primaryMetric } = findings
  const ids = methods.map(({ id }) => id)
  const role = trials.some(({ result }) => result.selection) ? 'selection' : 'test'
  const choices = overall(trials, ids, cells.length, primaryMetric, role)
  const values = overall(trials, ids, cells.length, primaryMetric, 'test')
  const baseline = values.find(({ method }) => method === 'baseline')
  if (!baseline || values.length < 2) {
    return {
      method: undefined,
      certainty: 'undecided',
      headline: 'Nothing can be advised yet.',
      reasons: ['No replicate has finished every setting for the baseline and another method.'],
    }
  }
  const chosen = values.find(({ method }) => method === highest(choices).method)!
  const words = wording(findings)
  const honesty = [
    role === 'selection'
      ? 'The method was chosen on the selection images; the figures are from the test images.'
      : 'There was no selection split: the same test images chose the method and gave its figures, which flatters it.',
    ...(findings.trials.done < findings.trials.planned
      ? [`${findings.trials.planned - findings.trials.done} of ${findings.trials.planned} trials are missing.`]
      : []),
  ]
  if (chosen.method === 'baseline') {
    const headline = `No remedy beat training on the images as they are, by ${words.metric}.`
    return {
      method: 'baseline',
      certainty: 'undecided',
      headline,
      reasons: [...accuracyReason(findings, trials), ...honesty],
    }
  }

  const others = values.filter(({ method }) => method !== 'baseline')
  const family = others.flatMap((other) => {
    const contrast = contrastOverall(other, baseline)
    return contrast ? [{ method: other.method, ...contrast }] : []
  })
  const gain = judged(family, 'higher').find(({ method }) => method === chosen.method)
  const ties = rivals(chosen, others)
  const certainty = gain?.verdict !== 'better' ? 'undecided' : ties.length > 0 ? 'likely' : 'clear'
  const title = words.title(chosen.method)
  const headline = {
    clear: `Use ${title}.`,
    likely: `Use ${title}. It helps for certain; ${words.list(ties)} may do as well.`,
    undecided: `${title[0]!.toUpperCase()}${title.slice(1)} looks best, but this study cannot tell it from doing nothing.`,
  }[certainty]
  return {
    method: chosen.method,
    certainty,
    headline,
    reasons: [
      ...(gain ? [`${words.effect(gain)} against the baseline, over ${chosen.byReplicate.size} replicates.`] : []),
      ...cellReason(cells, chosen.method, primaryMetric),
      ...accuracyReason(findings, trials),
      ...honesty,
    ],
  }
}

function highest(values: readonly Overall[]): Overall {
  return values.reduce((best, value) => (value.mean > best.mean ? value : best))
}

/** Methods that a paired test cannot tell from the chosen one, but for those whose ranking is the same by construction. */
function rivals(chosen: Overall, others: readonly Overall[]): string[] {
  const contrasts = others
    .filter(({ method }) => method !== chosen.method)
    .map((other) => ({
      method: other.method,
      difference: contrastOverall(chosen, other)?.difference,
      p: contrastOverall(chosen, other)?.p,
    }))
    .filter(({ difference }) => difference !== 0)
  const adjusted = holm(contrasts.flatMap(({ p }) => p ?? []))
  let next = 0
  return contrasts.filter(({ p }) => p === undefined || adjusted[next++]! >= SIGNIFICANCE).map(({ method }) => method)
}

/** In how many settings the chosen method is found better or worse. */
function cellReason(cells: readonly CellSummary[], method: string, metric: string): string[] {
  if (cells.length < 2) return []
  const verdicts = cells.map(
    ({ results }) => results.find((result) => result.method === method)?.contrast?.[metric]?.verdict,
  )
  const count = (verdict: Contrast['verdict']) => verdicts.filter((given) => given === verdict).length
  const [better, worse] = [count('better'), count('worse')]
  return [`Taken one by one, it is found better in ${better} of ${cells.length} settings and worse in ${worse}.`]
}

/** What to use where a class must be decided, when that is another method. */
function accuracyReason(findings: Findings, trials: readonly FinishedTrial[]): string[] {
  const { methods, cells } = findings
  const role = trials.some(({ result }) => result.selection) ? 'selection' : 'test'
  const ids = methods.map(({ id }) => id)
  const best = highest(overall(trials, ids, cells.length, 'accuracy', role)).method
  const test = new Map(
    overall(trials, ids, cells.length, 'accuracy', 'test').map((value) => [value.method, value.mean]),
  )
  const percent = (method: string) => `${(100 * test.get(method)!).toFixed(1)} %`
  const { title } = wording(findings)
  return [
    best === 'baseline'
      ? `By accuracy nothing beats the baseline (${percent('baseline')}).`
      : `Where each image must get one class, ${title(best)} decides best: accuracy ${percent(best)}, the baseline's ${percent('baseline')}.`,
  ]
}

function wording({ methods, metrics, primaryMetric, cells }: Findings) {
  const title = (id: string) => methods.find((method) => method.id === id)!.title
  const metric = metrics.find(({ id }) => id === primaryMetric)!.label
  const signed = (value: number) => `${value >= 0 ? '+' : '-'}${Math.abs(value).toFixed(4)}`
  return {
    title,
    metric,
    list: (ids: readonly string[]) =>
      ids
        .map(title)
        .join(', ')
        .replace(/, ([^,]*)$/, ' and $1'),
    effect: ({ difference, low, high, pHolm }: Contrast) => {
      const interval = low === undefined ? '' : ` (95 % interval ${signed(low)} to ${signed(high!)})`
      const p = pHolm === undefined ? '' : `, Holm-adjusted p ${pHolm < 0.001 ? '< 0.001' : `= ${pHolm.toFixed(3)}`}`
      const where = cells.length > 1 ? `, the mean over ${cells.length} settings,` : ''
      return `${metric}${where} changes by ${signed(difference)}${interval}${p}`
    },
  }
}
