import { isImbalanced } from '../cells.ts'
import { noNetGain } from '../claims/two-phase.ts'
import type { Rule } from './rule.ts'

export const noTwoPhaseTraining: Rule = {
  id: 'no-two-phase-training',
  when: 'two-phase training is considered',
  advice: 'Leave out two-phase training: it gains nothing over the better of the baseline and its first phase.',
  source: 'Buda et al. 2018, section 4.1',
  applies: () => true,
  covers: isImbalanced,
  tests: (evidence) => ['oversampling', 'undersampling'].map((sampling) => noNetGain(evidence, sampling)),
}
