import { expect, it } from 'vitest'
import { tableCells } from './table-cells.ts'

const estimate = (mean: number, half: number | undefined) => ({
  mean,
  sd: half,
  low: half === undefined ? undefined : mean - half,
  high: half === undefined ? undefined : mean + half,
  n: 3,
})

const textsOf = (...column: Parameters<typeof tableCells>[0]['rows'][number]) =>
  tableCells({ caption: '', columns: ['a'], rows: column.map((value) => [value]) }).rows.map(([cell]) => cell!.text)

it('gives the estimates of a column the decimals that the middle interval asks for', () => {
  expect(textsOf(estimate(0.98765, 0.0012), estimate(0.5, 0.2), estimate(0.1, 0.0001))).toEqual([
    '0.9877',
    '0.5000',
    '0.1000',
  ])
  expect(textsOf(estimate(90.424, 0.35))).toEqual(['90.42'])
  expect(textsOf(estimate(1234, 250))).toEqual(['1234'])
})

it('gives estimates without an interval three decimals', () => {
  expect(textsOf(estimate(0.98765, undefined))).toEqual(['0.988'])
})

it('prints counts in groups, other numbers as they are, and a dash for nothing', () => {
  expect(textsOf(50_000, 0.25, -1.5, 0.00012345, 'text', undefined)).toEqual([
    '50\u202f000',
    '0.25',
    '−1.5',
    '0.000123',
    'text',
    '–',
  ])
})

it('tells columns of numbers from those with words', () => {
  const rows = [
    ['a', 1, undefined, 'x'],
    ['b', undefined, undefined, 2],
  ]
  expect(tableCells({ caption: '', columns: ['w', 'x', 'y', 'z'], rows }).isNumeric).toEqual([
    false,
    true,
    false,
    false,
  ])
})
