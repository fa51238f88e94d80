/** Arrays of labels, groups and names. */
import { printable } from '../../../base/printable.ts'
import { numberedClasses } from '../../dataset.ts'
import { inOrderOfClasses } from '../class-order.ts'
import type { NpyArray } from './npy.ts'
import { eachItem, placeOf, wrong } from './pixels.ts'

type Item = number | string

const MOST_CLASSES = 65_536

/** Labels as an array says them, before they are classes. */
export interface GivenLabels {
  readonly array: NpyArray
  /** [N] whole numbers, or names. */
  readonly values: readonly Item[]
  /** How many classes its columns are, where there is one for each class. */
  readonly columns: number | undefined
}

/**
 * The labels of `count` images: [N] or [N, 1] whole numbers or names, or [N, C] with a single one in each row.
 *
 * @throws EvenkeelError `data.npz`
 */
export async function readLabels(array: NpyArray, count: number): Promise<GivenLabels> {
  const { shape } = array
  if (shape[0] !== count || shape.length > 2) {
    throw wrong(array, `has the sizes ${shape.join(' x ')}, but there must be one label for each of ${count} images`)
  }
  const columns = shape[1] ?? 1
  if (columns > 1) return { array, values: await readOneHot(array, count, columns), columns }
  const values = await readItems(array)
  const bad = values.findIndex((value) => typeof value === 'number' && !Number.isInteger(value))
  if (bad >= 0)
    throw wrong(array, `has the label ${values[bad]} for image ${bad} (counted from 0), which is no whole number`)
  return { array, values, columns: undefined }
}

/** [N] columns of the ones. */
async function readOneHot(array: NpyArray, count: number, columns: number): Promise<number[]> {
  if (array.kind === 'text' || columns > MOST_CLASSES)
    throw wrong(array, `must have one label for each image, got ${columns}`)
  const labels = new Array<number>(count).fill(-1)
  const fail = (row: number, what: string) => {
    throw wrong(
      array,
      `has ${what} in row ${row} (counted from 0)`,
      'each image must have one class: a row with a single 1',
    )
  }
  await eachItem(array, (value, at) => {
    if (value === 0) return
    const [row, column] = placeOf(array, at) as [number, number]
    if (value !== 1) fail(row, `the value ${value}`)
    if (labels[row] !== -1) fail(row, 'more than one 1')
    labels[row] = column
  })
  const none = labels.indexOf(-1)
  if (none >= 0) fail(none, 'no 1')
  return labels
}

/** [N] number of each image's group, by first appearance, for arrays of `counts` images. */
export async function readGroups(arrays: readonly NpyArray[], counts: readonly number[]): Promise<Uint32Array> {
  const numbers = new Map<Item, number>()
  const groups: number[] = []
  for (const [i, array] of arrays.entries()) {
    const { shape } = array
    if (shape[0] !== counts[i] || (shape[1] ?? 1) !== 1 || shape.length > 2) {
      throw wrong(
        array,
        `has the sizes ${shape.join(' x ')}, but there must be one group for each of ${counts[i]} images`,
      )
    }
    for (const item of await readItems(array)) {
      if (!numbers.has(item)) numbers.set(item, numbers.size)
      groups.push(numbers.get(item)!)
    }
  }
  return Uint32Array.from(groups)
}

/** Names of classes: [C] texts. */
export async function readClassNames(array: NpyArray): Promise<readonly string[]> {
  const { shape, kind } = array
  if (kind !== 'text' || shape.length !== 1 || shape[0]! > MOST_CLASSES) {
    throw wrong(array, `must be a list of at most ${MOST_CLASSES} texts, one for each class`)
  }
  return (await readItems(array)).map(String)
}

export interface Classes {
  readonly names: readonly string[]
  /** [N] of all the arrays, one after the other. */
  readonly labels: Uint16Array
}

/**
 * The classes of labels: with names, whole numbers are places among them; without, the values of the first array, which is for training,
 * are the classes, each called by its value.
 *
 * @throws EvenkeelError `data.npz` for a label that is no class
 */
export function classesOf(given: readonly GivenLabels[], classNames: readonly string[] | undefined): Classes {
  const [first] = given
  const columns = Math.max(...given.map((labels) => labels.columns ?? 0))
  const usual = columns > 0 ? numberedClasses(columns) : inOrderOfClasses(new Set(first!.values.map(String)))
  const names = classNames ?? usual
  const byNumber = (classNames !== undefined || columns > 0) && first!.array.kind !== 'text'
  const labelOf = new Map((byNumber ? numberedClasses(names.length) : names).map((key, label) => [key, label]))
  const labels = given.flatMap(({ array, values }) =>
    values.map((value, i) => {
      const label = labelOf.get(String(value))
      if (label !== undefined) return label
      const known = byNumber ? `0 to ${names.length - 1}` : 'a class of the training images'
      throw wrong(
        array,
        `has the label '${printable(String(value))}' for image ${i} (counted from 0), which is not ${known}`,
      )
    }),
  )
  return { names, labels: Uint16Array.from(labels) }
}

async function readItems(array: NpyArray): Promise<Item[]> {
  const items: Item[] = []
  for await (const chunk of array.chunks()) for (let i = 0; i < chunk.length; i++) items.push(chunk[i]!)
  return items
}
