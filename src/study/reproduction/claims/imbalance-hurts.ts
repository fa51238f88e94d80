/** Claim 1: imbalance hurts, the more the larger rho, the more minority classes there are, and the harder the task. */
import { mean } from '../../../stats/index.ts'
import type { ByReplicate, Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { answering, betweenEnds, type Group, groupsOf, isStep, labelOf, ratioOf } from './cells.ts'
import { average } from './effect.ts'
import { independent, type Measured } from './hypothesis.ts'
import { judgeClaim, type Part } from './verdict.ts'

/** From easy to hard. The paper has the first, third and last. */
const tasks = ['mnist', 'fashion-mnist', 'cifar-10', 'imagenet']

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
        statement: 'the harder task loses more, at the same rho and mu',
        core: true,
        tests: pairs.flatMap(([easy, hard]) => harderLosesMore(easy, hard)),
        needs:
          'two of MNIST, Fashion-MNIST, CIFAR-10 and ImageNet at the same ratios, of which the smallest is the reference',
        ...(pairs.some((pair) => pair.some(({ dataset }) => dataset === 'fashion-mnist'))
          ? { note: 'Fashion-MNIST, which the paper does not have, stands for a task harder than MNIST.' }
          : {}),
      },
      hundredfold(pairs),
    ],
  )
}

function baseline(cell: EvidenceCell): ByReplicate {
  return cell.values('baseline', 'rocAuc')
}

/** Every two tasks of different difficulty, easier first; of a dataset that was trained for several lengths, the one with most cells. */
function taskPairs(groups: readonly Group[]): (readonly [easy: Group, hard: Group])[] {
  const known = tasks.flatMap((task) => {
    const [largest] = groups.filter(({ dataset }) => dataset === task).sort((a, b) => b.cells.length - a.cells.length)
    return largest ?? []
  })
  return known.flatMap((easy, i) => known.slice(i + 1).map((hard) => [easy, hard] as const))
}

/**
 * The baseline's drop below its reference, by rho ascending, in the replicates that have all of it; the reference itself, with a drop
 * of 0, comes first.
 */
interface Curve {
  readonly name: string
  readonly dataset: string
  readonly points: readonly { readonly rho: number; readonly drop: ByReplicate }[]
}

interface CurvePair {
  readonly mu: number
  readonly reference: number
  readonly easy: Curve
  readonly hard: Curve
}

/** Curves at each mu of both tasks, from the smallest ratio that both have: balanced classes, where they were run. */
function curvePairs(easy: Group, hard: Group): CurvePair[] {
  const along = (group: Group, mu: number) =>
    answering(group, {
      of: (cell) => cell.profile.kind === 'balanced' || (isStep(cell) && cell.mu === mu),
      effect: baseline,
    }).sort((a, b) => ratioOf(a) - ratioOf(b))
  const mus = [...new Set(easy.cells.filter(isStep).map(({ mu }) => mu!))].sort((a, b) => a - b)
  return mus.flatMap((mu) => {
    const [left, right] = [along(easy, mu), along(hard, mu)]
    const reference = left.map(ratioOf).find((rho) => right.some((cell) => ratioOf(cell) === rho))
    if (reference === undefined) return []
    const curve = ({ name, dataset }: Group, cells: readonly EvidenceCell[]): Curve => {
      const from = cells.filter((cell) => ratioOf(cell) >= reference)
      const common = average(from.map(baseline))
      const drop = (cell: EvidenceCell) =>
        new Map([...common.keys()].map((r) => [r, baseline(from[0]!).get(r)! - baseline(cell).get(r)!]))
      return { name, dataset, points: from.map((cell) => ({ rho: ratioOf(cell), drop: drop(cell) })) }
    }
    const found = { mu, reference, easy: curve(easy, left), hard: curve(hard, right) }
    return [found.easy, found.hard].every(({ points }) => points.length > 1 && points[0]!.drop.size >= 2) ? [found] : []
  })
}

