import { describe, expect, it } from 'vitest'
import { candidatesFor } from './candidates.ts'
import type { ImageFacts } from './facts.ts'

const photographs: ImageFacts = {
  reference: 'image-folder:photos',
  classNames: ['cat', 'dog'],
  counts: [900, 100],
  shape: [3, 64, 64],
  storedSide: 72,
  maxPixel: 255,
  sizeIsOpen: true,
  medianSide: 112,
  isGrey: false,
  officialTest: 0,
  hasOfficialSelection: false,
}
const glyphs: ImageFacts = { ...photographs, shape: [1, 28, 28], storedSide: 28, sizeIsOpen: false, isGrey: true }
const only = (facts: ImageFacts, training = 550) => candidatesFor(facts, training)[0]!

describe('sizes', () => {
  it.each([
    [112, [32, 48, 64, 96]],
    [108, [32, 48, 64, 96]],
    [107, [32, 48, 64]],
    [4000, [32, 48, 64, 96, 128, 224]],
    [undefined, [32, 48, 64, 96, 128, 224]],
    // Smaller ones are taken as they are.
    [28, [28]],
  ])('are at most those of half of the originals: %s pixels', (medianSide, windows) => {
    const candidates = candidatesFor({ ...photographs, medianSide }, 550)
    expect(candidates.map(({ shape }) => shape)).toEqual(windows.map((side) => [3, side, side]))
    for (const { size } of candidates) expect(size!.side).toBeLessThanOrEqual(medianSide ?? 256)
  })

  it('are not chosen where the images have one', () => {
    expect(candidatesFor(glyphs, 550)).toMatchObject([{ size: undefined, shape: [1, 28, 28] }])
  })
})

describe('what follows from a size', () => {
  it('is LeNet-5 for small grey images, ResNet-10 for others', () => {
    expect(only(glyphs)).toMatchObject({ model: 'lenet5', recomputeAverages: undefined })
    expect(only(photographs)).toMatchObject({ model: 'resnet10', recomputeAverages: 20 })
    expect(only({ ...glyphs, shape: [1, 64, 64] }).model).toBe('resnet10')
    expect(candidatesFor(photographs, 550, { model: 'resnet32', batch: 64 })[0]).toMatchObject({
      model: 'resnet32',
      batch: 64,
      recomputeAverages: 10,
    })
  })

  it('is half the batch for few images, with as many images for the averages', () => {
    expect(only(photographs, 499)).toMatchObject({ batch: 16, recomputeAverages: 40 })
    expect(only(photographs, 500)).toMatchObject({ batch: 32, recomputeAverages: 20 })
  })

  it('is an augmentation that leaves a picture what it is', () => {
    expect(only(photographs).augmentation).toEqual({ pad: 0, mirror: true, crop: 'random' })
    expect(only({ ...photographs, isGrey: true }).augmentation).toEqual({ pad: 0, mirror: false, crop: 'random' })
    expect(only(glyphs).augmentation).toEqual({ pad: 2, mirror: false, crop: 'centre' })
    expect(only({ ...glyphs, shape: [1, 8, 8], storedSide: 8 }).augmentation.pad).toBe(1)
    // CIFAR, as He et al. have it.
    const cifar: ImageFacts = { ...photographs, sizeIsOpen: false, shape: [3, 32, 32], storedSide: 32 }
    expect(only(cifar).augmentation).toEqual({ pad: 4, mirror: true, crop: 'centre' })
  })
})
