import { groupBy } from '../base/group-by.ts'
import type { Dataset, DuplicateGroup } from '../data/index.ts'
import type { FileHeader } from '../data/sources/image-folder/headers.ts'
import type { DuplicateAudit } from './audit-report.ts'
import { officialRole } from './classes.ts'
import { nameOf } from './words.ts'

/**
 * The groups of images that show the same, with the labels, roles and groups that they cross. Of a group of near duplicates those that
 * are identical files are a group of their own as well: of two labels on one file at least one is wrong.
 */
export function auditDuplicates(
  dataset: Dataset,
  groups: readonly DuplicateGroup[],
  headers: readonly (FileHeader | undefined)[],
): DuplicateAudit[] {
  return groups.flatMap(({ kind, members }) => {
    const hashed = members.filter((i) => headers[i] !== undefined)
    const identical = [...groupBy(hashed, (i) => headers[i]!.sha256).values()].filter((own) => own.length > 1)
    const isWhole = identical.some((own) => own.length === members.length)
    return [
      ...identical.map((own) => describe(dataset, 'identical', own)),
      ...(isWhole ? [] : [describe(dataset, kind, members)]),
    ]
  })
}

function describe(dataset: Dataset, kind: DuplicateAudit['kind'], indices: readonly number[]): DuplicateAudit {
  const members = indices.map((index) => ({
    index,
    name: nameOf(dataset, index),
    label: dataset.classNames[dataset.labels[index]!]!,
    role: officialRole(dataset, index),
  }))
  const differ = (values: readonly unknown[]) => new Set(values).size > 1
  return {
    kind,
    members,
    acrossLabels: differ(members.map(({ label }) => label)),
    acrossRoles: differ(members.map(({ role }) => role)),
    acrossGroups: dataset.groups !== undefined && differ(indices.map((i) => dataset.groups![i])),
  }
}
