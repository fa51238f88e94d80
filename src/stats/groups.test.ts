import { describe, expect, it } from 'vitest'
import { indistinguishableGroups } from './groups.ts'

describe('indistinguishableGroups', () => {
  it('gives the bars of the example of Demsar (2006, section 3.2.4)', () => {
    // Mean ranks of C4.5, +m, +cf, +m+cf; critical difference 1.25 joins all four
    expect(indistinguishableGroups([3.143, 2, 2.893, 1.964], 1.25)).toEqual([[3, 1, 2, 0]])
    // 1.12 parts the extremes into two overlapping groups
    expect(indistinguishableGroups([3.143, 2, 2.893, 1.964], 1.12)).toEqual([
      [3, 1, 2],
      [2, 0],
    ])
  })

  it('leaves single methods out and does not repeat parts of a group', () => {
    expect(indistinguishableGroups([1, 5, 5.5, 6, 9], 1)).toEqual([[1, 2, 3]])
    expect(indistinguishableGroups([1, 2, 3], 0.5)).toEqual([])
    expect(indistinguishableGroups([], 1)).toEqual([])
  })

  it('takes a difference equal to the critical one for none', () => {
    expect(indistinguishableGroups([1, 2], 1)).toEqual([[0, 1]])
  })

  it('takes pairwise decisions', () => {
    const differing = new Set(['0,2', '2,0'])
    expect(indistinguishableGroups([1, 2, 3, 4], (a, b) => differing.has(`${a},${b}`))).toEqual([
      [0, 1],
      [1, 2, 3],
    ])
  })
})
