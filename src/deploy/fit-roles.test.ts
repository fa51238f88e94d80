import { describe, expect, it } from 'vitest'
import { createDataset, type Dataset, digits } from '../data/index.ts'
import { rolesForFit } from './fit-roles.ts'

/** Images of noise, so many of each class; every one of a group of its own unless groups are given. */
function noise(counts: readonly number[], groups?: readonly number[]): Dataset {
  const labels = Uint16Array.from(counts.flatMap((count, c) => Array<number>(count).fill(c)))
  let state = 1
  const pixels = Uint8Array.from({ length: labels.length * 256 }, () => {
    state = (state * 48271) % 2147483647
    return state & 255
  })
  return createDataset({
    name: 'noise',
    description: 'noise',
    shape: [1, 16, 16],
    classNames: counts.map((_, c) => `class ${c}`),
    pixels,
    labels,
    officialTestStart: undefined,
    maxPixel: 255,
    groups: groups && Uint32Array.from(groups),
  })
}

const calibratedOn = (dataset: Dataset) => {
  const counts = dataset.classNames.map(() => 0)
  for (const i of rolesForFit(dataset, ['test']).selection.indices) counts[dataset.labels[i]!]!++
  return counts
}

describe('rolesForFit', () => {
  it('takes 15 % of each class to calibrate on and trains on all the rest', async () => {
    const dataset = await digits()
    const { train, selection, test } = rolesForFit(dataset, ['test'])
    expect([...train.indices, ...selection.indices].sort((a, b) => a - b)).toEqual([...dataset.labels.keys()])
    expect(test.indices.length).toBe(0)
    expect(selection.indices.length / dataset.labels.length).toBeCloseTo(0.15, 2)
    expect(rolesForFit(dataset, ['test'])).toEqual({ train, selection, test })
    expect(rolesForFit(dataset, ['other']).selection.indices).not.toEqual(selection.indices)
  })

  it('trains on all images of a class that has fewer than 7', () => {
    expect(calibratedOn(noise([40, 20, 7, 6, 3, 1]))).toEqual([6, 3, 1, 0, 0, 0])
    expect(calibratedOn(noise([2, 1]))).toEqual([0, 0])
  })

  it('keeps groups on one side', () => {
    // Pairs; class 1 is of one group, class 2 shares one with class 1.
    const groups = Array.from({ length: 40 }, (_, i) => Math.floor(i / 2)).concat(
      Array(8).fill(99),
      [99, 99, 50, 51, 52, 53, 54, 55, 56],
    )
    const dataset = noise([40, 8, 9], groups)
    const { train, selection } = rolesForFit(dataset, ['test'])
    const sides = [train, selection].map(({ indices }) => new Set(Array.from(indices, (i) => groups[i]!)))
    expect([...sides[0]!].filter((group) => sides[1]!.has(group))).toEqual([])
    expect(sides[1]!.has(99)).toBe(false)
    expect(calibratedOn(dataset)).toEqual([6, 0, 1])
  })
})
