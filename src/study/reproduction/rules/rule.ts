import type { Part } from '../claims/verdict.ts'
import type { Evidence, EvidenceCell } from '../evidence.ts'

/** What someone has before them who asks for advice. */
export interface Situation {
  /** Size of the largest class over that of the smallest. */
  readonly rho: number
  /** Fraction of minority classes. */
  readonly mu: number
  /** As MNIST, as CIFAR-10, as ImageNet. */
  readonly difficulty: 'easy' | 'moderate' | 'hard'
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
