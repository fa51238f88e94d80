import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classPrecision, halfWidthAtWorst, precisionAudit } from './precision.ts'

const usual = (n: number) => {
  const [test, selection] = [Math.max(1, Math.round(0.3 * n)), Math.max(1, Math.round(0.15 * n))]
  const split = { train: n - test - selection, selection, test }
  return { units: n, images: n, split, hasGroups: false, hasOfficialTest: false }
}

describe('halfWidthAtWorst', () => {
  it('is (z / 2) / sqrt(n + z^2)', () => {
    const z = 1.959963984540054
    for (const n of [1, 3, 20, 93, 1000]) expect(halfWidthAtWorst(n)).toBeCloseTo(z / 2 / Math.sqrt(n + z * z), 12)
    expect(halfWidthAtWorst(0)).toBeUndefined()
  })

  it('is within the bound from the stated number of images on, and not before', () => {
    const { testImages, bound } = precisionAudit
    expect(testImages).toBe(93)
    expect(halfWidthAtWorst(testImages)).toBeLessThanOrEqual(bound)
    expect(halfWidthAtWorst(testImages - 1)).toBeGreaterThan(bound)
  })
})

describe('classPrecision', () => {
  it('promises nothing of three images', () => {
    const { verdict, sentence, inOneSplit, atBest } = classPrecision(usual(3))
    expect({ verdict, inOneSplit: inOneSplit!.toFixed(3), atBest: atBest!.toFixed(3) }).toEqual({
      verdict: 'nothing',
      inOneSplit: '0.445',
      atBest: '0.375',
    })
    expect(sentence).toBe(
      '3 independent images, 1 of them tested in a split: its recall in a split can only be 0 or 1. No statement about this class’s ' +
        'recall can be made; it takes at least 93 independent images, each tested once, to bound it within 10 points.',
    )
  })

  it.each([
    [2, 'impossible'],
    [3, 'nothing'],
    [11, 'nothing'],
    [12, 'rough'],
    [92, 'rough'],
    [93, 'sound'],
  ])('of %d images is %s', (images, verdict) => {
    expect(classPrecision(usual(images)).verdict).toBe(verdict)
  })

  it('counts images that show the same once', () => {
    const copies = classPrecision({ ...usual(300), units: 2 })
    expect(copies.verdict).toBe('impossible')
    expect(copies.sentence).toContain('2 independent images cannot be')
    expect(classPrecision({ ...usual(300), units: 50 }).verdict).toBe('rough')
  })

  it('knows how few groups are tested in a split', () => {
    const patients = classPrecision({ ...usual(100), units: 20, hasGroups: true })
    expect(patients.inOneSplit).toBe(halfWidthAtWorst(6))
    expect(patients.atBest).toBe(halfWidthAtWorst(20))
    expect(patients.sentence).toMatch(/^20 groups, about 6 of them tested in a split: /)
    const three = classPrecision({ ...usual(60), units: 3, hasGroups: true })
    expect(three.inOneSplit).toBe(halfWidthAtWorst(1))
    expect(three.sentence).toContain('says little more than that of 1 image would')
  })

  it('of an official test set goes by its images alone', () => {
    const split = { train: 5000, selection: 300, test: 10 }
    const { verdict, inOneSplit, atBest, sentence } = classPrecision({
      ...usual(10),
      split,
      hasOfficialTest: true,
    })
    expect(verdict).toBe('nothing')
    expect(inOneSplit).toBe(atBest)
    expect(sentence).toMatch(/^10 test images: its recall in a split moves in steps of 10 points\./)
  })

  it('never says less of more images', () => {
    const rank = ['impossible', 'nothing', 'rough', 'sound']
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (n) => {
        const [less, more] = [classPrecision(usual(n)), classPrecision(usual(n + 1))]
        expect(rank.indexOf(more.verdict)).toBeGreaterThanOrEqual(rank.indexOf(less.verdict))
        expect(more.atBest!).toBeLessThan(less.atBest!)
      }),
    )
  })
})
