/**
 * From tests to a verdict, the same for all claims.
 *
 * A claim is cut into parts, each a statement with its tests: one for every dataset that can tell, where the statement is about a mean
 * over cells; a single one over the cells of all datasets, where it is about some cell or every cell. Holm's adjustment runs over all
 * these tests of the claim. A part is
 * - opposed, when a test finds the opposite (on any dataset: the paper's statements are general);
 * - supported, when a test finds it, and no effect lies on the other side on any dataset, not even within the noise;
 * - open, when tests tell neither, or some dataset leans the other way;
 * - untested, when there is no cell that could tell, or fewer than two replicates.
 *
 * A claim is contradicted when a part of its core is opposed. It is borne out when all of its core is tested and every part that is
 * tested is supported. Else it is undecided at this scale, and its parts say what is missing.
 */
import { holm } from '../../../stats/index.ts'
import type { Group } from '../cells.ts'
import type { Claim, ClaimTest, Verdict } from '../page.ts'
import { factor, signed } from '../words.ts'
import { type Measured, SIGNIFICANCE } from './hypothesis.ts'
import { inEachCell, overCells, type Question } from './questions.ts'

export interface Part {
  readonly statement: string
  /** Whether the claim is nothing without it. */
  readonly core: boolean
  /** What decides: a test for each dataset, or one over all cells. */
  readonly tests: readonly Measured[]
  /** What one would have to run to test it. */
  readonly needs: string
  /** The same in single cells: a family of its own, which decides nothing. */
  readonly cells?: readonly Measured[]
  /** Whether the single cells stand among the tests of the claim, too. */
  readonly listCells?: boolean
  /** Whether the effects are factors, not differences. */
  readonly isFactor?: boolean
  /** What no test says: sentences. */
  readonly note?: string
}

/** A statement about the mean over cells, with the count of cells beside it. */
export function meanPart(groups: readonly Group[], question: Question, part: Omit<Part, 'tests' | 'cells'>): Part {
  return {
    ...part,
    tests: groups.flatMap((group) => overCells(group, question)),
    cells: groups.flatMap((group) => inEachCell(group, question)),
  }
}

/** Judged parts, and their verdict in common. */
export interface Judgement {
  readonly verdict: Verdict
  readonly reason: string
  readonly parts: readonly string[]
  readonly tests: readonly ClaimTest[]
}

/** The verdict on parts that stand or fall together, by the rules above. */
export function judge(parts: readonly Part[]): Judgement {
  const judged = judgeParts(parts)
  const core = judged.filter((part) => part.core)
  const tested = judged.filter(({ outcome }) => outcome !== 'untested')
  const verdict = core.some(({ outcome }) => outcome === 'opposes')
    ? 'contradicted'
    : core.every(({ outcome }) => outcome === 'supports') && tested.every(({ outcome }) => outcome === 'supports')
      ? 'borne out'
      : 'undecided at this scale'
  return {
    verdict,
    reason: reasonOf(judged, verdict),
    parts: sentencesOf(judged),
    tests: judged.flatMap(({ rows }) => rows),
  }
}

/** A claim of the paper with its verdict. */
export function judgeClaim(said: Pick<Claim, 'number' | 'title' | 'paper' | 'source'>, parts: readonly Part[]): Claim {
  return { ...said, ...judge(parts) }
}

type Outcome = ClaimTest['outcome'] | 'untested'

interface JudgedPart extends Part {
  readonly outcome: Outcome
  readonly deciding: readonly ClaimTest[]
  readonly rows: readonly ClaimTest[]
  /** In how many single cells it is so; undefined with fewer than two. */
  readonly count: string | undefined
}

function judgeParts(parts: readonly Part[]): JudgedPart[] {
  const family = judgeFamily(parts.flatMap((part) => part.tests.map((test) => asked(part, test))))
  let next = 0
  return parts.map((part) => {
    const deciding = family.slice(next, next + part.tests.length)
    next += part.tests.length
    const cells = judgeFamily((part.cells ?? []).map((test) => asked(part, test)))
    return {
      ...part,
      deciding,
      outcome: outcomeOf(deciding, part.tests),
      rows: [...deciding, ...(part.listCells && cells.length > 1 ? cells : [])],
      count: cells.length > 1 ? countOf(cells, part.cells!) : undefined,
    }
  })
}

