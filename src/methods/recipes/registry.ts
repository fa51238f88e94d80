import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import { type Method, type MethodEntry, settle } from '../method.ts'
import { baseline } from './baseline.ts'
import { oversampling } from './oversampling.ts'
import { oversamplingThresholding } from './oversampling-thresholding.ts'
import { thresholding } from './thresholding.ts'
import { twoPhaseOversampling } from './two-phase-oversampling.ts'
import { twoPhaseUndersampling } from './two-phase-undersampling.ts'
import { undersampling } from './undersampling.ts'
import { undersamplingThresholding } from './undersampling-thresholding.ts'

/** The baseline and the seven methods of Buda, Maki and Mazurowski 2018. */
export const paperMethods: readonly MethodEntry[] = [
  baseline,
  oversampling,
  undersampling,
  twoPhaseOversampling,
  twoPhaseUndersampling,
  thresholding,
  oversamplingThresholding,
  undersamplingThresholding,
] as readonly MethodEntry[]

/** Every method there is, in the order in which tables show them. */
export const methods: readonly MethodEntry[] = [...paperMethods]

export function methodById(id: string, place = 'methods'): MethodEntry {
  const entry = methods.find((method) => method.id === id)
  if (entry) return entry
  const hint = didYouMean(
    id,
    methods.map((method) => method.id),
  )
  throw new EvenkeelError('methods.unknown', `there is no method '${id}' (${place})`, hint)
}

/** How a config names a method: its id, or its id with options. */
export type MethodReference = string | ({ readonly id: string } & Readonly<Record<string, string | number>>)

/**
 * The method that a reference names. A string may carry options as its key prints them, so that a key names its own
 * method: `oversampling`, `oversampling(level=0.5)`.
 */
export function resolveMethod(reference: MethodReference, place = 'methods'): Method {
  if (typeof reference === 'string') {
    const { id, options } = parse(reference, place)
    return settle(methodById(id, place), options, place)
  }
  const { id, ...options } = reference
  return settle(methodById(id, place), options as Record<string, number>, place)
}

function parse(text: string, place: string): { id: string; options: Record<string, number> } {
  const match = /^([a-z0-9-]+)(?:\(([^()]*)\))?$/.exec(text.trim())
  if (!match) {
    throw new EvenkeelError('methods.syntax', `'${text}' is not a method (${place})`, 'write id or id(option=number)')
  }
  const [, id, list = ''] = match
  const pairs = list.split(',').filter((part) => part.trim() !== '')
  const options: Record<string, number> = {}
  for (const pair of pairs) {
    const [name, value, ...more] = pair.split('=').map((part) => part.trim())
    if (!name || !value || more.length > 0 || !Number.isFinite(Number(value))) {
      throw new EvenkeelError('methods.syntax', `'${pair.trim()}' in '${text}' is not option=number (${place})`)
    }
    if (Object.hasOwn(options, name)) {
      throw new EvenkeelError('methods.syntax', `'${text}' gives ${name} twice (${place})`)
    }
    options[name] = Number(value)
  }
  return { id: id!, options }
}
