import { intermediateUndersampling } from '../claims/partial-sampling.ts'
import { isExtreme } from '../claims/training-time.ts'
import { extremeWords, isCutShort, type Rule } from './rule.ts'

export const undersamplePartOfTheWay: Rule = {
  id: 'undersample-part-of-the-way',
  when: `you undersample (${extremeWords})`,
  advice:
    'Try intermediate levels: undersampling need not go to full balance, but should go the further the more classes are in the minority. The best level is not known beforehand.',
  source: 'Buda et al. 2018, sections 4.5 and 5',
  applies: isCutShort,
  covers: isExtreme,
  tests: (evidence) => [intermediateUndersampling(evidence)],
}
