/** How the audit's sentences are put together. */

import { printable } from '../base/printable.ts'
import type { Dataset } from '../data/index.ts'
import { count } from '../report/format.ts'

/** The first names of a list, quoted, and how many more there are: "'a', 'b' and 3 more". */
export function listed(names: readonly string[], most = 4): string {
  const shown = names.slice(0, names.length === most + 1 ? most + 1 : most).map((name) => `'${printable(name)}'`)
  const rest = names.length - shown.length
  if (rest > 0) return `${shown.join(', ')} and ${count(rest)} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : shown.join('')
}

/** '98 %' */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}

/** A path or reference as one word of a command line. */
export function shellWord(text: string): string {
  return /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** What the source calls an image, or its number. */
export function nameOf({ nameOf: ofSource }: Pick<Dataset, 'nameOf'>, index: number): string {
  return ofSource?.(index) ?? `image ${index}`
}
