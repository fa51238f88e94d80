import { expect, it } from 'vitest'
import { costSentences, gainSentences } from './class-sentences.ts'
import type { ClassEffect, Contrast } from './comparison.ts'

/** A class that a remedy changes. */
function effect(name: string, isFrequent: boolean, contrast: Partial<Contrast>): ClassEffect {
  const result = { tested: 50, recognised: 25, recall: { mean: 0.5, low: 0.2, high: 0.8 } }
  const full = { difference: 0, low: -0.1, high: 0.1, p: 0.9, pHolm: 0.9, verdict: 'undecided', ...contrast } as const
  return {
    ...{ label: 0, name, images: 30, trainingImages: 20, testImages: 10, isFrequent, sayable: true },
    results: [
      { ...result, method: 'baseline', contrast: undefined },
      { ...result, method: 'oversampling', contrast: full },
    ],
  }
}

const gains = (...effects: ClassEffect[]) => gainSentences(effects, 'oversampling', 'oversampling')
const costs = (...effects: ClassEffect[]) => costSentences(effects, 'oversampling', 'oversampling')
const better = { difference: 0.2, low: 0.1, high: 0.3, p: 0.01, pHolm: 0.02, verdict: 'better' } as const

it('tells of a rare class that falls among the costs, and says no more than was found', () => {
  const falling = effect('blast', false, { difference: -0.3, low: -0.62, high: 0.02 })
  const frequent = effect('cell', true, better)
  expect(costs(frequent, falling)).toEqual([
    "The rare class 'blast' (-30 points, 95 % interval -62 to +2) may lose: nothing is decided.",
  ])
  expect(gains(frequent, falling).join()).not.toContain('blast')
  expect(costs(frequent, effect('blast', false, {}))).toEqual(['No class is found to lose by oversampling.'])
  expect(costs(frequent, effect('blast', false, better))).toEqual(['No class pays for oversampling.'])
})

it('says why a change that is found with these test images decides nothing', () => {
  expect(gains(effect('blast', false, { ...better, verdict: 'undecided' }))).toContain(
    "For the rare class 'blast' (+20 points, 95 % interval +10 to +30) nothing is decided: it holds for these very test images, and others as few may show the opposite.",
  )
})
