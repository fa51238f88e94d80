import { describe, expect, it } from 'vitest'
import { arrays } from './arrays.ts'

const pixels = Uint8Array.from({ length: 16 }, (_, i) => i)

describe('arrays', () => {
  it('makes a dataset with numbered classes', () => {
    const dataset = arrays({ pixels, labels: [0, 2, 1, 2], shape: [1, 2, 2] })
    expect(dataset).toMatchObject({
      name: 'arrays',
      classNames: ['0', '1', '2'],
      officialTestStart: undefined,
      maxPixel: 255,
    })
    expect([...dataset.labels]).toEqual([0, 2, 1, 2])
    expect([...dataset.images.read(2)]).toEqual([8, 9, 10, 11])
    expect(dataset.images.read(0).buffer).toBe(pixels.buffer)
  })

  it.each([-1, 1.5, Number.NaN, 70_000])('refuses the label %d', (label) => {
    expect(() => arrays({ pixels, labels: [0, 1, label, 0], shape: [1, 2, 2] })).toThrow(
      `labels of 'arrays' must be integers from 0 to 65535, got ${label} for example 2`,
    )
  })

  it('refuses a label that has no name, and sizes that disagree', () => {
    expect(() => arrays({ pixels, labels: [0, 1, 2, 0], shape: [1, 2, 2], classNames: ['a', 'b'] })).toThrow(
      "labels of 'arrays' must be integers from 0 to 1, got 2 for example 2",
    )
    expect(() => arrays({ pixels, labels: [0, 1], shape: [1, 2, 2], name: 'mine' })).toThrow(
      "dataset 'mine': 2 labels and shape [1, 2, 2] need 8 pixels, got 16",
    )
  })
})
