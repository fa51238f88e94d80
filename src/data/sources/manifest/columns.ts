/** Which column of a manifest says what. */
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { ListedRole } from '../image-folder/decoded-dataset.ts'

/** What a manifest says of an image, and what its column is called if nobody names another; the first that there is. */
export const COLUMN_NAMES = {
  path: ['path', 'file_name', 'file', 'filename', 'image'],
  label: ['label', 'class', 'category', 'target'],
  group: ['group', 'patient', 'patient_id', 'subject', 'video'],
  split: ['split', 'role'],
} as const

export type ColumnUse = keyof typeof COLUMN_NAMES

/** Names of columns that are not called as usual; 'none' for one that shall not be read. */
export type ColumnChoice = Readonly<Partial<Record<ColumnUse, string | undefined>>>

export interface Columns {
  /** Where among the columns; undefined for none. */
  readonly at: Readonly<Record<ColumnUse, number | undefined>> & { readonly path: number }
  /** What is read from which column, in a sentence. */
  readonly note: string
}

const USES = Object.keys(COLUMN_NAMES) as ColumnUse[]

/** How many columns are named in a sentence. */
const NAMED = 12

/**
 * Finds the columns by their names, in upper or lower case.
 *
 * @throws EvenkeelError `data.manifest` for a column that there is not, or twice, and where none holds paths
 */
export function findColumns(names: readonly string[], choice: ColumnChoice, file: string): Columns {
  const at = Object.fromEntries(USES.map((use) => [use, findColumn(names, use, choice[use], file)])) as Record<
    ColumnUse,
    number | undefined
  >
  if (at.path === undefined) {
    throw new EvenkeelError(
      'data.manifest',
      `${printable(file)} has no column with the paths of images; its columns are ${listOf(names)}`,
      'name it with the option path=COLUMN',
    )
  }
  const read = USES.flatMap((use) => (at[use] === undefined ? [] : [`${use} from '${printable(names[at[use]]!)}'`]))
  const unread = names.filter((_, column) => !Object.values(at).includes(column))
  return {
    at: { ...at, path: at.path },
    note: `read from ${printable(file)}: ${read.join(', ')}${unread.length > 0 ? `; not read: ${listOf(unread)}` : ''}`,
  }
}

function findColumn(names: readonly string[], use: ColumnUse, choice: string | undefined, file: string) {
  const lower = names.map((name) => name.toLowerCase())
  const wanted = choice === undefined ? COLUMN_NAMES[use] : [choice.toLowerCase()]
  const name = wanted.find((candidate) => lower.includes(candidate))
  if (name === undefined) {
    if (choice === undefined || choice === 'none') return undefined
    throw new EvenkeelError(
      'data.manifest',
      `${printable(file)} has no column '${printable(choice)}' (option ${use}); its columns are ${listOf(names)}`,
    )
  }
  const column = lower.indexOf(name)
  if (lower.includes(name, column + 1)) {
    throw new EvenkeelError('data.manifest', `${printable(file)} has two columns '${printable(names[column]!)}'`)
  }
  return column
}

/** Names in quotes, not too many of them. */
export function listOf(names: readonly string[]): string {
  const quoted = names.slice(0, NAMED).map((name) => `'${printable(name)}'`)
  return names.length > NAMED ? `${quoted.join(', ')} and ${names.length - NAMED} more` : quoted.join(', ')
}

/** What a split is called, in a column or as a folder. */
const ROLE_NAMES: Readonly<Record<ListedRole, readonly string[]>> = {
  train: ['train', 'training'],
  selection: ['val', 'valid', 'validation', 'selection', 'dev'],
  test: ['test', 'testing'],
}

export const SPLIT_NAMES: readonly string[] = Object.values(ROLE_NAMES).flat()

/** The role of a split, by its name in upper or lower case. */
export function roleOf(split: string): ListedRole | undefined {
  const roles = Object.keys(ROLE_NAMES) as ListedRole[]
  return roles.find((role) => ROLE_NAMES[role].includes(split.toLowerCase()))
}
