import { isImbalanced } from '../cells.ts'
import { thresholdingRaises } from '../claims/thresholding.ts'
import type { Rule } from './rule.ts'

export const thresholdForAccuracy: Rule = {
  id: 'threshold-for-accuracy',
  when: 'each image must get one class, and all classes are equally likely where the network is used',
  advice: 'Divide the outputs by the prior class probabilities, after oversampling or the baseline.',
  source: 'Buda et al. 2018, sections 4.4 and 5',
  applies: ({ goal }) => goal !== 'ranking',
  covers: isImbalanced,
  tests: thresholdingRaises,
}
