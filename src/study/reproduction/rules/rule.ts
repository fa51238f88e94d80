import { EXTREME } from '../claims/training-time.ts'
import type { Part } from '../claims/verdict.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'

/** What someone has before them who asks for advice. */
export interface Situation {
  /** Size of the largest class over that of the smallest. */
  readonly rho: number
  /** Fraction of minority classes. */
  readonly mu: number
  /** As MNIST or CIFAR-10, as ImageNet. */
  readonly difficulty: 'moderate' | 'hard'
  /** Whether training has to be cut short. */
  readonly time: 'short' | 'enough'
  /** What counts: the order of scores, or the classes that are decided on. Both, where it is left out. */
  readonly goal?: 'ranking' | 'accuracy'
}

/** A recommendation of the paper. */
export interface Rule {
  readonly id: string
  /** The situations it is meant for, in words. */
  readonly when: string
  readonly advice: string
  readonly source: string
  /** Asked of imbalanced classes alone. */
  applies(situation: Situation): boolean
  /** Whether a cell of a study is such a situation. */
  covers(cell: EvidenceCell): boolean
  /** What would have to be found in such cells. */
  tests(evidence: Evidence): readonly Part[]
}

/** What several rules are meant for, or not. */
export const extremeWords = `rho is ${EXTREME.rho} or more, mu ${EXTREME.mu} or more, and training time is short`

/** Whether time is short in extreme imbalance. */
export function isCutShort({ rho, mu, time }: Situation): boolean {
  return time === 'short' && rho >= EXTREME.rho && mu >= EXTREME.mu
}
