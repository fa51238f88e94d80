/** Claim 1: imbalance hurts, the more the larger rho, the more minority classes there are, and the harder the task. */
import { mean } from '../../../stats/index.ts'
import { type Group, groupsOf, isBalanced, isImageNet, isStep, ratioOf } from '../cells.ts'
import { average } from '../effect.ts'
import type { ByReplicate, Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { auc, factor } from '../words.ts'
import { independent, type Measured } from './hypothesis.ts'
import { answering, betweenEnds, labelOf } from './questions.ts'
import { judgeClaim, type Part } from './verdict.ts'

/** From easy to hard. Fashion-MNIST is not the paper's. */
const tasks = ['mnist', 'fashion-mnist', 'cifar-10', 'imagenet'] as const
type Task = (typeof tasks)[number]

/** A network that ranks less well than this at the reference already has little left to lose: its losses are not held against others. */
const LEAST_REFERENCE = 0.9

/** "About 100 times": from 32 to 316 times, half an order of magnitude either way, in log10. */
const HUNDREDFOLD = { log10: 2, margin: 0.5 }

export function imbalanceHurts(evidence: Evidence): Claim {
  const groups = groupsOf(evidence)
  const question = { metric: labelOf('rocAuc'), effect: baseline, expect: 'below' } as const
  const pairs = taskPairs(groups)
  return judgeClaim(
    {
      number: 1,
      title: 'Imbalance hurts, more with rho, with minority classes and with difficulty',
      paper:
        'The baseline loses more the larger the imbalance ratio, the more classes are in the minority and the more complex the task; a similar drop takes about 100 times more imbalance on MNIST than on CIFAR-10.',
      source: 'Buda et al. 2018, sections 4.1 and 5',
    },
    [
      {
        statement: 'the baseline falls as rho grows, at the same mu',
        core: true,
        tests: groups.flatMap((group) => betweenEnds(group, 'rho', question)),
        needs: 'step cells of two ratios at one mu, in two replicates or more',
      },
      {
        statement: 'the baseline falls as more classes are in the minority, at the same rho',
        core: true,
        tests: groups.flatMap((group) => betweenEnds(group, 'mu', question)),
        needs: 'step cells of two mus at one rho, in two replicates or more',
      },
      {
        ...harderLosesMore(pairs.filter((pair) => !hasFashion(pair))),
        statement: 'the harder task loses more, at the same rho and mu',
        core: true,
        needs: `two of MNIST, CIFAR-10 and ImageNet at the same ratios, of which the smallest is the reference, with a ROC AUC of ${LEAST_REFERENCE} or more there`,
      },
      ...fashionParts(pairs.filter(hasFashion)),
      hundredfold(pairs),
    ],
  )
}

function baseline(cell: EvidenceCell): ByReplicate {
  return cell.values('baseline', 'rocAuc')
}

interface TaskPair {
  readonly easy: TaskGroup
  readonly hard: TaskGroup
}

interface TaskGroup extends Group {
  readonly task: Task
}

/** Every two tasks of different difficulty; of a dataset that was trained in several ways, the one with most cells. */
function taskPairs(groups: readonly Group[]): TaskPair[] {
  const known = tasks.flatMap((task): TaskGroup[] => {
    const [largest] = groups.filter((group) => taskOf(group) === task).sort((a, b) => b.cells.length - a.cells.length)
    return largest ? [{ ...largest, task }] : []
  })
  return known.flatMap((easy, i) => known.slice(i + 1).map((hard) => ({ easy, hard })))
}

function taskOf({ dataset, cells }: Group): Task | undefined {
  return cells.every(isImageNet) ? 'imagenet' : tasks.find((task) => task === dataset)
}

function hasFashion({ easy, hard }: TaskPair): boolean {
  return [easy, hard].some(({ task }) => task === 'fashion-mnist')
}

/** On a dataset that the paper does not have, its claim does not hang; nothing is said of it where it was not run. */
function fashionParts(pairs: readonly TaskPair[]): Part[] {
  if (pairs.length === 0) return []
  return [
    {
      ...harderLosesMore(pairs),
      statement: 'the harder task loses more, with Fashion-MNIST taken for one between MNIST and CIFAR-10',
      core: false,
      needs: `Fashion-MNIST and another task at the same ratios, with a ROC AUC of ${LEAST_REFERENCE} or more at the smallest of them`,
    },
  ]
}

/**
 * The baseline's drop below its reference, by rho ascending, in the replicates that have all of it; the reference itself, with a drop
 * of 0, comes first.
 */
interface Curve {
  readonly name: string
  /** The mean ROC AUC at the reference. */
  readonly from: number
  readonly points: readonly { readonly rho: number; readonly drop: ByReplicate }[]
}

interface CurvePair {
  readonly pair: TaskPair
  readonly mu: number
  readonly reference: number
  readonly easy: Curve
  readonly hard: Curve
}

/** Curves at each mu of both tasks, from the smallest ratio that both have: balanced classes, where they were run. */
function curvePairs(pair: TaskPair): CurvePair[] {
  const { easy, hard } = pair
  const along = (group: Group, mu: number) =>
    answering(group, {
      of: (cell) => isBalanced(cell) || (isStep(cell) && cell.mu === mu),
      effect: baseline,
    }).sort((a, b) => ratioOf(a) - ratioOf(b))
  const mus = [...new Set(easy.cells.filter(isStep).map(({ mu }) => mu))].sort((a, b) => a - b)
  return mus.flatMap((mu) => {
    const [left, right] = [along(easy, mu), along(hard, mu)]
    const reference = left.map(ratioOf).find((rho) => right.some((cell) => ratioOf(cell) === rho))
    if (reference === undefined) return []
    const [easier, harder] = [curve(easy.name, left, reference), curve(hard.name, right, reference)]
    return easier && harder ? [{ pair, mu, reference, easy: easier, hard: harder }] : []
  })
}

/** Undefined with nothing beside the reference, or fewer than two replicates in common. */
function curve(name: string, cells: readonly EvidenceCell[], reference: number): Curve | undefined {
  const onwards = cells.filter((cell) => ratioOf(cell) >= reference)
  const common = [...average(onwards.map(baseline)).keys()]
  if (onwards.length < 2 || common.length < 2) return undefined
  const atReference = baseline(onwards[0]!)
  const drop = (cell: EvidenceCell) => new Map(common.map((r) => [r, atReference.get(r)! - baseline(cell).get(r)!]))
  return {
    name,
    from: mean(common.map((r) => atReference.get(r)!)),
    points: onwards.map((cell) => ({ rho: ratioOf(cell), drop: drop(cell) })),
  }
}

/** Whether both networks rank well enough at the reference for their losses to be compared. */
function isComparable({ easy, hard }: CurvePair): boolean {
  return Math.min(easy.from, hard.from) >= LEAST_REFERENCE
}

/** The tests of pairs that can be compared, and a sentence on every other. */
function harderLosesMore(pairs: readonly TaskPair[]): Pick<Part, 'tests' | 'note'> {
  const curves = pairs.map(curvePairs)
  return {
    tests: curves.flatMap((some) => dropsCompared(some.filter(isComparable))),
    note: curves.flatMap((some) => tooLow(some.filter((pair) => !isComparable(pair)))).join(' '),
  }
}

function dropsCompared(pairs: readonly CurvePair[]): Measured[] {
  const both = pairs.flatMap((pair) =>
    pair.easy.points.slice(1).flatMap(({ rho, drop }) => {
      const other = pair.hard.points.slice(1).find((point) => point.rho === rho)
      return other ? [{ easy: drop, hard: other.drop }] : []
    }),
  )
  if (both.length === 0) return []
  const place = `${againstIn(pairs)}, drop from ${referenceIn(pairs)}, mean over ${both.length} settings`
  const metric = `${labelOf('rocAuc')} lost`
  return independent({ place, metric }, average(both.map((at) => at.hard)), average(both.map((at) => at.easy)), 'above')
}

function tooLow(pairs: readonly CurvePair[]): string[] {
  if (pairs.length === 0) return []
  return [
    `The losses of ${againstIn(pairs)} are not compared from ${referenceIn(pairs)}: below ${LEAST_REFERENCE} little is left to lose.`,
  ]
}

function againstIn(pairs: readonly CurvePair[]): string {
  const { easy, hard } = pairs[0]!
  return `${hard.name} against ${easy.name}`
}

/** 'rho 1 with a ROC AUC of 0.9700 against 0.9981' */
function referenceIn(pairs: readonly CurvePair[]): string {
  const references = [...new Set(pairs.map(({ reference }) => reference))].join(' or ')
  const [hard, easy] = [pairs.map((pair) => pair.hard.from), pairs.map((pair) => pair.easy.from)]
  return `rho ${references} with a ROC AUC of ${auc(mean(hard))} against ${auc(mean(easy))}`
}

/** How many times more imbalance costs MNIST what it costs CIFAR-10; for other pairs the paper has no number, so they are told only. */
function hundredfold(pairs: readonly TaskPair[]): Part {
  const found = pairs.flatMap((pair) => curvePairs(pair).filter(isComparable).map(equalDrop))
  return {
    statement: 'a similar drop takes about 100 times more imbalance on MNIST than on CIFAR-10 (32 to 316 times)',
    core: false,
    tests: found.filter(isOfPaper).flatMap(({ test }) => test ?? []),
    isFactor: true,
    needs: 'MNIST and CIFAR-10 at the same mu, at ratios that cost both of them the same',
    note: found.flatMap((one) => one.bound ?? (one.test && !isOfPaper(one) ? factorSentence(one.test) : [])).join(' '),
  }
}

function isOfPaper({ pair: { easy, hard } }: EqualDrop): boolean {
  return easy.task === 'mnist' && hard.task === 'cifar-10'
}

interface EqualDrop {
  readonly pair: TaskPair
  /** The factor in rho, and whether it is about a hundred; absent where not every replicate loses so much. */
  readonly test?: Measured
  /** A sentence, where the curves share no drop and the factor can only be bounded. */
  readonly bound?: string
}

/** The ratio of two rhos of equal drop, by interpolation between the ratios that were run, linear in log rho. */
function equalDrop({ pair, mu, reference, easy, hard }: CurvePair): EqualDrop {
  const [leastEasy, mostEasy] = rangeOf(easy)
  const [leastHard, mostHard] = rangeOf(hard)
  if (leastHard > mostEasy) {
    const [{ rho: first }, { rho: last }] = [hard.points[1]!, easy.points.at(-1)!]
    const bound = `At mu ${mu} ${hard.name} loses more by rho ${first} than ${easy.name} by rho ${last}: a similar drop takes more than ${Number((last / first).toPrecision(3))} times the imbalance on ${easy.name}.`
    return { pair, bound }
  }
  const [least, most] = [Math.max(leastEasy, leastHard), Math.min(mostEasy, mostHard)]
  const drop = (least + most) / 2
  const [a, b] = [crossings(easy, drop), crossings(hard, drop)]
  // Without the replicates that never lose so much, the others would make the ratio look small.
  if (least > most || a.size < replicatesOf(easy) || b.size < replicatesOf(hard)) return { pair }
  const place = `${hard.name} against ${easy.name}, mu ${mu}, a drop of ${drop.toFixed(4)} from rho ${reference}`
  const fromHundred = new Map([...a].map(([replicate, value]) => [replicate, value - HUNDREDFOLD.log10]))
  const where = { place, metric: 'rho on the easier over rho on the harder' }
  const [tested] = independent(where, fromHundred, b, { within: HUNDREDFOLD.margin })
  const { effect, low, high } = tested!
  const times = (value: number) => 10 ** (value + HUNDREDFOLD.log10)
  return { pair, test: { ...tested!, effect: times(effect), low: times(low!), high: times(high!) } }
}

function factorSentence({ place, effect, low, high }: Measured): string {
  return `${place}: ${factor(effect)} the imbalance (90 % interval ${factor(low!)} to ${factor(high!)}).`
}

/** The mean drop at the first ratio above the reference, and at the last. */
function rangeOf({ points }: Curve): [least: number, most: number] {
  const at = (point: Curve['points'][number]) => mean([...point.drop.values()])
  return [at(points[1]!), at(points.at(-1)!)]
}

function replicatesOf({ points }: Curve): number {
  return points[0]!.drop.size
}

/** log10 of the rho at which each replicate has first lost so much; replicates that never do are left out. */
function crossings({ points }: Curve, drop: number): ByReplicate {
  return new Map(
    [...points[0]!.drop.keys()].flatMap((replicate) => {
      const path = points.map((point) => ({ x: Math.log10(point.rho), y: point.drop.get(replicate)! }))
      const i = path.findIndex(({ y }) => y >= drop)
      if (i < 1) return []
      const [before, after] = [path[i - 1]!, path[i]!]
      const share = (drop - before.y) / (after.y - before.y)
      return [[replicate, before.x + share * (after.x - before.x)] as const]
    }),
  )
}
