/** Claim 3: undersampling is worse than the baseline, unless most classes are in the minority. */
import { groupsOf } from '../cells.ts'
import type { Evidence } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { AUC_MARGIN } from './hypothesis.ts'
import { neverBelow } from './oversampling.ts'
import { betweenEnds, contrast, labelOf, type Question } from './questions.ts'
import { judgeClaim, meanPart } from './verdict.ts'

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
