import { inspect } from 'node:util'
import { EvenkeelError } from '../base/errors.ts'
import type { Loss } from './losses/cross-entropy.ts'
import type { Posthoc } from './posthoc/posthoc.ts'
import type { Sampler } from './samplers/sampler.ts'

/**
 * A method is data: phases that the one training loop runs, and what happens to the scores afterwards. Two methods that
 * begin with equal phases share the training.
 */
export interface Recipe {
  /** The first trains from random weights, each later one from where the one before ended. */
  readonly phases: readonly [Phase, ...Phase[]]
  readonly posthoc: Posthoc
}

export interface Phase {
  readonly sampler: Sampler
  readonly loss: Loss
  /** 'head' freezes all but the last layer. */
  readonly trainable: 'all' | 'head'
  /** Factor on the study's learning rate; the schedule starts anew with each phase. */
  readonly learningRateFactor: number
}

/** A number that a method may be given. */
export interface MethodOption {
  readonly meaning: string
  readonly range: readonly [least: number, greatest: number]
  readonly default: number
}

export type OptionValues<O> = { readonly [K in keyof O]: number }

/** What the catalogue says of a method; the CLI's choices, the config's schema and the docs page follow from it. */
export interface MethodEntry<O extends Record<string, MethodOption> = Record<string, MethodOption>> {
  /** As the file's stem. */
  readonly id: string
  /** As a legend shows it. */
  readonly title: string
  /** The idea in a sentence. */
  readonly idea: string
  readonly formula: string
  readonly helps: string
  readonly hurts: string
  readonly source: string
  /** Where this implementation decides what the source leaves open. */
  readonly choices: string
  readonly options: O
  build(options: OptionValues<O>): Recipe
}

/** Keeps the options' names in the type of `build`. */
export function defineMethod<O extends Record<string, MethodOption>>(entry: MethodEntry<O>): MethodEntry<O> {
  return entry
}

/** A method with its options settled, as a study runs it. */
export interface Method {
  /** `oversampling`, or `oversampling(level=0.5)` where an option is not the default. */
  readonly key: string
  readonly title: string
  readonly entry: MethodEntry
  readonly recipe: Recipe
}

/** Builds a method from its entry and some of its options, checked; `place` says where they stand, for errors. */
export function settle(entry: MethodEntry, given: Readonly<Record<string, number>>, place: string): Method {
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(entry.options, name) ? entry.options[name] : undefined
    if (!option) {
      const known = Object.keys(entry.options)
      const hint = known.length > 0 ? `${entry.id} takes ${known.join(', ')}` : `${entry.id} takes no options`
      throw new EvenkeelError('methods.option', `${entry.id} has no option '${name}' (${place})`, hint)
    }
    const [least, greatest] = option.range
    if (typeof value !== 'number' || !(value >= least && value <= greatest)) {
      const rule = `${entry.id}.${name} must be between ${least} and ${greatest}`
      throw new EvenkeelError('methods.option', `${rule}, got ${inspect(value)} (${place})`, option.meaning)
    }
  }
  const options = Object.fromEntries(
    Object.entries(entry.options).map(([name, option]) => [name, given[name] ?? option.default]),
  )
  const chosen = Object.entries(options).filter(([name, value]) => value !== entry.options[name]!.default)
  const suffix = chosen.length === 0 ? '' : `(${chosen.map(([name, value]) => `${name}=${value}`).join(', ')})`
  return { key: entry.id + suffix, title: entry.title + (suffix && ` ${suffix}`), entry, recipe: entry.build(options) }
}