function outcomeOf(tests: readonly ClaimTest[], measured: readonly Measured[]): Outcome {
  if (tests.length === 0) return 'untested'
  const some = (outcome: Outcome) => tests.some((test) => test.outcome === outcome)
  if (some('opposes')) return 'opposes'
  return some('supports') && measured.every(({ favourable }) => favourable) ? 'supports' : 'open'
}

interface Asked {
  readonly statement: string
  readonly isFactor: boolean
  readonly test: Measured
}

function asked({ statement, isFactor = false }: Part, test: Measured): Asked {
  return { statement, isFactor, test }
}

/** Holm over the family, of the statements and of their opposites apart; a row shows the p of what was found. */
function judgeFamily(family: readonly Asked[]): ClaimTest[] {
  const adjusted = holm(family.map(({ test }) => test.p))
  const against = holm(family.map(({ test }) => test.pAgainst))
  return family.map(({ statement, isFactor, test: { p, pAgainst, favourable, ...said } }, i) => {
    if (!favourable && against[i]! < SIGNIFICANCE) {
      return { statement, ...said, isFactor, p: pAgainst, pHolm: against[i]!, outcome: 'opposes' }
    }
    const outcome = favourable && adjusted[i]! < SIGNIFICANCE ? 'supports' : 'open'
    return { statement, ...said, isFactor, p, pHolm: adjusted[i]!, outcome }
  })
}

function countOf(cells: readonly ClaimTest[], measured: readonly Measured[]): string {
  const found = (outcome: Outcome) => cells.filter((cell) => cell.outcome === outcome).length
  const leaning = measured.filter(({ favourable }) => favourable).length
  return `so in ${leaning} of ${cells.length} cells, shown in ${found('supports')} and refuted in ${found('opposes')}`
}

const heading: Record<Outcome, string> = {
  opposes: 'Opposed',
  supports: 'Supported',
  open: 'Open',
  untested: 'Not tested here',
}

const outcomes = ['opposes', 'supports', 'open', 'untested'] as const

/** '4 of 6 parts are shown, 1 is open, 1 not tested. Open: ...' */
function reasonOf(parts: readonly JudgedPart[], verdict: Verdict): string {
  const number = (outcome: Outcome) => parts.filter((part) => part.outcome === outcome).length
  const others = [
    [number('opposes'), 'opposed'],
    [number('open'), 'open'],
    [number('untested'), 'not tested'],
  ] as const
  const rest = others.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`)
  return [`Shown: ${number('supports')} of ${parts.length} parts${rest.join('')}.`, ...decisive(parts, verdict)].join(
    ' ',
  )
}

/** The parts that decided: what is opposed, else the first that is lacking, else the first of the core. */
function decisive(parts: readonly JudgedPart[], verdict: Verdict): string[] {
  const core = parts.filter((part) => part.core)
  if (verdict === 'contradicted') return core.filter(({ outcome }) => outcome === 'opposes').map(headed)
  const lacking = [...core, ...parts].find(
    (part) => part.outcome !== 'supports' && (part.core || part.outcome !== 'untested'),
  )
  const part = lacking ?? core[0]
  return part ? [headed(part)] : []
}

function sentencesOf(parts: readonly JudgedPart[]): string[] {
  const ordered = outcomes.flatMap((outcome) => parts.filter((part) => part.outcome === outcome))
  return [...ordered.map(headed), ...parts.flatMap(({ note }) => note || [])]
}

function headed(part: JudgedPart): string {
  return `${heading[part.outcome]}: ${sentenceOf(part)}`
}

function sentenceOf({ statement, outcome, deciding, needs, count, isFactor = false }: JudgedPart): string {
  if (outcome === 'untested') return `${statement}; it needs ${needs}.`
  const told = deciding.filter((test) => test.outcome === outcome).map((test) => tell(test, isFactor))
  const others = deciding.filter((test) => test.outcome !== outcome)
  const found = { supports: 'shown', opposes: 'opposed', open: 'open' }
  const elsewhere = others.map((test) => `${found[test.outcome]} on ${test.place}`)
  return `${statement} (${[...told, ...elsewhere, ...(count ? [count] : [])].join('; ')}).`
}

/** 'mnist, mean over 27 cells: +0.0123, between +0.0100 and +0.0146' */
function tell({ place, effect, low, high }: ClaimTest, isFactor: boolean): string {
  const number = (value: number) => (isFactor ? factor(value) : signed(value, 4))
  const limits = low === undefined || high === undefined ? '' : `, between ${number(low)} and ${number(high)}`
  return `${place}: ${number(effect)}${limits}`
}
