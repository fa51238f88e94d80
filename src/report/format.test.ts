import { expect, it } from 'vitest'
import { count, decimalsFor, duration, fixed, interval, plural, pValue, shorten, signed } from './format.ts'

it('never prints a negative zero or a number that is none', () => {
  expect(fixed(-0.0001, 3)).toBe('0.000')
  expect(signed(0.0001, 3)).toBe('0.000')
  expect(signed(-0.0214, 3)).toBe('−0.021')
  expect(signed(0.0214, 3)).toBe('+0.021')
  expect(fixed(Number.NaN, 3)).toBe('–')
  expect(fixed(undefined, 3)).toBe('–')
})

it('joins limits so that a minus is not taken for a dash', () => {
  expect(interval({ low: 0.971, high: 0.983 }, 3)).toBe('0.971–0.983')
  expect(interval({ low: -0.01, high: 0.02 }, 2)).toBe('−0.01 to 0.02')
  expect(interval({ low: undefined, high: undefined }, 2)).toBeUndefined()
})

it('groups digits, counts nouns and spells durations', () => {
  expect(count(1234567)).toBe('1\u202f234\u202f567')
  expect(plural(1, 'cell')).toBe('1 cell')
  expect(plural(2, 'cell')).toBe('2 cells')
  expect(duration(12.4)).toBe('12 s')
  expect(duration(754)).toBe('12 min 34 s')
  expect(duration(7509)).toBe('2 h 05 min')
})

it('prints small p as a bound', () => {
  expect(pValue(0.0004)).toBe('<\u202f0.001')
  expect(pValue(0.049)).toBe('0.049')
  expect(pValue(undefined)).toBe('–')
})

it('shortens by characters, not by code units', () => {
  expect(shorten('abcdef', 4)).toBe('abc…')
  expect(shorten('🙂🙂🙂', 3)).toBe('🙂🙂🙂')
})

it('gives values as many decimals as tell them apart', () => {
  expect(decimalsFor([0.9, 0.95])).toBe(3)
  expect(decimalsFor([0.99, 0.995, Number.NaN])).toBe(4)
  expect(decimalsFor([12, 130])).toBe(1)
  expect(decimalsFor([])).toBe(3)
})
