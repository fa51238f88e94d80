import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { f1Thresholds, presentClasses } from './thresholds.ts'

/** Two classes, from the probabilities of the second. */
const scoresOf = (column: readonly number[]) => ({ values: column.flatMap((p) => [1 - p, p]), classes: 2 })

function f1At(threshold: number, column: readonly number[], labels: readonly number[]): number {
  const called = column.map((p) => p >= threshold)
  const hits = labels.filter((label, n) => label === 1 && called[n]).length
  return (2 * hits) / (called.filter(Boolean).length + labels.filter((label) => label === 1).length)
}

describe('f1Thresholds', () => {
  it('is half-way between the neighbours that it parts', () => {
    const column = [...Array(10).fill(0.75), ...Array(12).fill(0.25)]
    const labels = [...Array(10).fill(1), ...Array(12).fill(0)]
    expect(f1Thresholds(scoresOf(column), labels)).toEqual([0.5, 0.5])
  })

  it('gives up precision for recall where F1 gains: by hand', () => {
    // 10 of the class: 6 at 0.9, then 2 others at 0.6, then 4 of it at 0.4, then 10 others at 0.1.
    // F1 after each: 12/16, 12/18, 20/22, 20/32.
    const column = [...Array(6).fill(0.9), ...Array(2).fill(0.6), ...Array(4).fill(0.4), ...Array(10).fill(0.1)]
    const labels = [...Array(6).fill(1), 0, 0, ...Array(4).fill(1), ...Array(10).fill(0)]
    expect(f1Thresholds(scoresOf(column), labels)[1]).toBe(0.25)
  })

  it('is null for classes of which, or beside which, there are fewer than 10 images', () => {
    const labels = [...Array(9).fill(0), ...Array(10).fill(1), ...Array(10).fill(2)]
    const values = labels.flatMap((label) => [0, 1, 2].map((c) => (c === label ? 0.8 : 0.1)))
    expect(f1Thresholds({ values, classes: 3 }, labels).map((threshold) => threshold === null)).toEqual([true, false, false]) // biome-ignore format: one line
    const lopsided = [...Array(9).fill(0), ...Array(40).fill(1)]
    expect(f1Thresholds(scoresOf(lopsided.map(() => 0.5)), lopsided)).toEqual([null, null])
  })

  it('has the best F1 of all thresholds', () => {
    const grade = fc.integer({ min: 0, max: 20 }).map((n) => n / 20)
    const image = fc.tuple(grade, fc.integer({ min: 0, max: 1 }))
    fc.assert(
      fc.property(fc.array(image, { minLength: 20, maxLength: 60 }), (images) => {
        const [column, labels] = [images.map(([p]) => p), images.map(([, label]) => label)]
        const threshold = f1Thresholds(scoresOf(column), labels)[1]!
        fc.pre(threshold !== null)
        const best = Math.max(...column.map((p) => f1At(p, column, labels)))
        expect(f1At(threshold, column, labels)).toBeCloseTo(best, 12)
      }),
    )
  })
})

describe('presentClasses', () => {
  it('are those that reach their threshold, none or several, and never one without', () => {
    expect(presentClasses([0.3, 0.3, 0.4], [0.25, 0.3, null])).toEqual([0, 1])
    expect(presentClasses([0.9, 0.05, 0.05], [null, 0.06, 0.5])).toEqual([])
  })
})
