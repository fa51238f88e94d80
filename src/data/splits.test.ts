import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classCounts, type Dataset } from './dataset.ts'
import { arrays } from './sources/arrays.ts'
import { type SplitOptions, split } from './splits.ts'

/** One-pixel images: so many per class, classes interleaved as in a shuffled file; then the official test set likewise. */
function dataset(counts: readonly number[], testCounts?: readonly number[]): Dataset {
  const interleave = (sizes: readonly number[]) =>
    Array.from({ length: Math.max(...sizes) }, (_, k) => sizes.flatMap((size, c) => (k < size ? [c] : []))).flat()
  const labels = [...interleave(counts), ...(testCounts ? interleave(testCounts) : [])]
  const trainable = counts.reduce((sum, count) => sum + count, 0)
  return arrays({
    name: 'made',
    pixels: new Uint8Array(labels.length),
    labels,
    shape: [1, 1, 1],
    classNames: counts.map((_, c) => `c${c}`),
    ...(testCounts && { officialTestStart: trainable }),
  })
}

function countsOf(data: Dataset, options: SplitOptions) {
  const { train, selection, test } = split(data, options, ['seed'])
  return { train: classCounts(train), selection: classCounts(selection), test: classCounts(test) }
}

describe('split', () => {
  it('draws disjoint, stratified roles that have each class and are the same for the same seed', () => {
    const share = fc.oneof(
      fc.record({ fraction: fc.double({ min: 0.01, max: 0.4, noNaN: true }) }),
      fc.record({ perClass: fc.integer({ min: 1, max: 3 }) }),
    )
    const sizes = fc.array(fc.integer({ min: 8, max: 60 }), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(
        sizes,
        share,
        share,
        fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
        (counts, test, selection, pool) => {
          const data = dataset(counts)
          const options = { test, selection, ...(pool !== undefined && { poolPerClass: pool }) }
          const parts = split(data, options, ['s', 1])
          expect(split(data, options, ['s', 1])).toEqual(parts)
          const used = [parts.train, parts.selection, parts.test].flatMap(({ indices }) => [...indices])
          expect(new Set(used).size).toBe(used.length)
          if (pool === undefined) expect(used.length).toBe(data.labels.length)
          for (const [role, examples] of Object.entries(parts)) {
            expect(examples.role).toBe(role)
            expect([...examples.indices]).toEqual([...examples.indices].sort((a, b) => a - b))
            expect(Math.min(...classCounts(examples))).toBeGreaterThanOrEqual(1)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('rounds fractions to the nearest, halves up, at least 1', () => {
    expect(countsOf(dataset([10, 14, 30, 3]), { test: { fraction: 0.25 } }).test).toEqual([3, 4, 8, 1])
    expect(countsOf(dataset([30, 3]), { test: { fraction: 0.1 }, selection: { fraction: 0.1 } })).toEqual({
      train: [24, 1],
      selection: [3, 1],
      test: [3, 1],
    })
  })

  it('keeps an official test set whole, or as much of it as asked for', () => {
    const data = dataset([20, 30], [5, 8])
    expect(countsOf(data, { test: 'official' })).toEqual({ train: [20, 30], selection: [0, 0], test: [5, 8] })
    expect(countsOf(data, { test: { official: { perClass: 5 } } }).test).toEqual([5, 5])
    expect(countsOf(data, { test: { official: { fraction: 0.5 } } }).test).toEqual([3, 4])
    const { train, test } = split(data, { test: 'official' }, ['seed'])
    expect(Math.max(...train.indices)).toBe(49)
    expect([...test.indices]).toEqual([...Array(13).keys()].map((i) => 50 + i))
  })

  it('serves the pool first, and selection from what is left over', () => {
    const data = dataset([20, 30, 26], [2, 2, 2])
    const options = { test: 'official', selection: { perClass: 8 }, poolPerClass: 18 } as const
    expect(countsOf(data, options)).toEqual({ train: [18, 18, 18], selection: [2, 8, 8], test: [2, 2, 2] })
  })

  it('gives a smaller pool as part of a larger one, and the same test set whatever else is asked', () => {
    const data = dataset([40, 50])
    const small = split(data, { test: { fraction: 0.2 }, poolPerClass: 10 }, ['seed'])
    const large = split(data, { test: { fraction: 0.2 }, selection: { perClass: 5 }, poolPerClass: 20 }, ['seed'])
    expect(large.test.indices).toEqual(small.test.indices)
    expect([...large.train.indices]).toEqual(expect.arrayContaining([...small.train.indices]))
  })

  it('differs between seeds', () => {
    const data = dataset([40, 50])
    const draw = (seed: number) => split(data, { test: { fraction: 0.2 } }, [seed]).test.indices
    expect(draw(1)).not.toEqual(draw(2))
  })

  it.each<[SplitOptions, string, string]>([
    [{ test: { fraction: 1 } }, 'split.option', 'test.fraction must be between 0 and 1, got 1'],
    [{ test: { official: { perClass: 0 } } }, 'split.option', 'test.perClass must be an integer >= 1, got 0'],
    [
      { test: { fraction: 0.1 }, selection: { fraction: Number.NaN } },
      'split.option',
      'selection.fraction must be between 0 and 1, got NaN',
    ],
    [{ test: { fraction: 0.1 }, poolPerClass: 2.5 }, 'split.option', 'poolPerClass must be an integer >= 1, got 2.5'],
    [{ test: 'official' }, 'split.official', "'made' has no official test set"],
    [{ test: { perClass: 4 } }, 'split.too-few', "class 'c1' of 'made' has 3 examples to test on, 4 are asked for"],
    [
      { test: { perClass: 3 } },
      'split.too-few',
      "class 'c1' of 'made' has 0 examples after the test set, which leaves none to train on",
    ],
    [
      { test: { perClass: 1 }, selection: { perClass: 2 } },
      'split.too-few',
      "class 'c1' of 'made' has 2 examples after the test set, which leaves none to train on beside 2 for selection",
    ],
    [
      { test: { perClass: 1 }, selection: { perClass: 1 }, poolPerClass: 5 },
      'split.too-few',
      "class 'c1' of 'made' has 2 examples after the test set, and the pool of 5 leaves none for selection",
    ],
  ])('refuses %j', (options, code, message) => {
    expect(() => split(dataset([20, 3]), options, ['seed'])).toThrow(expect.objectContaining({ code, message }))
  })

  it('refuses a class without examples, in either part', () => {
    expect(() => split(dataset([3, 0]), { test: { perClass: 1 } }, [])).toThrow(
      "class 'c1' of 'made' has no example to test on",
    )
    expect(() => split(dataset([3, 0], [1, 1]), { test: 'official' }, [])).toThrow(
      "class 'c1' of 'made' has 0 examples after the test set, which leaves none to train on",
    )
    expect(() => split(dataset([3, 3], [1, 0]), { test: 'official' }, [])).toThrow(
      "class 'c1' of 'made' has no example to test on",
    )
  })
})
