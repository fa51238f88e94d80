import { expect, it } from 'vitest'
import type { Evidence } from '../evidence.ts'
import { madeEvidence } from '../fixtures/made-evidence.ts'
import { imagenetTable } from './imagenet-table.ts'

const made = madeEvidence({
  dataset: 'ilsvrc',
  profiles: [
    { kind: 'step', rho: 100, mu: 0.9 },
    { kind: 'step', rho: 10, mu: 0.1 },
    { kind: 'step', rho: 20, mu: 0.1 },
  ],
  methods: ['baseline', 'undersampling'],
  replicates: 1,
  value: ({ method }) => (method === 'baseline' ? 0.98 : 0.95),
})

const withClasses = (classes: number): Evidence => ({
  ...made,
  cells: made.cells.map((cell) => ({ ...cell, classes })),
})

it("sets the paper's table beside ours, for the settings that were run", () => {
  const { finding, figures, tables } = imagenetTable(withClasses(1000))!
  expect(figures).toEqual([])
  expect(tables[0]!.columns).toEqual([
    'method',
    'mu = 0.1, rho = 10, paper',
    'mu = 0.1, rho = 10, here',
    'mu = 0.9, rho = 100, paper',
    'mu = 0.9, rho = 100, here',
  ])
  expect(tables[0]!.rows.map((row) => row.map((cell) => (typeof cell === 'object' ? cell.mean : cell)))).toEqual([
    ['baseline', expect.closeTo(0.9941, 12), 0.98, expect.closeTo(0.9041666667, 9), 0.98],
    ['oversampling', expect.closeTo(0.9935, 12), undefined, expect.closeTo(0.8831333333, 9), undefined],
    ['undersampling', expect.closeTo(0.9685, 12), 0.95, expect.closeTo(0.8539, 9), 0.95],
  ])
  // its three draws, 88.35 84.08 83.74
  expect(tables[0]!.rows[2]![3]).toMatchObject({ n: 3, sd: expect.closeTo(0.0257, 4) })
  expect(finding).toContain(
    'On ilsvrc with mu = 0.1, rho = 10, ROC AUC is 0.9800 for the baseline (0.9941 in the paper) and 0.9500 for undersampling',
  )
})

it('is left out for other datasets', () => {
  expect(imagenetTable(withClasses(10))).toBeUndefined()
})
