/** The recommendations of the paper as rules, in the order in which one would ask. */
import { judge } from '../claims/verdict.ts'
import type { Evidence } from '../evidence.ts'
import type { RuleReading } from '../page.ts'
import { cautionOnLargeTasks } from './caution-on-large-tasks.ts'
import { noThresholdingWithUndersampling } from './no-thresholding-with-undersampling.ts'
import { noTwoPhaseTraining } from './no-two-phase-training.ts'
import { oversample } from './oversample.ts'
import { oversamplingDoesNotOverfit } from './oversampling-does-not-overfit.ts'
import type { Rule, Situation } from './rule.ts'
import { thresholdForAccuracy } from './threshold-for-accuracy.ts'
import { undersamplePartOfTheWay } from './undersample-part-of-the-way.ts'
import { undersampleWhenTimeIsShort } from './undersample-when-time-is-short.ts'

export const rules: readonly Rule[] = [
  oversample,
  cautionOnLargeTasks,
  undersampleWhenTimeIsShort,
  undersamplePartOfTheWay,
  thresholdForAccuracy,
  noThresholdingWithUndersampling,
  noTwoPhaseTraining,
  oversamplingDoesNotOverfit,
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
