import { groupBy } from '../base/group-by.ts'
import type { FileHeader } from '../data/sources/image-folder/headers.ts'
import type { FilesAudit, Quartiles, Sizes, Tally } from './audit-report.ts'

/** Sizes, formats and colour modes by the headers of the files, [N] by example; undefined where there is not one header. */
export function auditFiles(
  headers: readonly (FileHeader | undefined)[],
  labels: Uint16Array,
  classes: number,
): FilesAudit | undefined {
  const known = headers.flatMap((header, i) => (header ? [{ header, label: labels[i]! }] : []))
  if (known.length === 0) return undefined
  const byLabel = groupBy(known, ({ label }) => label)
  const all = known.map(({ header }) => header)
  return {
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    ...summary(all),
    byClass: Array.from({ length: classes }, (_, label) => {
      const own = byLabel.get(label)?.map(({ header }) => header)
      return own && summary(own)
    }),
  }
}

function summary(headers: readonly FileHeader[]): { sizes: Sizes; formats: Tally[]; modes: Tally[] } {
  return {
    sizes: {
      width: quartiles(headers.map(({ width }) => width)),
      height: quartiles(headers.map(({ height }) => height)),
      aspect: quartiles(headers.map(({ width, height }) => width / height)),
    },
    formats: tally(headers.map(({ format }) => format)),
    modes: tally(headers.map(({ mode }) => mode)),
  }
}

/** How often each value occurs, the most frequent first, equally frequent ones by name. */
export function tally(values: readonly string[]): Tally[] {
  return [...groupBy(values, (value) => value)]
    .map(([value, own]) => ({ value, images: own.length }))
    .sort((a, b) => b.images - a.images || (a.value < b.value ? -1 : 1))
}

/** Least value, lower quartile, median, upper quartile and greatest of one value or more; quartiles are values that occur. */
export function quartiles(values: readonly number[]): Quartiles {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)]
}
