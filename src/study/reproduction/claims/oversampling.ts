/** Claim 2: oversampling is the best method, on tasks of few classes. */
import { mean } from '../../../stats/index.ts'
import { groupsOf, isImbalanced, isLarge, MANY_CLASSES } from '../cells.ts'
import { average } from '../effect.ts'
import type { Evidence } from '../evidence.ts'
import type { Claim } from '../page.ts'
import { AUC_MARGIN, everywhere } from './hypothesis.ts'
import { contrast, inEachCell } from './questions.ts'
import { judgeClaim, meanPart, type Part } from './verdict.ts'

/** Oversampling against the methods that rank images otherwise; thresholding leaves the order of scores as it is. */
export function oversamplingBest(evidence: Evidence): Claim {
  const small = withoutLarge(evidence)
  return judgeClaim(
    {
      number: 2,
      title: 'Oversampling is best in almost all cases',
      paper:
        'Oversampling is the best method in almost all cases on MNIST and CIFAR-10, and never clearly worse than the baseline there.',
      source: 'Buda et al. 2018, sections 4.1 and 5',
    },
    [
      { ...oversamplingAbove(small, 'baseline'), core: true, listCells: true, note: countOfBest(small) },
      { ...oversamplingAbove(small, 'undersampling'), core: true },
      oversamplingAbove(small, 'two-phase-oversampling'),
      oversamplingAbove(small, 'two-phase-undersampling'),
      neverBelow(small, 'oversampling', 'baseline'),
    ],
  )
}

/** What the paper says of MNIST and CIFAR-10 alone is not asked of tasks as large as ImageNet, where it found otherwise. */
export function withoutLarge(evidence: Evidence): Evidence {
  return { ...evidence, cells: evidence.cells.filter((cell) => !isLarge(cell)) }
}

/** "Almost all cases" is a count, over the replicates that all methods have. */
function countOfBest({ cells }: Evidence): string {
  const methods = ['oversampling', 'baseline', 'undersampling', 'two-phase-oversampling', 'two-phase-undersampling']
  const complete = cells.filter(isImbalanced).flatMap((cell) => {
    const values = methods.map((method) => cell.values(method, 'rocAuc'))
    const common = [...average(values).keys()]
    return common.length > 0 ? [values.map((value) => mean(common.map((replicate) => value.get(replicate)!)))] : []
  })
  if (complete.length === 0) return ''
  const best = complete.filter(([oversampling, ...rivals]) => rivals.every((rival) => oversampling! > rival))
  return `Oversampling alone has the highest mean ROC AUC in ${best.length} of the ${complete.length} cells with all methods.`
}

/** Oversampling is above another method, by the mean over cells. */
export function oversamplingAbove(evidence: Evidence, other: string): Part {
  return meanPart(groupsOf(evidence), contrast('rocAuc', 'oversampling', other, 'above'), {
    statement: `${evidence.title('oversampling')} is above ${evidence.title(other)}`,
    core: false,
    needs: `imbalanced cells of fewer than ${MANY_CLASSES} classes with ${evidence.title('oversampling')} and ${evidence.title(other)}, in two replicates or more`,
  })
}

/** "Never clearly worse": not by more than the margin, in any cell. */
export function neverBelow(evidence: Evidence, method: string, other: string): Part {
  const question = contrast('rocAuc', method, other, { atLeast: -AUC_MARGIN })
  const [title, otherTitle] = [evidence.title(method), evidence.title(other)]
  return {
    statement: `${title} is in no cell more than ${AUC_MARGIN} below ${otherTitle}`,
    core: true,
    tests: everywhere(inEachCell(evidence, question)),
    needs: `imbalanced cells with ${title} and ${otherTitle}, in two replicates or more`,
  }
}
