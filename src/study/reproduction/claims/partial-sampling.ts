/** Claim 8: sampling that goes part of the way. A level of 0 is the baseline, 1 is full balance. */
import { groupBy } from '../../../base/group-by.ts'
import { mean } from '../../../stats/index.ts'
import { type Group, groupsOf, isStep, levelAs, type Sampling, type StepCell } from '../cells.ts'
import { average, difference } from '../effect.ts'
import type { ByReplicate, Evidence, EvidenceCell } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { AUC_MARGIN, type Expectation, everywhere, type Measured, paired, somewhere } from './hypothesis.ts'
import { labelOf, meanPlace } from './questions.ts'
import { judgeClaim, type Part } from './verdict.ts'

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
        tests: everywhere(
          groups.flatMap((group) => eachLevel(group, 'below', 1)),
          'levels',
        ),
        needs: neededFor('oversampling'),
      },
      {
        statement: 'oversampling is above the baseline at every level',
        core: true,
        tests: everywhere(
          groups.flatMap((group) => eachLevel(group, 'above', 0)),
          'levels',
        ),
        needs: neededFor('oversampling'),
      },
      intermediateUndersampling(evidence),
      {
        statement: `each level of oversampling ties some level of undersampling (within ${AUC_MARGIN})`,
        core: false,
        tests: everywhere(evidence.cells.filter(isStep).flatMap(equivalents), 'levels of oversampling'),
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
  return {
    statement: 'in some cell an intermediate level of undersampling is above the baseline and full undersampling',
    core: true,
    tests: somewhere(evidence.cells.filter(isStep).flatMap(aboveEnds), 'levels'),
    needs: neededFor('undersampling'),
  }
}

function neededFor(sampling: Sampling): string {
  return `step cells with full ${sampling} and levels below, such as ${sampling}(level=0.5), in two replicates or more`
}

interface Level {
  readonly level: number
  readonly values: ByReplicate
}

/** The levels that have two replicates, from 0 to 1 ascending; none where an end is missing, or all between them. */
function levelsOf(cell: EvidenceCell, sampling: Sampling): readonly Level[] {
  const levels = cell.methods
    .flatMap((method): Level[] => {
      const level = levelAs(sampling, method)
      return level === undefined ? [] : [{ level, values: cell.values(method, 'rocAuc') }]
    })
    .filter(({ values }) => values.size >= 2)
    .sort((a, b) => a.level - b.level)
  return levels.length > 2 && levels[0]!.level === 0 && levels.at(-1)!.level === 1 ? levels : []
}

/** For each intermediate level of undersampling, whether it is above both ends. */
function aboveEnds(cell: StepCell): Measured[] {
  const levels = levelsOf(cell, 'undersampling')
  return levels.slice(1, -1).flatMap(({ level, values }) => {
    const where = { place: `${cell.key}, level ${level}`, metric: labelOf('rocAuc') }
    const ends = [levels[0]!, levels.at(-1)!]
    return everywhere(
      ends.flatMap((end) => paired(where, difference(values, end.values), 'above')),
      'ends',
    )
  })
}

/** Each intermediate level of oversampling against one of the ends, by the mean over the cells that have the level. */
function eachLevel(group: Group, expect: Expectation, end: 0 | 1): Measured[] {
  const differences = group.cells.filter(isStep).flatMap((cell) => {
    const levels = levelsOf(cell, 'oversampling')
    const against = levels.find(({ level }) => level === end)
    return levels
      .slice(1, -1)
      .map(({ level, values }) => ({ cell, level, values: difference(values, against!.values) }))
  })
  return [...groupBy(differences, ({ level }) => level)].flatMap(([level, own]) => {
    const cells = own.map(({ cell }) => cell)
    const where = { place: meanPlace(group, cells, `, level ${level}`), metric: labelOf('rocAuc') }
    return paired(where, average(own.map(({ values }) => values)), expect)
  })
}

/** For each level of oversampling but the baseline, the undersampling level that is as good, the baseline among them. */
function equivalents(cell: StepCell): Measured[] {
  const [over, under] = [levelsOf(cell, 'oversampling'), levelsOf(cell, 'undersampling')]
  return over.slice(1).flatMap(({ level, values }) => {
    const ties = under.flatMap((other) => {
      const place = `${cell.key}, oversampling ${level} against undersampling ${other.level}`
      return paired({ place, metric: labelOf('rocAuc') }, difference(values, other.values), { within: AUC_MARGIN })
    })
    return somewhere(ties, 'levels')
  })
}

/** The level at which undersampling scores best in a replicate, at the largest mu minus the smallest, averaged over the ratios. */
function bestLevelGrows(group: Group): Measured[] {
  const cells = group.cells
    .filter(isStep)
    .filter((cell) => levelsOf(cell, 'undersampling').length > 0)
    .sort((a, b) => a.mu - b.mu)
  const ends = [...groupBy(cells, ({ rho }) => rho).values()]
    .filter((row) => row.length > 1)
    .map((row) => [row[0]!, row.at(-1)!] as const)
  const effects = average(ends.map(([low, high]) => difference(bestLevel(high), bestLevel(low))))
  const mus = ends.map(([low, high]) => `${high.mu} against ${low.mu}`)
  const place = `${group.name}, mu ${[...new Set(mus)].join(' and ')}`
  return paired({ place, metric: 'best level' }, effects, 'above')
}

/** The middle of the levels that tie for the best. */
function bestLevel(cell: EvidenceCell): ByReplicate {
  const levels = levelsOf(cell, 'undersampling')
  const common = [...average(levels.map(({ values }) => values)).keys()]
  return new Map(
    common.map((replicate) => {
      const scores = levels.map(({ values }) => values.get(replicate)!)
      const best = Math.max(...scores)
      return [replicate, mean(levels.filter((_, i) => scores[i] === best).map(({ level }) => level))]
    }),
  )
}
