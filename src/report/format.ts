import type { Estimate } from '../study/comparison.ts'

const minus = '\u2212'

/** A number as print shows it: a true minus sign, never '-0.000', and a dash for what is undefined. */
export function fixed(value: number | undefined, decimals: number): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? minus + text : text
}

/** A difference always carries its sign. */
export function signed(value: number | undefined, decimals: number): string {
  const text = fixed(value, decimals)
  return value !== undefined && value > 0 && Number(text) !== 0 ? `+${text}` : text
}

/** '0.971–0.983'; undefined for a single replicate. */
export function interval(
  bounds: { readonly low?: number | undefined; readonly high?: number | undefined },
  decimals: number,
): string | undefined {
  if (!isKnown(bounds.low) || !isKnown(bounds.high)) return undefined
  const joint = bounds.low < 0 || bounds.high < 0 ? ' to ' : '–'
  return fixed(bounds.low, decimals) + joint + fixed(bounds.high, decimals)
}

/** Half the width of the 95 % interval; undefined for a single replicate. */
export function halfWidth(estimate: Estimate): number | undefined {
  return isKnown(estimate.low) && isKnown(estimate.high) ? (estimate.high - estimate.low) / 2 : undefined
}

export function pValue(p: number | undefined): string {
  if (!isKnown(p)) return '–'
  return p < 0.001 ? '<\u202f0.001' : p.toFixed(3)
}

/** Whole numbers in groups of three, the same on every machine. */
export function count(value: number): string {
  return fixed(value, 0).replace(/\B(?=(\d{3})+$)/g, '\u202f')
}

/** '3 cells', '1 cell'. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** '2 h 05 min', '3 min 20 s', '12 s'. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  if (hours > 0) return `${hours} h ${two(minutes)} min`
  return minutes > 0 ? `${minutes} min ${two(rest)} s` : `${rest} s`
}

/** At most `length` characters, the last one an ellipsis when something was cut. */
export function shorten(text: string, length: number): string {
  const characters = [...text]
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`
}

/** Three decimals, four where all values lie within 0.02 of each other, one where they are hundreds. */
export function decimalsFor(values: readonly number[]): number {
  const finite = values.filter(isKnown)
  if (finite.length > 1 && Math.max(...finite) - Math.min(...finite) < 0.02) return 4
  return finite.some((value) => Math.abs(value) >= 100) ? 1 : 3
}

export function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value)
}
