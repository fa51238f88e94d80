import { describe, expect, it } from 'vitest'
import {
  chiSquareUpper,
  normalQuantile,
  normalTwoSided,
  studentizedRangeQuantile,
  studentQuantile,
  studentTwoSided,
} from './distributions.ts'

describe('studentTwoSided', () => {
  it('agrees with the closed forms for 1 and 2 degrees of freedom', () => {
    for (const t of [0, 1e-6, 0.3, 1, 2.5, 40, 1e5]) {
      expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 13)
      expect(studentTwoSided(-t, 2)).toBeCloseTo(1 - t / Math.sqrt(t * t + 2), 13)
    }
  })

  it('approaches the normal for many degrees of freedom', () => {
    expect(studentTwoSided(1.96, 1e8)).toBeCloseTo(normalTwoSided(1.96), 7)
  })

  it('keeps far tails', () => {
    expect(studentTwoSided(40, 30) / 1.3726045e-27).toBeCloseTo(1, 6)
  })
})

describe('studentQuantile', () => {
  it('agrees with the closed forms for 1 and 2 degrees of freedom', () => {
    for (const p of [0.6, 0.9, 0.975, 0.995, 0.9995]) {
      expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5))).toBeCloseTo(1, 11)
      expect(studentQuantile(p, 2) / ((2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p))))).toBeCloseTo(1, 11)
    }
  })

  it('inverts the tail for fractional degrees of freedom', () => {
    for (const degreesOfFreedom of [1.3, 4.7, 29, 250.5]) {
      expect(studentTwoSided(studentQuantile(0.975, degreesOfFreedom), degreesOfFreedom)).toBeCloseTo(0.05, 13)
    }
  })
})

it('normalTwoSided gives the familiar levels', () => {
  expect(normalTwoSided(0)).toBeCloseTo(1, 15)
  expect(normalTwoSided(-1.959963984540054)).toBeCloseTo(0.05, 14)
  expect(normalTwoSided(50)).toBe(0)
})

it('normalQuantile inverts the tail', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14)
  for (const p of [0.5, 0.6, 0.9, 0.995, 0.9999]) expect(normalTwoSided(normalQuantile(p)) / 2).toBeCloseTo(1 - p, 13)
})

it('chiSquareUpper agrees with the closed forms for 2 and 4 degrees of freedom', () => {
  for (const x of [0, 0.1, 3, 20]) {
    expect(chiSquareUpper(x, 2)).toBeCloseTo(Math.exp(-x / 2), 13)
    expect(chiSquareUpper(x, 4)).toBeCloseTo(Math.exp(-x / 2) * (1 + x / 2), 13)
  }
  expect(chiSquareUpper(1000, 4)).toBe(0)
})

describe('studentizedRangeQuantile over sqrt(2)', () => {
  it.each([
    [0.05, [1.96, 2.343, 2.569, 2.728, 2.85, 2.949, 3.031, 3.102, 3.164]],
    [0.1, [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.78, 2.855, 2.92]],
  ])('is table 5a of Demsar (2006) at alpha = %d', (alpha, table) => {
    for (const [i, q] of table.entries()) {
      expect(Math.abs(studentizedRangeQuantile(1 - alpha, i + 2) / Math.SQRT2 - q)).toBeLessThan(1e-3)
    }
  })
})
