import { isImbalanced, isLarge, MANY_CLASSES } from '../cells.ts'
import { oversamplingAbove } from '../claims/oversampling.ts'
import { isCutShort, type Rule } from './rule.ts'

export const oversample: Rule = {
  id: 'oversample',
  when: `the classes are imbalanced and fewer than ${MANY_CLASSES}, and time is not short in extreme imbalance`,
  advice: 'Oversample, until every class is as large as the largest.',
  source: 'Buda et al. 2018, sections 4.1, 4.5 and 5',
  applies: (situation) => situation.difficulty !== 'hard' && !isCutShort(situation),
  covers: (cell) => isImbalanced(cell) && !isLarge(cell),
  tests: (evidence) => [
    { ...oversamplingAbove(evidence, 'baseline'), core: true },
    { ...oversamplingAbove(evidence, 'undersampling'), core: true },
  ],
}
