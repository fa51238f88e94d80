import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Profile } from '../../../data/index.ts'
import type { Evidence } from '../evidence.ts'
import { type MadeStudy, madeEvidence } from '../fixtures/made-evidence.ts'
import type { FigurePoint, Page } from '../page.ts'
import { pagesOf } from './registry.ts'

const methods = [
  'baseline',
  'oversampling',
  'undersampling',
  'two-phase-oversampling',
  'two-phase-undersampling',
  'thresholding',
  'oversampling-thresholding',
  'undersampling-thresholding',
  'oversampling(level=0.5)',
  'undersampling(level=0.25)',
]
const profiles: Profile[] = [
  ...[10, 50, 250, 1000].flatMap((rho): Profile[] => [
    ...[0.1, 0.2, 0.4, 0.5, 0.8].map((mu) => ({ kind: 'step', rho, mu }) as const),
    { kind: 'linear', rho },
  ]),
  { kind: 'balanced' },
  { kind: 'natural' },
]

/** A number in (0, 1) that no two places share. */
function scatter(...labels: readonly unknown[]): number {
  const hash = [...JSON.stringify(labels)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2147483647, 7)
  return hash / 2147483647
}

const studyOf = (dataset: string, withSnapshots: boolean): fc.Arbitrary<MadeStudy> =>
  fc.record({
    dataset: fc.constant(dataset),
    profiles: fc.subarray(profiles, { minLength: 1 }),
    methods: fc.subarray(methods, { minLength: 1 }),
    replicates: fc.integer({ min: 1, max: 3 }),
    value: fc.constant((place) => scatter(place)),
    ...(withSnapshots && {
      snapshots: fc.constant((place) =>
        [100, 200, 300].map((iteration) => ({
          iteration,
          train: scatter(place, iteration),
          test: scatter(iteration, place),
        })),
      ),
    }),
  })

/** Every fifth value is missing: a study that was cut short. */
function cutShort(evidence: Evidence): Evidence {
  const cells = evidence.cells.map((cell) => ({
    ...cell,
    values: (...[method, metric]: Parameters<typeof cell.values>) =>
      new Map([...cell.values(method, metric)].filter(([replicate]) => scatter(cell.key, method, replicate) > 0.2)),
  }))
  return { ...evidence, cells }
}

const anyEvidence = fc
  .tuple(studyOf('mnist', false), studyOf('cifar-10', true), fc.boolean())
  .map(([first, second, isCut]) => (isCut ? cutShort(madeEvidence(first, second)) : madeEvidence(first, second)))

/** The places on an axis that a table names beside each estimate, in its row and its heading; by the numbers of the estimate. */
function tabled({ tables }: Page): Map<string, string[]> {
  const places = new Map<string, string[]>()
  for (const { columns, rows } of tables) {
    for (const row of rows) {
      const names = row.filter((cell) => typeof cell !== 'object')
      for (const [i, cell] of row.entries()) {
        if (typeof cell !== 'object') continue
        const key = numbersOf(cell)
        places.set(key, [...(places.get(key) ?? []), ...[...names, columns[i]].join(' ').split(/[ =]+/)])
      }
    }
  }
  return places
}

function numbersOf({ mean, low, high }: Pick<FigurePoint, 'mean' | 'low' | 'high'>): string {
  return [mean, low, high].join()
}

it('every page of any evidence: drawn points are in its tables, lines ascend, sentences are whole', () => {
  fc.assert(
    fc.property(anyEvidence, (evidence) => {
      for (const page of pagesOf(evidence)) {
        expect(page.tables.length).toBeGreaterThan(0)
        expect(page.finding).toMatch(/^On .*\.$/)
        expect(page.finding).not.toMatch(/undefined|NaN|Infinity|\be-/)
        for (const { columns, rows } of page.tables) {
          expect(new Set(columns).size).toBe(columns.length)
          expect(rows.every((row) => row.length === columns.length)).toBe(true)
        }
        expect(new Set(page.figures.map(({ caption }) => caption)).size).toBe(page.figures.length)
        const places = tabled(page)
        for (const { caption, lines } of page.figures) {
          expect(new Set(lines.map(({ id }) => id)).size).toBe(lines.length)
          for (const { points } of lines) {
            expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b))
            const lost = points.filter((point) => !places.get(numbersOf(point))?.includes(String(point.x)))
            expect(lost, `${page.id}: ${caption}`).toEqual([])
          }
        }
      }
    }),
    { numRuns: 25 },
  )
})

it('are in the order of the paper, without those that have no cells', () => {
  const study: MadeStudy = {
    profiles,
    methods,
    replicates: 2,
    value: (place) => scatter(place),
    snapshots: () => [{ iteration: 1000, train: 0.9, test: 0.8 }],
  }
  const ids = (evidence: Evidence) => pagesOf(evidence).map(({ id }) => id)
  expect(ids(madeEvidence(study))).toEqual([
    'effect-of-rho',
    'effect-of-minority',
    'methods-compared',
    'fewer-data',
    'thresholding',
    'partial-sampling',
    'convergence',
  ])
  expect(ids(madeEvidence({ ...study, profiles: [{ kind: 'natural' }] }))).toEqual([])
  expect(ids(madeEvidence())).toEqual([])
})

it('tell apart cells of a dataset that were trained in different ways', () => {
  const made = (protocol: string, iterations: number, rho: number): MadeStudy => ({
    protocol,
    iterations,
    profiles: [rho, 2 * rho].map((ratio) => ({ kind: 'step', rho: ratio, mu: 0.5 })),
    methods: ['baseline'],
    replicates: 2,
    value: (place) => scatter(place),
  })
  const captions = (...studies: readonly MadeStudy[]) =>
    pagesOf(madeEvidence(...studies))[0]!.figures.map(({ caption }) => caption)
  expect(captions(made('a', 400, 10), made('a', 400, 100))).toEqual(['mnist, baseline'])
  expect(captions(made('a', 400, 10), made('b', 800, 100))).toEqual([
    'mnist, 400 iterations, baseline',
    'mnist, 800 iterations, baseline',
  ])
  expect(captions(made('a', 400, 10), made('b', 400, 100))).toEqual([
    'mnist, 400 iterations, protocol 1, baseline',
    'mnist, 400 iterations, protocol 2, baseline',
  ])
})
