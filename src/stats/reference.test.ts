import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { friedmanTest } from './friedman.ts'
import { holm } from './holm.ts'
import { mean, meanInterval, standardDeviation } from './intervals.ts'
import { pairedTest, wilcoxonTest } from './paired.ts'
import { spearman } from './spearman.ts'
import { mannWhitneyTest, welchTest } from './two-sample.ts'

interface TwoSampleCase {
  readonly a: number[]
  readonly b: number[]
  readonly welchT: number
  readonly welchP: number
  readonly mannWhitneyU: number
  readonly meanA: number
  readonly sdA: number
  readonly ci95A: [number, number]
  readonly pairedT: number
  readonly pairedP: number
  readonly wilcoxonW: number
  readonly wilcoxonP: number
}

interface Reference {
  readonly twoSample: TwoSampleCase[]
  readonly friedman: { scores: number[][]; chi2: number; p: number; meanRanks: number[] }
  readonly holm: { p: number[]; adjusted: number[] }
  readonly spearman: { x: number[]; y: number[]; rho: number }
}

const file = new URL('../../../shared/reference/stats.json', import.meta.url)
const available = existsSync(file)

function expectNear(actual: Record<string, number | undefined>, expected: Record<string, number>) {
  for (const [name, value] of Object.entries(expected)) {
    expect(Math.abs(actual[name]! - value), name).toBeLessThan(1e-9)
  }
}

describe.skipIf(!available)('agrees with SciPy 1.10.1 (needs the shared reference numbers)', () => {
  const reference: Reference = available ? JSON.parse(readFileSync(file, 'utf8')) : {}

  it('on two samples', () => {
    for (const { a, b, ci95A, ...expected } of reference.twoSample) {
      const welch = welchTest(a, b)
      const pairs = Math.min(a.length, b.length)
      const paired = pairedTest(a.slice(0, pairs), b.slice(0, pairs))
      const wilcoxon = wilcoxonTest(a.slice(0, pairs), b.slice(0, pairs))
      const interval = meanInterval(a)
      expectNear(
        {
          meanA: mean(a),
          sdA: standardDeviation(a),
          lowerA: interval?.lower,
          upperA: interval?.upper,
          welchT: welch.t,
          welchP: welch.p,
          mannWhitneyU: mannWhitneyTest(a, b).statistic,
          pairedT: paired.t,
          pairedP: paired.p,
          wilcoxonW: wilcoxon.statistic,
          wilcoxonP: wilcoxon.p,
        },
        { ...expected, lowerA: ci95A[0], upperA: ci95A[1] },
      )
    }
  })

  it('on Friedman, Holm and Spearman', () => {
    const { scores, chi2, p, meanRanks } = reference.friedman
    const test = friedmanTest(scores, 'higher')
    expectNear({ chi2: test.chiSquare, p: test.p }, { chi2, p })
    expectNear(Object.fromEntries(test.meanRanks.entries()), Object.fromEntries(meanRanks.entries()))
    expectNear(
      Object.fromEntries(holm(reference.holm.p).entries()),
      Object.fromEntries(reference.holm.adjusted.entries()),
    )
    expectNear({ rho: spearman(reference.spearman.x, reference.spearman.y) }, { rho: reference.spearman.rho })
  })
})
