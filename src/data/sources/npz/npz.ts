import { basename } from 'node:path'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import { createDataset, type Dataset, type Role } from '../../dataset.ts'
import { classesOf, readClassNames, readGroups, readLabels } from './labels.ts'
import { allocate, machineMemory } from './memory.ts'
import { openNpy } from './npy.ts'
import { type Archive, type ArrayChoice, findParts, type Part } from './parts.ts'
import {
  type ImageArray,
  imageArray,
  LAYOUTS,
  type Layout,
  pixelBytes,
  pixelScale,
  readPixels,
  wrong,
} from './pixels.ts'
import { readZip } from './zip.ts'

export interface NpzOptions extends ArrayChoice {
  /** Order of an image's axes. @defaultValue seen from which of them is 1 or 3 */
  readonly layout?: Layout | undefined
  /** Bytes of memory that there are, of which half may be taken. @defaultValue the machine's, or its container's */
  readonly memory?: number | undefined
}

const CLASS_NAMES = ['classes', 'class_names', 'label_names']

/** How many arrays are named in a note. */
const NAMED = 20

/**
 * Images and labels in NumPy's .npz format: `x` and `y`; or `x_train` and `y_train`, with `x_val`, `y_val`, `x_test`, `y_test` as the official
 * selection and test sets, with only one of them that one as the test set; or `train_images` and `train_labels` with the like, as in
 * MedMNIST. `groups` (`groups_train`, ...) numbers or names each image's group, and `classes`, `class_names` or `label_names` the classes.
 *
 * Pixels are 0 to 255, or floats from 0 to 1. Arrays are unpacked while they are read; memory holds the pixels, a byte each.
 *
 * @throws EvenkeelError `data.npz` for arrays that are no images or labels, and those of `readZip`, `openNpy` and `createDataset`
 */
export async function npz(path: string, options: NpzOptions = {}): Promise<Dataset> {
  const archive: Archive = new Map(
    (await readZip(path)).flatMap((entry) => (entry.name.endsWith('.npy') ? [[entry.name.slice(0, -4), entry]] : [])),
  )
  const parts = await findParts(path, archive, options)
  const open = (name: string) => openNpy(archive.get(name)!)
  const images = (await inTurn(parts, ({ x }) => open(x))).map((array) => imageArray(array, options.layout))
  requireAlike(images)
  const counts = images.map(({ count }) => count)
  const namesArray = CLASS_NAMES.find((name) => archive.has(name))
  const groupArrays = groupNames(path, archive, parts)
  const listed = [...parts.map(({ y }) => y), ...(groupArrays ?? []), ...(namesArray === undefined ? [] : [namesArray])]
  const pixels = allocate(path, pixelBytes(images), {
    lists: listed.map((name) => archive.get(name)!.size),
    items: images.reduce((sum, { count }) => sum + count, 0),
    memory: options.memory ?? machineMemory(),
  })
  const given = await inTurn(parts, async ({ y }, i) => readLabels(await open(y), counts[i]!))
  const { names, labels } = classesOf(
    given,
    namesArray === undefined ? undefined : await readClassNames(await open(namesArray)),
  )
  const groups = groupArrays && (await readGroups(await inTurn(groupArrays, open), counts))
  const scale = await pixelScale(images.map(({ array }) => array))
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((sum, count) => sum + count, 0))
  const imageSize = pixels.length / labels.length
  for (const [i, image] of images.entries()) await readPixels(image, scale, pixels.subarray(starts[i]! * imageSize))
  const startOf = (role: Role) => starts[parts.findIndex((part) => part.role === role)]
  const read = [...parts.map(({ x }) => x), ...listed]
  const unread = [...archive.keys()].filter((name) => !read.includes(name))
  const dataset = createDataset({
    name: printable(basename(path).replace(/\.npz$/i, '')),
    description: `Arrays ${parts.map(({ x }) => x).join(', ')} of ${printable(path)}`,
    shape: images[0]!.shape,
    classNames: names,
    pixels,
    labels,
    groups,
    officialSelectionStart: startOf('selection'),
    officialTestStart: startOf('test'),
    maxPixel: 255,
    nameOf(index) {
      const part = starts.findLastIndex((start) => start <= index)
      return `${parts[part]!.x}[${index - starts[part]!}]`
    },
  })
  const notes = [
    images[0]!.note,
    scale.note,
    given[0]!.columns && `${parts[0]!.y} has a column for each of ${given[0]!.columns} classes`,
    ...parts.slice(1).map(({ role, x }) => `the official ${role} set is ${x}`),
    unread.length > 0 && `not read: ${firstOf(unread)}`,
  ]
  return { ...dataset, notes: notes.filter((note) => typeof note === 'string') }
}

/**
 * The options of a reference, such as `x=pixels&y=labels&layout=nchw`.
 *
 * @throws EvenkeelError `data.option`
 */
export function npzOptions({ x, y, layout }: Readonly<Record<string, string>>): NpzOptions {
  const known = LAYOUTS.find((name) => name === layout)
  if (layout !== undefined && !known) {
    throw new EvenkeelError(
      'data.option',
      `option 'layout' must be ${LAYOUTS.join(' or ')}, got '${printable(layout)}'`,
    )
  }
  return { x, y, layout: known }
}

/** One after the other: what is unpacked at a time is little. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const [i, item] of items.entries()) results.push(await work(item, i))
  return results
}

/** Images of all parts have one size, and numbers of one type. */
function requireAlike(images: readonly ImageArray[]): void {
  const text = ({ array, shape }: ImageArray) => `${array.dtype} in images of ${shape.join(' x ')}`
  const [first] = images
  for (const image of images) {
    if (text(image) !== text(first!)) {
      throw wrong(
        image.array,
        `has ${text(image)}, but '${printable(first!.array.name)}' has ${text(first!)} (channels, height, width)`,
      )
    }
  }
}

/** Names of the arrays of groups: of all parts, or none. */
function groupNames(path: string, archive: Archive, parts: readonly Part[]): string[] | undefined {
  const names = parts.map(({ groups }) => groups)
  const there = names.find((name) => archive.has(name))
  if (there === undefined) return undefined
  const lacking = names.find((name) => !archive.has(name))
  if (lacking === undefined) return names
  throw new EvenkeelError('data.npz', `${printable(path)} has '${there}', but not '${lacking}'`)
}

function firstOf(names: readonly string[]): string {
  const named = names.slice(0, NAMED).map(printable).join(', ')
  return names.length > NAMED ? `${named} and ${names.length - NAMED} more` : named
}