function harderLosesMore(easy: Group, hard: Group): Measured[] {
  const both = curvePairs(easy, hard).flatMap((pair) =>
    pair.easy.points.slice(1).flatMap(({ rho, drop }) => {
      const other = pair.hard.points.slice(1).find((point) => point.rho === rho)
      return other ? [{ easy: drop, hard: other.drop, reference: pair.reference }] : []
    }),
  )
  const references = [...new Set(both.map(({ reference }) => reference))].join(' or ')
  const place = `${hard.name} against ${easy.name}, drop from rho ${references}, mean over ${both.length} settings`
  const metric = `${labelOf('rocAuc')} lost`
  return independent({ place, metric }, average(both.map((at) => at.hard)), average(both.map((at) => at.easy)), 'above')
}

/** How many times more imbalance costs MNIST what it costs CIFAR-10; for other pairs the paper has no number, so they are told only. */
function hundredfold(pairs: readonly (readonly [Group, Group])[]): Part {
  const found = pairs.flatMap(([easy, hard]) => curvePairs(easy, hard).map(equalDrop))
  const ofPaper = ({ easy, hard }: EqualDrop) => easy === 'mnist' && hard === 'cifar-10'
  return {
    statement: 'a similar drop takes about 100 times more imbalance on MNIST than on CIFAR-10 (32 to 316 times)',
    core: false,
    tests: found.filter(ofPaper).flatMap(({ test }) => test ?? []),
    needs: 'MNIST and CIFAR-10 at the same mu, at ratios that cost both of them the same',
    note: found.flatMap((one) => one.bound ?? (one.test && !ofPaper(one) ? factorSentence(one.test) : [])).join(' '),
  }
}

interface EqualDrop {
  readonly easy: string
  readonly hard: string
  /** The factor in rho, and whether it is about a hundred; absent where not every replicate loses so much. */
  readonly test?: Measured
  /** A sentence, where the curves share no drop and the factor can only be bounded. */
  readonly bound?: string
}

/** The ratio of two rhos of equal drop, by interpolation between the ratios that were run, linear in log rho. */
function equalDrop({ mu, reference, easy, hard }: CurvePair): EqualDrop {
  const names = { easy: easy.dataset, hard: hard.dataset }
  const [leastEasy, mostEasy] = rangeOf(easy)
  const [leastHard, mostHard] = rangeOf(hard)
  if (leastHard > mostEasy) {
    const [{ rho: first }, { rho: last }] = [hard.points[1]!, easy.points.at(-1)!]
    const bound = `At mu ${mu} ${hard.name} loses more by rho ${first} than ${easy.name} by rho ${last}: a similar drop takes more than ${Number((last / first).toPrecision(3))} times the imbalance on ${easy.name}.`
    return { ...names, bound }
  }
  const [least, most] = [Math.max(leastEasy, leastHard), Math.min(mostEasy, mostHard)]
  const drop = (least + most) / 2
  const [a, b] = [crossings(easy, drop), crossings(hard, drop)]
  // Without the replicates that never lose so much, the others would make the ratio look small.
  if (least > most || a.size < replicatesOf(easy) || b.size < replicatesOf(hard)) return names
  const place = `${hard.name} against ${easy.name}, mu ${mu}, a drop of ${drop.toFixed(4)} from rho ${reference}`
  const fromHundred = new Map([...a].map(([replicate, value]) => [replicate, value - HUNDREDFOLD.log10]))
  const where = { place, metric: 'rho on the easier over rho on the harder' }
  const [tested] = independent(where, fromHundred, b, { within: HUNDREDFOLD.margin })
  const { effect, low, high } = tested!
  const times = (value: number) => 10 ** (value + HUNDREDFOLD.log10)
  return { ...names, test: { ...tested!, effect: times(effect), low: times(low!), high: times(high!) } }
}

function factorSentence({ place, effect, low, high }: Measured): string {
  const [factor, least, most] = [effect, low!, high!].map((value) => Number(value.toPrecision(2)))
  return `${place}: ${factor} times the imbalance (90 % interval ${least} to ${most}).`
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
