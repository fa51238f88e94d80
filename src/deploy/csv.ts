import { stringify } from 'csv-stringify/sync'

type Cell = string | number | boolean | undefined

/**
 * Rows as CSV (RFC 4180), each ended by a newline; what is undefined is empty. Text that a spreadsheet would take for a formula, since
 * it begins with = + - or @, gets a single quote in front: names of files and labels are not ours.
 */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    [...rows].map((row) => [...row]),
    { escape_formulas: true, cast: { boolean: String } },
  )
}
