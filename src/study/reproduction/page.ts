/** What the report draws of the paper's analyses: plain data that survives JSON. */
import type { Estimate } from '../estimate.ts'

/** An analysis of the paper on the studies at hand: its figure, its table, and what the paper has beside them. */
export interface Page {
  /** Anchor and file name: 'effect-of-rho'. */
  readonly id: string
  readonly title: string
  /** 'section 4.1, figure 3' */
  readonly source: string
  /** What the paper found or printed, in our words. */
  readonly paper: string
  /** What is found here, a sentence with its numbers. */
  readonly finding: string
  readonly figures: readonly LineFigure[]
  readonly tables: readonly Table[]
}

/** Lines with 95 % intervals over one axis: a small multiple. */
export interface LineFigure {
  readonly caption: string
  readonly x: { readonly label: string; readonly scale: 'log' | 'linear' }
  readonly y: { readonly label: string }
  readonly lines: readonly FigureLine[]
}

export interface FigureLine {
  /** Distinguishes the lines of a page in colour and shape: a method's key, or any other id with a title. */
  readonly id: string
  readonly title: string
  /** Ascending in x. */
  readonly points: readonly FigurePoint[]
}

export interface FigurePoint {
  readonly x: number
  readonly mean: number
  /** 95 % limits; undefined for a single replicate. */
  readonly low: number | undefined
  readonly high: number | undefined
}

export interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  /** A text, a count, or an estimate with as many decimals as it deserves; undefined where there is nothing. */
  readonly rows: readonly (readonly (string | number | Estimate | undefined)[])[]
}

export type Verdict = 'borne out' | 'contradicted' | 'undecided at this scale'

/** A claim of the paper held against the studies at hand. */
export interface Claim {
  /** 1 to 10, in the paper's order. */
  readonly number: number
  readonly title: string
  /** What the paper says, in our words. */
  readonly paper: string
  readonly source: string
  readonly verdict: Verdict
  /** Why: how many of its parts are shown, and the part that decided with its numbers. */
  readonly reason: string
  /** What is found of each part, opposed ones first, and what no test says: sentences. */
  readonly parts: readonly string[]
  readonly tests: readonly ClaimTest[]
}

/** One statistical test of a claim: paired over replicates, Holm-adjusted over its family. */
export interface ClaimTest {
  /** The part of the claim that it tests: 'oversampling is above the baseline'. */
  readonly statement: string
  /** Where: 'mnist/step rho=100 mu=0.5', or 'mnist, mean over 27 step cells'. */
  readonly place: string
  /** 'ROC AUC' */
  readonly metric: string
  /** 'paired t', 'paired t, one-sided', 'equivalence (two one-sided t tests, margin 0.005)', 'Welch t' */
  readonly test: string
  readonly replicates: number
  readonly effect: number
  /** Whether the effect is a factor, not a difference. */
  readonly isFactor: boolean
  /** Interval at 95 % (90 % for equivalence, as its test has it). */
  readonly low: number | undefined
  readonly high: number | undefined
  readonly p: number | undefined
  readonly pHolm: number | undefined
  readonly outcome: 'supports' | 'opposes' | 'open'
}

/** A recommendation of the paper as a rule, and what the studies at hand say of it. */
export interface RuleReading {
  readonly id: string
  /** 'when rho >= 10 and accuracy counts' */
  readonly when: string
  readonly advice: string
  readonly source: string
  /** What these runs say, with numbers; undefined where none of their cells is in the rule's range. */
  readonly ours: { readonly verdict: 'agrees' | 'disagrees' | 'undecided'; readonly sentence: string } | undefined
}

/** All that a report holds of the paper. */
export interface Reproduction {
  readonly pages: readonly Page[]
  readonly claims: readonly Claim[]
  readonly rules: readonly RuleReading[]
}
