import { describe, expect, it } from 'vitest'
import { friedmanTest, nemenyiCriticalDifference } from './friedman.ts'

describe('friedmanTest', () => {
  it('by hand, rank 1 being the best', () => {
    // ranks 1 2 3, 1 3 2, 1 2 3: means 1, 7/3, 8/3; chi-square = 12 * 3 / 12 * (1 + 1/9 + 4/9) = 14/3
    const test = friedmanTest(
      [
        [0.9, 0.8, 0.7],
        [0.6, 0.4, 0.5],
        [0.3, 0.2, 0.1],
      ],
      'higher',
    )
    expect(test.meanRanks).toEqual([1, 7 / 3, 8 / 3])
    expect(test.chiSquare).toBeCloseTo(14 / 3, 13)
    expect(test.degreesOfFreedom).toBe(2)
    expect(test.p).toBeCloseTo(Math.exp(-7 / 3), 12)
  })

  it('turns ranks round where lower is better', () => {
    expect(friedmanTest([[3, 1, 2]], 'lower').meanRanks).toEqual([3, 1, 2])
    expect(friedmanTest([[3, 1, 2]], 'higher').meanRanks).toEqual([1, 3, 2])
  })

  it('corrects for ties', () => {
    // ranks 1.5 1.5 3 and 1 2 3: means 1.25 1.75 3; 12 * 2 / 12 * (9/16 + 1/16 + 1) / (1 - 6/48) = 26/7
    const test = friedmanTest(
      [
        [2, 2, 1],
        [3, 2, 1],
      ],
      'higher',
    )
    expect(test.chiSquare).toBeCloseTo(26 / 7, 13)
  })

  it('has p = 1 and no statistic when all methods tie everywhere', () => {
    expect(friedmanTest([[1, 1, 1]], 'higher')).toEqual({
      meanRanks: [2, 2, 2],
      chiSquare: undefined,
      degreesOfFreedom: 2,
      p: 1,
    })
  })

  it('refuses what is not a table', () => {
    expect(() => friedmanTest([], 'higher')).toThrow('at least one block')
    expect(() => friedmanTest([[1]], 'higher')).toThrow('methods must be an integer >= 2, got 1')
    expect(() => friedmanTest([[1, 2], [1]], 'higher')).toThrow(
      'scores[1] must hold 2 methods as scores[0] does, got 1',
    )
    expect(() => friedmanTest([[1, Number.NaN]], 'higher')).toThrow('scores[0][1] must be a finite number, got NaN')
  })
})

describe('nemenyiCriticalDifference', () => {
  it('gives the example of Demsar (2006): 4 methods on 14 data sets', () => {
    expect(nemenyiCriticalDifference(4, 14)).toBeCloseTo(1.25, 2)
    expect(nemenyiCriticalDifference(4, 14, 0.1)).toBeCloseTo(1.12, 2)
  })

  it('refuses impossible numbers', () => {
    expect(() => nemenyiCriticalDifference(1, 14)).toThrow('methods must be an integer >= 2, got 1')
    expect(() => nemenyiCriticalDifference(4, 0)).toThrow('blocks must be a positive integer, got 0')
    expect(() => nemenyiCriticalDifference(4, 14, 5)).toThrow('alpha must be between 0 and 1, got 5')
  })
})
