import { aheadWhenShort, costOfUndersampling, isExtreme } from '../claims/training-time.ts'
import { extremeWords, isCutShort, type Rule } from './rule.ts'

export const undersampleWhenTimeIsShort: Rule = {
  id: 'undersample-when-time-is-short',
  when: extremeWords,
  advice: 'Consider undersampling: it has far fewer images to go through, and comes closest to oversampling here.',
  source: 'Buda et al. 2018, section 5',
  applies: isCutShort,
  covers: isExtreme,
  tests: (evidence) => [aheadWhenShort(evidence), costOfUndersampling(evidence)],
}
