import { describe, expect, it } from 'vitest'
import { wilsonLimits } from '../stats/index.ts'
import type { ClassEffect } from './comparison.ts'
import { moreDataSentences } from './more-data.ts'

/** A class of 200 images of which 60 are tested, and its recall. */
const effect = (recall: number, testImages = 60): ClassEffect => {
  const { lower, upper } = wilsonLimits(recall, testImages)
  const result = { method: 'baseline', tested: 0, recognised: 0, recall: { mean: recall, low: lower, high: upper } }
  const counts = { images: 200, trainingImages: 110, testImages, isFrequent: true, sayable: true }
  return { label: 0, name: 'cell', ...counts, results: [{ ...result, contrast: undefined }] }
}

const curve = (losses: number[]) => losses.map((loss, i) => ({ iteration: i + 1, loss }))
const noEnd = { curve: [], testLoss: undefined }

describe('moreDataSentences', () => {
  it('asks for the images that bound the least favourable recall still possible', () => {
    // 0.5 lies within the limits of 0.6: 93 test images, 93 * 200 / 60 = 310.
    expect(moreDataSentences([effect(0.6)], 'baseline', noEnd)[0]).toBe(
      "'cell' has 200 images: 60 % of them are found, give or take 12 points; about 310 images would make that 10.",
    )
  })

  it('counts what is different on the images, where that is less', () => {
    // 93 different things of 6 in a split: 93 * 200 / 6.
    expect(moreDataSentences([{ ...effect(0.5, 6), testImages: 60, testUnits: 6 }], 'baseline', noEnd)[0]).toMatch(
      /about 3100 images, the new ones of other groups, would make that 10\.$/,
    )
  })

  it('asks for none where every class is known well', () => {
    expect(moreDataSentences([effect(0.98)], 'baseline', noEnd)).toEqual([
      'The recall of every class is known within 10 points.',
    ])
  })

  it.each([
    ['still falls', [1.6, 1.4, 1.2, 1, 0.8], 2, /still fell at the end of the training \(1\.00 to 0\.80\): more steps/],
    [
      'is at its end, the test loss far above it',
      [1.6, 0.6, 0.3, 0.2, 0.2],
      0.7,
      /0\.20 on the training images and at 0\.70 on/,
    ],
    ['falls from little to less', [1.6, 0.6, 0.3, 0.05, 0.02], 0.7, /more images would help rather than more steps/],
    [
      'is at its end, the test loss near it',
      [1.6, 0.9, 0.7, 0.6, 0.6],
      0.7,
      /no longer falls \(0\.60\): more steps alone/,
    ],
  ])('tells steps from images where the training loss %s', (_, losses, testLoss, sentence) => {
    expect(moreDataSentences([effect(0.98)], 'baseline', { curve: curve(losses), testLoss })[0]).toMatch(sentence)
  })
})
