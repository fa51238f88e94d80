/** The recommendations of the paper as rules, in the order in which one would ask. */
import { contrast, groupsOf, isImbalanced, isStep } from '../claims/cells.ts'
import { noOverfitting } from '../claims/convergence.ts'
import { AUC_MARGIN } from '../claims/hypothesis.ts'
import { intermediateUndersampling } from '../claims/partial-sampling.ts'
import { oversamplingAbove } from '../claims/sampling.ts'
import { noGainWithUndersampling, thresholdingRaises } from '../claims/thresholding.ts'
import { aheadWhenShort, costOfUndersampling, EXTREME } from '../claims/training-time.ts'
import { noNetGain } from '../claims/two-phase.ts'
import { judge, meanPart } from '../claims/verdict.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'
import type { RuleReading } from '../page.ts'
import type { Rule, Situation } from './rule.ts'

/** Classes from which on a task counts as large and hard. The paper has 10 and 1,000. */
const MANY_CLASSES = 100

const isExtreme = ({ rho, mu }: { readonly rho: number; readonly mu: number }) => rho >= EXTREME.rho && mu >= EXTREME.mu
const isCutShort = (situation: Situation) => situation.time === 'short' && isExtreme(situation)
const isLarge = ({ classes }: EvidenceCell) => classes >= MANY_CLASSES
const extremeWords = `rho is ${EXTREME.rho} or more, mu ${EXTREME.mu} or more, and training time is short`

export const rules: readonly Rule[] = [
  {
    id: 'oversample',
    when: 'the classes are imbalanced, and time is not short in extreme imbalance',
    advice: 'Oversample, until every class is as large as the largest.',
    source: 'Buda et al. 2018, sections 4.1, 4.5 and 5',
    applies: (situation) => !isCutShort(situation),
    covers: isImbalanced,
    tests: (evidence) => [
      { ...oversamplingAbove(evidence, 'baseline'), core: true },
      { ...oversamplingAbove(evidence, 'undersampling'), core: true },
    ],
  },
  {
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
  },
  {
    id: 'undersample-when-time-is-short',
    when: extremeWords,
    advice: 'Consider undersampling: it has far fewer images to go through, and comes closest to oversampling here.',
    source: 'Buda et al. 2018, section 5',
    applies: isCutShort,
    covers: (cell) => isStep(cell) && isExtreme({ rho: cell.rho!, mu: cell.mu! }),
    tests: (evidence) => [aheadWhenShort(evidence), costOfUndersampling(evidence)],
  },
  {
    id: 'undersample-part-of-the-way',
    when: `you undersample (${extremeWords})`,
    advice:
      'Try intermediate levels: undersampling need not go to full balance, but should go the further the more classes are in the minority. The best level is not known beforehand.',
    source: 'Buda et al. 2018, sections 4.5 and 5',
    applies: isCutShort,
    covers: isStep,
    tests: (evidence) => [intermediateUndersampling(evidence)],
  },
  {
    id: 'threshold-for-accuracy',
    when: 'each image must get one class, and all classes are equally likely where the network is used',
    advice: 'Divide the outputs by the prior class probabilities, after oversampling or the baseline.',
    source: 'Buda et al. 2018, sections 4.4 and 5',
    applies: ({ goal }) => goal !== 'ranking',
    covers: isImbalanced,
    tests: thresholdingRaises,
  },
  {
    id: 'no-thresholding-with-undersampling',
    when: 'each image must get one class',
    advice: 'Do not combine thresholding with undersampling.',
    source: 'Buda et al. 2018, section 4.4',
    applies: ({ goal }) => goal !== 'ranking',
    covers: isImbalanced,
    tests: (evidence) => [noGainWithUndersampling(evidence)],
  },
  {
    id: 'no-two-phase-training',
    when: 'two-phase training is considered',
    advice: 'Leave out two-phase training: it gains nothing over the better of the baseline and its first phase.',
    source: 'Buda et al. 2018, section 4.1',
    applies: () => true,
    covers: isImbalanced,
    tests: (evidence) => ['oversampling', 'undersampling'].map((sampling) => noNetGain(evidence, sampling)),
  },
  {
    id: 'oversampling-does-not-overfit',
    when: 'the model is a convolutional network',
    advice: 'Do not shun oversampling for fear of overfitting: convolutional networks did not overfit by it.',
    source: 'Buda et al. 2018, sections 4.6 and 5',
    applies: () => true,
    covers: isImbalanced,
    tests: (evidence) => [noOverfitting(evidence)],
  },
]

/** The rules for a situation; none where the classes are of one size. */
export function rulesFor(situation: Situation): Rule[] {
  return situation.rho > 1 ? rules.filter((rule) => rule.applies(situation)) : []
}

/** Every rule, or those given, with what studies say of it: nothing, where none of their cells is such a situation. */
export function readRules(evidence: Evidence, read: readonly Rule[] = rules): RuleReading[] {
  return read.map(({ id, when, advice, source, covers, tests }) => {
    const cells = evidence.cells.filter(covers)
    const ours = cells.length > 0 ? oursOf(judge(tests({ ...evidence, cells }))) : undefined
    return { id, when, advice, source, ours }
  })
}

function oursOf({ verdict, reason }: ReturnType<typeof judge>): RuleReading['ours'] {
  const words = { 'borne out': 'agrees', contradicted: 'disagrees', 'undecided at this scale': 'undecided' } as const
  return { verdict: words[verdict], sentence: reason }
}
