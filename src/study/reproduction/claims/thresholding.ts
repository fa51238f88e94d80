/** Claim 7: thresholding raises accuracy, with the baseline and with oversampling. */
import { groupsOf } from '../cells.ts'
import type { Evidence } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { ACCURACY_MARGIN, AUC_MARGIN, type Expectation, everywhere } from './hypothesis.ts'
import { contrast, inEachCell } from './questions.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

/** Methods with thresholding, and what they are without. */
const thresholded = [
  ['thresholding', 'baseline'],
  ['oversampling-thresholding', 'oversampling'],
  ['undersampling-thresholding', 'undersampling'],
] as const

export function thresholdingHelps(evidence: Evidence): Claim {
  return judgeClaim(
    {
      number: 7,
      title: 'Thresholding raises accuracy',
      paper:
        'Dividing the outputs by the prior class probabilities raises accuracy; it works best with oversampling or the baseline and should not go with undersampling. ROC AUC stays as it is.',
      source: 'Buda et al. 2018, section 4.4, figure 6 (2, 5 and 8 minority classes)',
    },
    [
      ...thresholdingRaises(evidence),
      accuracyPart(evidence, 'oversampling-thresholding', 'undersampling-thresholding', 'above'),
      accuracyPart(evidence, 'thresholding', 'undersampling-thresholding', 'above'),
      noGainWithUndersampling(evidence),
      {
        statement: `thresholding changes ROC AUC by less than ${AUC_MARGIN} in every cell`,
        core: true,
        tests: everywhere(
          thresholded.flatMap(([method, without]) =>
            inEachCell(evidence, contrast('rocAuc', method, without, { within: AUC_MARGIN })),
          ),
          'comparisons',
        ),
        needs: 'imbalanced cells with thresholding, in two replicates or more',
      },
    ],
  )
}

/** Thresholding with the baseline, and with oversampling, against the same without. */
export function thresholdingRaises(evidence: Evidence): Part[] {
  return thresholded
    .slice(0, 2)
    .map(([method, without]) => ({ ...accuracyPart(evidence, method, without, 'above'), listCells: true }))
}

export function noGainWithUndersampling(evidence: Evidence): Part {
  return accuracyPart(evidence, 'undersampling-thresholding', 'undersampling', { atMost: ACCURACY_MARGIN })
}

function accuracyPart(evidence: Evidence, method: string, other: string, expect: Expectation): Part {
  const [title, otherTitle] = [evidence.title(method), evidence.title(other)]
  const says = expect === 'above' ? 'is above' : `is no more than ${ACCURACY_MARGIN} above`
  return meanPart(groupsOf(evidence), contrast('accuracy', method, other, expect), {
    statement: `${title} ${says} ${otherTitle} in accuracy`,
    core: true,
    needs: `imbalanced cells with ${title} and ${otherTitle}, in two replicates or more`,
  })
}
