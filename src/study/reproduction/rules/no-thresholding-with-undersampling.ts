import { isImbalanced } from '../cells.ts'
import { noGainWithUndersampling } from '../claims/thresholding.ts'
import type { Rule } from './rule.ts'

export const noThresholdingWithUndersampling: Rule = {
  id: 'no-thresholding-with-undersampling',
  when: 'each image must get one class',
  advice: 'Do not combine thresholding with undersampling.',
  source: 'Buda et al. 2018, section 4.4',
  applies: ({ goal }) => goal !== 'ranking',
  covers: isImbalanced,
  tests: (evidence) => [noGainWithUndersampling(evidence)],
}
