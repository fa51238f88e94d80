import { existsSync } from 'node:fs'
import { didYouMean, EvenkeelError } from './errors.ts'
import { printable } from './printable.ts'

/** What stands behind the '?' of a path or reference, by name. */
export type Options = Readonly<Record<string, string>>

/** What has the options, for errors. */
export interface OptionOwner {
  readonly code: string
  /** Such as "'image-folder'" or 'a backbone'. */
  readonly name: string
  /** What each option means. */
  readonly known: Options
}

/** What stands before and behind the '?' where options begin: none that belongs to the name of a file or folder that there is. */
export function splitOptions(text: string): [path: string, query: string] {
  const ends = [text.length, ...[...text.matchAll(/\?/g)].map(({ index }) => index).reverse()]
  const end = ends.find((candidate) => existsSync(text.slice(0, candidate))) ?? ends.at(-1)!
  return [text.slice(0, end), text.slice(end + 1)]
}

/**
 * The options of a query such as `side=96&crop=64`.
 *
 * @throws EvenkeelError the owner's code for an option that it does not have, that lacks its value or that is given twice
 */
export function readOptions(query: string, { code, name: owner, known }: OptionOwner): Options {
  const names = Object.keys(known)
  const given = [...new URLSearchParams(query)]
  given.forEach(([name, value], at) => {
    const fail = (sentence: string, hint?: string): never => {
      throw new EvenkeelError(code, sentence, hint)
    }
    if (names.length === 0) fail(`${owner} takes no options, got '${printable(name)}'`)
    if (!names.includes(name)) fail(`${owner} has no option '${printable(name)}'`, didYouMean(name, names))
    if (value === '') fail(`option '${name}' of ${owner} lacks its value`, `${name}: ${known[name]}`)
    if (given.findIndex(([other]) => other === name) < at) fail(`option '${name}' of ${owner} is given twice`)
  })
  return Object.fromEntries(given)
}
