import { describe, expect, it } from 'vitest'
import { averagePrecision, rocAuc, rocAucOneVsOne, sortScores } from './ranking.ts'
import type { Scores } from './scores.ts'

const ranked = ({ labels, ...scores }: Scores & { labels: number[] }) => sortScores(labels, scores)

describe('rocAuc', () => {
  it('counts pairs by hand, ties as one half', () => {
    // class 1: members 0.4, 0.8; others 0.1, 0.4: 0.4 wins one and ties one, 0.8 wins two -> 3.5 of 4
    const sorted = ranked({ labels: [0, 0, 1, 1], values: [0.9, 0.1, 0.6, 0.4, 0.6, 0.4, 0.2, 0.8], classes: 2 })
    expect(rocAuc(sorted)).toEqual({ macro: 0.875, perClass: [0.875, 0.875], undefinedClasses: [] })
  })

  it('leaves an absent class undefined and says so', () => {
    const sorted = ranked({ labels: [0, 2], values: [3, 0, 0, 2, 0, 1], classes: 3 })
    expect(rocAuc(sorted)).toEqual({ macro: 1, perClass: [1, undefined, 1], undefinedClasses: [1] })
  })

  it('is undefined throughout when one class holds all examples', () => {
    const sorted = ranked({ labels: [1, 1], values: [0, 1, 1, 0], classes: 2 })
    expect(rocAuc(sorted)).toEqual({ macro: undefined, perClass: [undefined, undefined], undefinedClasses: [0, 1] })
    expect(rocAucOneVsOne(sorted)).toBeUndefined()
  })
})

describe('rocAucOneVsOne', () => {
  it('averages pairs of classes by hand', () => {
    // A(0|1) = 1, A(1|0) = 0; A(0|2) = 1, A(2|0) = 1; A(1|2) = 0.5, A(2|1) = 1
    const sorted = ranked({ labels: [0, 1, 2], values: [9, 2, 0, 0, 1, 0, 0, 1, 5], classes: 3 })
    expect(rocAucOneVsOne(sorted)).toBeCloseTo((1 + 0 + 1 + 1 + 0.5 + 1) / 6, 15)
  })

  it('leaves out pairs with an absent class', () => {
    const sorted = ranked({ labels: [0, 2], values: [3, 9, 0, 2, 9, 1], classes: 3 })
    expect(rocAucOneVsOne(sorted)).toBe(1)
  })
})

describe('averagePrecision', () => {
  it('sums precision over the steps of recall by hand', () => {
    // class 1 in order of score: member 0.9, other 0.8, member 0.7, other 0.1 -> 1/2 * 1 + 1/2 * 2/3
    const sorted = ranked({ labels: [1, 0, 1, 0], values: [0, 0.9, 0, 0.8, 0, 0.7, 0, 0.1], classes: 2 })
    expect(averagePrecision(sorted).perClass[1]).toBeCloseTo(5 / 6, 15)
  })

  it('is the share of the class when all scores tie', () => {
    const sorted = ranked({ labels: [1, 0, 0, 0, 0], values: new Array(10).fill(1), classes: 2 })
    expect(averagePrecision(sorted).perClass).toEqual([0.8, 0.2])
  })

  it('is undefined only for absent classes', () => {
    const sorted = ranked({ labels: [1, 1], values: [0, 1, 1, 0], classes: 2 })
    expect(averagePrecision(sorted)).toEqual({ macro: 1, perClass: [undefined, 1], undefinedClasses: [0] })
  })
})

describe('sortScores', () => {
  it('names row and class of a NaN', () => {
    expect(() => ranked({ labels: [0, 1], values: [0, 1, 2, Number.NaN], classes: 2 })).toThrow(
      'scores must be numbers, got NaN (row 1, class 1)',
    )
  })

  it('refuses shapes that do not fit, labels out of range and no examples', () => {
    expect(() => ranked({ labels: [0, 1], values: [0, 1, 2], classes: 2 })).toThrow('2 x 2 values, got 3')
    expect(() => ranked({ labels: [0, 2], values: [0, 1, 2, 3], classes: 2 })).toThrow(
      'labels[1] must be an integer in 0 .. 1, got 2',
    )
    expect(() => ranked({ labels: [], values: [], classes: 2 })).toThrow('at least one example')
    expect(() => ranked({ labels: [0], values: [1], classes: 1 })).toThrow('classes must be an integer >= 2, got 1')
  })
})
