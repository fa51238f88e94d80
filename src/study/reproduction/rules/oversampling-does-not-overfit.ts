import { isImbalanced } from '../cells.ts'
import { gapDoesNotGrow } from '../claims/convergence.ts'
import type { Rule } from './rule.ts'

export const oversamplingDoesNotOverfit: Rule = {
  id: 'oversampling-does-not-overfit',
  when: 'the model is a convolutional network',
  advice:
    'Do not shun oversampling for fear of overfitting: the gap between training and test accuracy did not grow with the iterations.',
  source: 'Buda et al. 2018, sections 4.6 and 5',
  applies: () => true,
  covers: isImbalanced,
  tests: (evidence) => [gapDoesNotGrow(evidence)],
}
