/** Numbers in sentences. */
import type { Estimate } from '../estimate.ts'
import type { Evidence } from './evidence.ts'

export function auc(value: number): string {
  return value.toFixed(4)
}

/** '+0.0123 (95 % interval +0.0100 to +0.0146)', without an interval for a single replicate. */
export function aucChange(change: Estimate): string {
  return withInterval(change, (value) => signed(value, 4), '')
}

/** Of a share in [0, 1]. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`
}

/** Of a difference of shares: '+1.2 points (95 % interval +1.0 to +1.4)'. */
export function percentChange(change: Estimate): string {
  return withInterval(change, (value) => signed(100 * value, 1), ' points')
}

/** Always with its sign, but for what rounds to 0. */
export function signed(value: number, decimals: number): string {
  const size = Math.abs(value).toFixed(decimals)
  if (Number(size) === 0) return size
  return `${value > 0 ? '+' : '-'}${size}`
}

/** '98 times' */
export function factor(value: number): string {
  return `${Number(value.toPrecision(2))} times`
}

/** A method in a sentence: 'the baseline', 'oversampling'. */
export function named({ title }: Evidence, method: string): string {
  return method === 'baseline' ? 'the baseline' : title(method)
}

/** 'a, b and c' */
export function list(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}

/** '1 setting', '3 settings' */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function withInterval({ mean, low, high }: Estimate, text: (value: number) => string, unit: string): string {
  const interval = low === undefined || high === undefined ? '' : ` (95 % interval ${text(low)} to ${text(high)})`
  return text(mean) + unit + interval
}
