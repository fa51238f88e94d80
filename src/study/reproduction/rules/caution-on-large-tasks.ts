import { groupsOf, isImbalanced, isLarge, MANY_CLASSES } from '../cells.ts'
import { AUC_MARGIN } from '../claims/hypothesis.ts'
import { contrast } from '../claims/questions.ts'
import { meanPart } from '../claims/verdict.ts'
import type { Rule } from './rule.ts'

export const cautionOnLargeTasks: Rule = {
  id: 'caution-on-large-tasks',
  when: `the task is as large and hard as ImageNet (here: ${MANY_CLASSES} classes or more)`,
  advice:
    'Compare oversampling with the baseline before you rely on it: on ImageNet the baseline was slightly better in all three settings, and undersampling the worst.',
  source: 'Buda et al. 2018, section 4.2, table 4',
  applies: ({ difficulty }) => difficulty === 'hard',
  covers: (cell) => isImbalanced(cell) && isLarge(cell),
  tests: (evidence) => [
    meanPart(groupsOf(evidence), contrast('rocAuc', 'oversampling', 'baseline', { atMost: AUC_MARGIN }), {
      statement: `oversampling is no more than ${AUC_MARGIN} above the baseline`,
      core: true,
      needs: 'imbalanced cells with oversampling, in two replicates or more',
    }),
  ],
}
