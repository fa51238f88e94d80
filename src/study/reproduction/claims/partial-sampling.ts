/** Claim 8: sampling that goes part of the way. A level of 0 is the baseline, 1 is full balance. */
import { mean } from '../../../stats/index.ts'
import type { ByReplicate, Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { type Group, groupsOf, isStep, labelOf, meanPlace } from './cells.ts'
import { average, difference } from './effect.ts'
import { AUC_MARGIN, type Expectation, everywhere, type Measured, paired, somewhere } from './hypothesis.ts'
import { judgeClaim, type Part } from './verdict.ts'

type Sampling = 'oversampling' | 'undersampling'

export function partialSampling(evidence: Evidence): Claim {
  const groups = groupsOf(evidence)
  return judgeClaim(
    {
      number: 8,
      title: 'Oversampling is best at full balance, undersampling may be best part of the way',
      paper:
        'At rho = 1,000 on MNIST every step of oversampling helps and full balance is best; undersampling can be best at an intermediate level, the further the more classes are in the minority; each level of oversampling has an equivalent one of undersampling, not known beforehand.',
      source: 'Buda et al. 2018, section 4.5, figure 7',
    },
    [
      {
        statement: 'full oversampling is above every lower level',
        core: true,
        tests: groups.flatMap((group) => eachLevel(group, 'below', (cell) => valuesAt(cell, 'oversampling', 1))),
        needs: neededFor('oversampling'),
      },
      {
        statement: 'oversampling is above the baseline at every level',
        core: true,
        tests: groups.flatMap((group) => eachLevel(group, 'above', (cell) => valuesAt(cell, 'oversampling', 0))),
        needs: neededFor('oversampling'),
      },
      intermediateUndersampling(evidence),
      {
        statement: `each level of oversampling ties some level of undersampling (within ${AUC_MARGIN})`,
        core: false,
        tests: groups.flatMap(equivalents),
        needs: 'cells with intermediate levels of both kinds of sampling, in two replicates or more',
      },
      {
        statement: 'the best level of undersampling is higher where more classes are in the minority',
        core: false,
        tests: groups.flatMap(bestLevelGrows),
        needs: `${neededFor('undersampling')}, at two values of mu`,
      },
    ],
  )
}

/** In some cell some intermediate level of undersampling is above both of its ends. */
export function intermediateUndersampling(evidence: Evidence): Part {
  const betterThanEnds = (cell: EvidenceCell) =>
    intermediate(cell, 'undersampling').flatMap((level) =>
      everywhere(
        [0, 1].flatMap((end) => levelAgainst(cell, level, 'above', valuesAt(cell, 'undersampling', end))),
        'ends',
      ),
    )
  return {
    statement: 'in some cell an intermediate level of undersampling is above the baseline and full undersampling',
    core: true,
    tests: groupsOf(evidence).flatMap(({ cells }) => somewhere(cells.filter(isStep).flatMap(betterThanEnds), 'levels')),
    needs: neededFor('undersampling'),
  }
}

function neededFor(sampling: Sampling): string {
  return `step cells with full ${sampling} and levels below, such as ${sampling}(level=0.5), in two replicates or more`
}

function valuesAt(cell: EvidenceCell, sampling: Sampling, level: number): ByReplicate {
  const key = level === 0 ? 'baseline' : level === 1 ? sampling : `${sampling}(level=${level})`
  return cell.values(key, 'rocAuc')
}

/** Levels strictly between the ends that have two replicates, ascending; none where the ends are not there to compare with. */
function intermediate(cell: EvidenceCell, sampling: Sampling): number[] {
  const prefix = `${sampling}(level=`
  const levels = cell.methods
    .filter((method) => method.startsWith(prefix))
    .map((method) => Number(method.slice(prefix.length, -1)))
    .filter((level) => level > 0 && level < 1)
    .sort((a, b) => a - b)
  return [0, 1].every((end) => valuesAt(cell, sampling, end).size >= 2)
    ? levels.filter((level) => valuesAt(cell, sampling, level).size >= 2)
    : []
}

function levelAgainst(cell: EvidenceCell, level: number, expect: Expectation, other: ByReplicate): Measured[] {
  const where = { place: `${cell.key}, level ${level}`, metric: labelOf('rocAuc') }
  return paired(where, difference(valuesAt(cell, 'undersampling', level), other), expect)
}

/** Each intermediate level of oversampling against another method, by the mean over the cells that have the level; all must hold. */
function eachLevel(group: Group, expect: Expectation, other: (cell: EvidenceCell) => ByReplicate): Measured[] {
  const cells = group.cells.filter(isStep)
  const levels = [...new Set(cells.flatMap((cell) => intermediate(cell, 'oversampling')))].sort((a, b) => a - b)
  const tests = levels.flatMap((level) => {
    const having = cells.filter((cell) => intermediate(cell, 'oversampling').includes(level))
    const effects = having.map((cell) => difference(valuesAt(cell, 'oversampling', level), other(cell)))
    const where = { place: meanPlace(group, having, `, level ${level}`), metric: labelOf('rocAuc') }
    return paired(where, average(effects), expect)
  })
  return everywhere(tests, 'levels')
}

/** Every level of oversampling, the full one too, has an undersampling level as good, the baseline among them. */
function equivalents({ cells }: Group): Measured[] {
  const metric = labelOf('rocAuc')
  const tests = cells.filter(isStep).flatMap((cell) => {
    const [over, under] = [intermediate(cell, 'oversampling'), intermediate(cell, 'undersampling')]
    if (over.length === 0 || under.length === 0) return []
    return [...over, 1].flatMap((level) => {
      const ties = [0, ...under, 1].flatMap((other) => {
        const place = `${cell.key}, oversampling ${level} against undersampling ${other}`
        const values = difference(valuesAt(cell, 'oversampling', level), valuesAt(cell, 'undersampling', other))
        return paired({ place, metric }, values, { within: AUC_MARGIN })
      })
      return somewhere(ties, 'levels')
    })
  })
  return everywhere(tests, 'levels of oversampling')
}

/** The level at which undersampling scores best in a replicate, at the largest mu minus the smallest, averaged over the ratios. */
function bestLevelGrows(group: Group): Measured[] {
  const cells = group.cells
    .filter((cell) => isStep(cell) && intermediate(cell, 'undersampling').length > 0)
    .sort((a, b) => a.mu! - b.mu!)
  const rows = [...new Set(cells.map(({ rho }) => rho))].map((rho) => cells.filter((cell) => cell.rho === rho))
  const ends = rows.filter((row) => row.length > 1).map((row) => [row[0]!, row.at(-1)!] as const)
  const effects = average(ends.map(([low, high]) => difference(bestLevel(high), bestLevel(low))))
  const mus = ends.map(([low, high]) => `${high.mu} against ${low.mu}`)
  const place = `${group.name}, mu ${[...new Set(mus)].join(' and ')}`
  return paired({ place, metric: 'best level' }, effects, 'above')
}

/** The middle of the levels that tie for the best. */
function bestLevel(cell: EvidenceCell): ByReplicate {
  const levels = [0, ...intermediate(cell, 'undersampling'), 1]
  const values = levels.map((level) => valuesAt(cell, 'undersampling', level))
  const common = [...average(values).keys()]
  return new Map(
    common.map((replicate) => {
      const scores = values.map((value) => value.get(replicate)!)
      const best = Math.max(...scores)
      return [replicate, mean(levels.filter((_, i) => scores[i] === best))]
    }),
  )
}
