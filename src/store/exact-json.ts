/**
 * JSON that gives back exactly what it was given. JSON.stringify keeps every finite double (shortest round-trip digits) but
 * turns -0 into 0 and NaN and the infinities, which a diverged training has, into null: here they are
 * `{"$number": "NaN"}`. Whatever else JSON would change in silence (a typed array, a date, a function, undefined in a
 * list) is refused. Properties that are undefined count as absent.
 */
import { EvenkeelError } from '../base/errors.ts'

const NUMBER = '$number'

/** @throws EvenkeelError `store.value` for anything but plain JSON and numbers; `place` is where the sentence begins. */
export function encode(value: unknown, place: string): string {
  return JSON.stringify(encodable(value, place))
}

/** The value that `encode` was given. */
export function decode(text: string): unknown {
  return JSON.parse(text, (_, item) => (isEncodedNumber(item) ? Number(item[NUMBER]) : item))
}

function encodable(value: unknown, place: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return { [NUMBER]: '-0' }
    return Number.isFinite(value) ? value : { [NUMBER]: String(value) }
  }
  if (Array.isArray(value)) return Array.from(value, (item, i) => encodable(item, `${place}[${i}]`))
  if (isPlainObject(value) && !(NUMBER in value)) {
    const present = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(present.map(([key, item]) => [key, encodable(item, `${place}.${key}`)]))
  }
  throw new EvenkeelError(
    'store.value',
    `${place} must be plain JSON, got ${nameOf(value)}`,
    'use numbers, strings, booleans, null, arrays and plain objects; Array.from() makes an array of a typed one',
  )
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isEncodedNumber(value: unknown): value is { [NUMBER]: string } {
  return isPlainObject(value) && NUMBER in value
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  return isPlainObject(value) ? `an object with the reserved key '${NUMBER}'` : value.constructor.name
}
