/** Which columns of a Parquet file hold images, classes and groups. */
import { didYouMean, EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { COLUMN_NAMES } from '../manifest/columns.ts'
import type { Column, ParquetFile } from './parquet-file.ts'

/** What a row says, what its column is called if nobody names another, and what it must hold. */
const USES = {
  image: { names: ['image', 'img'], fits: isImages, kind: 'images: bytes, or a struct with bytes' },
  label: { names: COLUMN_NAMES.label, fits: isPlain, kind: 'numbers or text' },
  group: { names: COLUMN_NAMES.group, fits: isPlain, kind: 'numbers or text' },
} as const

type Use = keyof typeof USES

/** Names of columns that are not called as usual. */
export interface ColumnChoice {
  /** Image files as bytes, or as a struct with `bytes`, which Hugging Face writes. @defaultValue 'image' or 'img' */
  readonly image?: string | undefined
  /** Classes, as numbers or names. @defaultValue 'label', 'class', 'category' or 'target' */
  readonly label?: string | undefined
  /** Groups, such as patients. @defaultValue 'group', 'patient', 'patient_id', 'subject' or 'video', if there is one */
  readonly group?: string | undefined
}

/** Names of the columns to read. */
export interface Columns extends ColumnChoice {
  readonly image: string
  readonly label: string
}

/**
 * Finds the columns by their names.
 *
 * @throws EvenkeelError `data.parquet` with a list of the columns, where one is not there or holds something else
 */
export function findColumns(file: ParquetFile, choice: ColumnChoice): Columns {
  const find = (use: Use): string | undefined => {
    const { names, fits, kind } = USES[use]
    const wanted = choice[use] === undefined ? names : [choice[use]]
    const column = wanted.flatMap((name) => file.columns.find((candidate) => candidate.name === name) ?? [])[0]
    if (column && fits(column)) return column.name
    if (!column && use === 'group' && choice.group === undefined) return undefined
    const what = column
      ? `column '${printable(column.name)}' must hold ${kind}`
      : `there is no column ${wanted.map((name) => `'${printable(name)}'`).join(' or ')} with ${kind}`
    throw new EvenkeelError(
      'data.parquet',
      `${printable(file.path)}: ${what}; its columns are ${described(file.columns)}`,
      choice[use] === undefined
        ? `name it with the option ${use}=COLUMN`
        : didYouMean(
            choice[use],
            file.columns.map(({ name }) => printable(name)),
          ),
    )
  }
  return { image: find('image')!, label: find('label')!, group: find('group') }
}

function isImages({ type, children }: Column): boolean {
  return type === 'bytes' || children.some((child) => child.name === 'bytes' && child.type === 'bytes')
}

function isPlain({ type }: Column): boolean {
  return ['integer', 'text', 'boolean'].includes(type)
}

/** How many columns are named in an error. */
const NAMED = 20

function described(columns: readonly Column[]): string {
  const texts = columns.slice(0, NAMED).map(({ name, type }) => `${printable(name)} (${printable(type)})`)
  return columns.length > NAMED ? `${texts.join(', ')} and ${columns.length - NAMED} more` : texts.join(', ')
}
