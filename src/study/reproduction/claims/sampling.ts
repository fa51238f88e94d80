/** Claims 2 and 3: what oversampling and undersampling are good for. */
import { mean } from '../../../stats/index.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { betweenEnds, contrast, groupsOf, inEachCell, isImbalanced, labelOf, type Question } from './cells.ts'
import { AUC_MARGIN, everywhere } from './hypothesis.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

/** Oversampling against the methods that rank images otherwise; thresholding leaves the order of scores as it is. */
export function oversamplingBest(evidence: Evidence): Claim {
  return judgeClaim(
    {
      number: 2,
      title: 'Oversampling is best in almost all cases',
      paper:
        'Oversampling is the best method in almost all cases on MNIST and CIFAR-10, and never clearly worse than the baseline there.',
      source: 'Buda et al. 2018, sections 4.1 and 5',
    },
    [
      { ...oversamplingAbove(evidence, 'baseline'), core: true, listCells: true, note: countOfBest(evidence) },
      { ...oversamplingAbove(evidence, 'undersampling'), core: true },
      oversamplingAbove(evidence, 'two-phase-oversampling'),
      oversamplingAbove(evidence, 'two-phase-undersampling'),
      neverBelow(evidence, 'oversampling', 'baseline'),
    ],
  )
}

/** "Almost all cases" is a count. */
function countOfBest({ cells }: Evidence): string {
  const rivals = ['baseline', 'undersampling', 'two-phase-oversampling', 'two-phase-undersampling']
  const meanOf = (cell: EvidenceCell, method: string) => {
    const values = [...cell.values(method, 'rocAuc').values()]
    return values.length > 0 ? mean(values) : Number.NEGATIVE_INFINITY
  }
  const asked = cells.filter((cell) => isImbalanced(cell) && cell.values('oversampling', 'rocAuc').size > 0)
  if (asked.length === 0) return ''
  const best = asked.filter((cell) => rivals.every((rival) => meanOf(cell, 'oversampling') >= meanOf(cell, rival)))
  return `Oversampling has the highest mean ROC AUC in ${best.length} of ${asked.length} cells.`
}

export function undersamplingSeldomHelps(evidence: Evidence): Claim {
  const groups = groupsOf(evidence)
  const needs = 'step cells of two mus at one rho with both methods, in two replicates or more'
  const alongMu = (question: Omit<Question, 'of'>) => groups.flatMap((group) => betweenEnds(group, 'mu', question))
  return judgeClaim(
    {
      number: 3,
      title: 'Undersampling is usually worse than the baseline',
      paper:
        'Undersampling is usually worse than doing nothing; it helps only where a large share of the classes is in the minority, and is never clearly better than oversampling. Its score does not depend on mu, so oversampling is less far ahead the larger mu.',
      source: 'Buda et al. 2018, section 4.1',
    },
    [
      meanPart(groups, contrast('rocAuc', 'undersampling', 'baseline', 'below'), {
        statement: 'undersampling is below the baseline',
        core: true,
        needs: 'step or linear cells with undersampling, in two replicates or more',
        listCells: true,
      }),
      neverBelow(evidence, 'oversampling', 'undersampling'),
      {
        statement: 'undersampling does better against the baseline where more classes are in the minority',
        core: true,
        tests: alongMu(contrast('rocAuc', 'undersampling', 'baseline', 'above')),
        needs,
      },
      {
        statement: `undersampling does not depend on mu (within ${AUC_MARGIN})`,
        core: false,
        tests: alongMu({
          metric: labelOf('rocAuc'),
          effect: (cell) => cell.values('undersampling', 'rocAuc'),
          expect: { within: AUC_MARGIN },
        }),
        needs,
      },
      {
        statement: 'oversampling is less far ahead of undersampling where more classes are in the minority',
        core: false,
        tests: alongMu(contrast('rocAuc', 'oversampling', 'undersampling', 'below')),
        needs,
      },
    ],
  )
}

/** Oversampling is above another method, by the mean over cells. */
export function oversamplingAbove(evidence: Evidence, other: string): Part {
  return meanPart(groupsOf(evidence), contrast('rocAuc', 'oversampling', other, 'above'), {
    statement: `${evidence.title('oversampling')} is above ${evidence.title(other)}`,
    core: false,
    needs: `imbalanced cells with ${evidence.title('oversampling')} and ${evidence.title(other)}, in two replicates or more`,
  })
}

/** "Never clearly worse": not by more than the margin, in any cell. */
function neverBelow(evidence: Evidence, method: string, other: string): Part {
  const question = contrast('rocAuc', method, other, { atLeast: -AUC_MARGIN })
  const [title, otherTitle] = [evidence.title(method), evidence.title(other)]
  return {
    statement: `${title} is in no cell more than ${AUC_MARGIN} below ${otherTitle}`,
    core: true,
    tests: groupsOf(evidence).flatMap((group) => everywhere(inEachCell(group, question))),
    needs: `imbalanced cells with ${title} and ${otherTitle}, in two replicates or more`,
  }
}
