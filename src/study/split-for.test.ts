import { describe, expect, it } from 'vitest'
import { arrays } from '../data/index.ts'
import { resolveConfig, type SplitChoice } from './config.ts'
import { splitFor } from './split-for.ts'

const plain = arrays({ pixels: new Uint8Array(8), labels: [0, 1, 0, 1, 0, 1, 0, 1], shape: [1, 1, 1] })
const tested = { ...plain, officialTestStart: 6 }
const whole = { ...tested, officialSelectionStart: 4 }

const chosen = (split: SplitChoice, dataset: typeof whole | typeof plain) =>
  splitFor(resolveConfig({ split }, 'config'), dataset)

describe('splitFor', () => {
  it('keeps the official sets there are', () => {
    expect(chosen({}, plain)).toEqual({ test: { fraction: 0.3 }, selection: { fraction: 0.15 } })
    expect(chosen({}, tested)).toEqual({ test: 'official', selection: { fraction: 0.07 } })
    expect(chosen({}, whole)).toEqual({ test: 'official', selection: 'official' })
    expect(chosen({ test: { official: { perClass: 1 } } }, whole).selection).toBe('official')
  })

  it('does what the config says', () => {
    expect(chosen({ selection: 'none', duplicates: 'together' }, whole)).toEqual({
      test: 'official',
      duplicates: 'together',
    })
    expect(chosen({ selection: { perClass: 2 }, poolPerClass: 1 }, whole)).toEqual({
      test: 'official',
      selection: { perClass: 2 },
      poolPerClass: 1,
    })
    // Where the test set is drawn from everything, so is what choices are made by.
    expect(chosen({ test: { fraction: 0.2 } }, whole)).toEqual({
      test: { fraction: 0.2 },
      selection: { fraction: 0.07 },
    })
  })
})
