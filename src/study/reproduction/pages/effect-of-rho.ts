import type { Evidence } from '../evidence.ts'
import type { Page } from '../page.ts'
import { baselineEffect } from './baseline-effect.ts'
import { shapeOf } from './grid.ts'

/** How the baseline suffers from a larger ratio of imbalance. */
export function effectOfRho(evidence: Evidence): Page | undefined {
  return baselineEffect(evidence, {
    id: 'effect-of-rho',
    title: 'Effect of the imbalance ratio',
    source: 'section 4.1, figures 3 and 5',
    paper:
      'The larger the ratio rho, the worse the baseline, and the more so on the harder task: a similar drop takes about 100 times ' +
      'more imbalance on MNIST than on CIFAR-10. Linear imbalance is mild: on MNIST even rho = 5000 costs the baseline little. ' +
      'The values are in figures only.',
    cells: ({ cells }) => cells,
    along: { label: 'rho', scale: 'log', at: ({ rho }) => rho, span: (from, to) => `rho = ${from.rho} to ${to.rho}` },
    line: shapeOf,
    row: ({ rho }) => ({ rho: String(rho) }),
  })
}
