import { existsSync, readdirSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvenkeelError } from '../../base/errors.ts'
import { printable } from '../../base/printable.ts'
import { createDataset, type Dataset, numberedClasses } from '../dataset.ts'
import { usualDirectory } from '../fetch/sets.ts'
import { unreadable } from '../file-errors.ts'
import { type DataFile, openDataFile } from './file.ts'

/** [channels, height, width]: a record's pixels are 1,024 red, 1,024 green and 1,024 blue bytes, each row by row. */
const SHAPE = [3, 32, 32] as const
const PIXELS = 3 * 32 * 32

/** A file of the published set, without `.bin`. */
interface Batch {
  readonly stem: string
  /** Images of the whole file: copies may hold fewer. */
  readonly images: number
}

/** How one of the sets is laid out, and which of its labels are the classes. */
interface Layout {
  /** The set's name, by which it can be fetched. */
  readonly id: string
  readonly title: string
  /** Where its archive unpacks to. */
  readonly folder: string
  readonly train: readonly Batch[]
  readonly test: Batch
  /** A record begins with a byte for each of these: how many labels there are. */
  readonly labels: readonly number[]
  /** Which of those bytes is the class. */
  readonly classByte: number
  readonly namesFile: string
  /** Where the file of names is missing. */
  readonly classNames: readonly string[]
}

const CIFAR_10: Layout = {
  id: 'cifar-10',
  title: 'CIFAR-10: photographs of animals and vehicles, 32x32 colour (Krizhevsky 2009)',
  folder: 'cifar-10-batches-bin',
  train: [1, 2, 3, 4, 5].map((number) => ({ stem: `data_batch_${number}`, images: 10_000 })),
  test: { stem: 'test_batch', images: 10_000 },
  labels: [10],
  classByte: 0,
  namesFile: 'batches.meta.txt',
  classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
}

const CIFAR_100: Layout = {
  id: 'cifar-100',
  title: 'CIFAR-100: photographs in 100 fine classes, 32x32 colour (Krizhevsky 2009)',
  folder: 'cifar-100-binary',
  train: [{ stem: 'train', images: 50_000 }],
  test: { stem: 'test', images: 10_000 },
  labels: [20, 100],
  classByte: 1,
  namesFile: 'fine_label_names.txt',
  classNames: numberedClasses(100),
}

const CIFAR_100_COARSE: Layout = {
  ...CIFAR_100,
  title: 'CIFAR-100: photographs in 20 coarse classes, 32x32 colour (Krizhevsky 2009)',
  classByte: 0,
  namesFile: 'coarse_label_names.txt',
  classNames: numberedClasses(20),
}

/**
 * CIFAR-10 in its binary version: 32x32 colour images in ten classes, 50,000 in data_batch_1..5.bin and 10,000 for test in
 * test_batch.bin (Krizhevsky 2009). The files may be gzipped, and lie in `directory` or in cifar-10-batches-bin below it.
 *
 * A part of the set will do: whichever training batches are there, and of a file its beginning (test_batch_first1000.bin).
 * The description says how many images there are of how many.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-directory`, `data.ambiguous`, `data.truncated`, `data.oversized`, `data.empty`,
 *   `data.label-range`, `data.class-names`, and those of `openDataFile`
 */
export function cifar10(directory: string): Promise<Dataset> {
  return readCifar(directory, 'cifar-10', CIFAR_10)
}

/**
 * CIFAR-100 in its binary version: 32x32 colour images in 100 fine classes, 50,000 in train.bin and 10,000 for test in
 * test.bin (Krizhevsky 2009); otherwise as `cifar10`, with the same errors.
 */
export function cifar100(directory: string): Promise<Dataset> {
  return readCifar(directory, 'cifar-100', CIFAR_100)
}

/** CIFAR-100 with its 20 coarse labels as the classes; otherwise as `cifar100`. */
export function cifar100Coarse(directory: string): Promise<Dataset> {
  return readCifar(directory, 'cifar-100-coarse', CIFAR_100_COARSE)
}

/** Whether a directory, or the folder below it that the archive unpacks to, has training batches of CIFAR-10. */
export function looksLikeCifar10(directory: string): boolean {
  return hasBatches(directory, CIFAR_10)
}

/** The same of CIFAR-100. */
export function looksLikeCifar100(directory: string): boolean {
  return hasBatches(directory, CIFAR_100)
}

function hasBatches(directory: string, { folder, train }: Layout): boolean {
  return [directory, join(directory, folder)].some((place) => {
    if (!existsSync(place) || !statSync(place).isDirectory()) return false
    const names = readdirSync(place)
    return train.some(({ stem }) => names.some((name) => isBatch(name, stem)))
  })
}

/** Whether a file is called as a batch is, or a beginning of it. */
function isBatch(name: string, stem: string): boolean {
  return (name.startsWith(`${stem}.`) || name.startsWith(`${stem}_`)) && /\.bin(\.gz)?$/.test(name)
}

async function readCifar(directory: string, name: string, layout: Layout): Promise<Dataset> {
  const { folder, names, train, test } = await findBatches(directory, layout)
  const classNames = await readClassNames(folder, names, layout)
  const found = test ? [...train, test] : train
  const files: DataFile[] = []
  for (const { file } of found) files.push(await openDataFile(join(folder, file)))
  // One array for all: how many images a gzipped file holds is known at its end, but not more than the whole file has.
  const most = found.reduce((sum, { images }, i) => sum + Math.min(images, recordsWithin(files[i]!, layout)), 0)
  const pixels = new Uint8Array(most * PIXELS)
  const labels = new Uint16Array(most)
  const ends: number[] = []
  let read = 0
  for (const [i, file] of files.entries()) {
    read += await readBatch(file, found[i]!, layout, pixels.subarray(read * PIXELS), labels.subarray(read))
    ends.push(read)
  }
  const trained = ends[train.length - 1]!
  return createDataset({
    name,
    description: `${layout.title}; ${amounts(layout, trained, read - trained)}`,
    shape: SHAPE,
    classNames,
    pixels: pixels.subarray(0, read * PIXELS),
    labels: labels.subarray(0, read),
    officialTestStart: test && trained,
    maxPixel: 255,
  })
}

/** '30,000 of 50,000 training and 1,000 of 10,000 test images' */
function amounts({ train, test }: Layout, trained: number, tested: number): string {
  const whole = train.reduce((sum, { images }) => sum + images, 0)
  return `${share(trained, whole)} training and ${share(tested, test.images)} test images`
}

function share(part: number, whole: number): string {
  const [some, all] = [part, whole].map((count) => count.toLocaleString('en-US'))
  return part === whole ? all! : `${some} of ${all}`
}

/** A batch and the name of the file that holds it or its beginning. */
interface FoundBatch extends Batch {
  readonly file: string
}

interface FoundBatches {
  readonly folder: string
  /** All files of the folder. */
  readonly names: readonly string[]
  readonly train: readonly FoundBatch[]
  readonly test: FoundBatch | undefined
}

/** The batches in the directory itself or, where it has none, in the folder that the archive unpacks to. */
async function findBatches(directory: string, layout: Layout): Promise<FoundBatches> {
  const here = await batchesIn(directory, layout)
  if (here.train.length > 0) return here
  if (here.names.includes(layout.folder)) {
    const below = await batchesIn(join(directory, layout.folder), layout)
    if (below.train.length > 0) return below
  }
  const expected = layout.train.map(({ stem }) => `${stem}.bin`).join(', ')
  throw new EvenkeelError(
    'data.missing',
    `there is no training batch of ${layout.id} in ${printable(directory)}: expected ${expected}, plain or .gz`,
    fetchHint(layout),
  )
}

async function batchesIn(folder: string, layout: Layout): Promise<FoundBatches> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      throw new EvenkeelError('data.missing', `there is no directory ${folder}`, fetchHint(layout), { cause: error })
    }
    if (error.code === 'ENOTDIR') {
      throw new EvenkeelError('data.not-a-directory', `expected a directory with CIFAR batches, got a file: ${folder}`)
    }
    throw unreadable(folder, error)
  })
  const find = (batch: Batch): FoundBatch[] => {
    const file = fileOf(batch, names, folder)
    return file === undefined ? [] : [{ ...batch, file }]
  }
  return { folder, names, train: layout.train.flatMap(find), test: find(layout.test)[0] }
}

/** The whole batch wins over a beginning of it; which of two beginnings is meant cannot be known. */
function fileOf({ stem }: Batch, names: readonly string[], folder: string): string | undefined {
  const whole = [`${stem}.bin`, `${stem}.bin.gz`].find((name) => names.includes(name))
  if (whole !== undefined) return whole
  const parts = names.filter((name) => name.startsWith(`${stem}_`) && /\.bin(\.gz)?$/.test(name)).sort()
  if (parts.length > 1) {
    throw new EvenkeelError(
      'data.ambiguous',
      `there must be one file of ${stem} in ${folder}, got ${parts.join(', ')}`,
      'move all but one of them away',
    )
  }
  return parts[0]
}

function fetchHint({ id }: Layout): string {
  return `evenkeel data fetch ${id} downloads it into ${usualDirectory(id)}`
}

async function readClassNames(folder: string, names: readonly string[], layout: Layout): Promise<readonly string[]> {
  const { namesFile, classNames } = layout
  if (!names.includes(namesFile)) return classNames
  const path = join(folder, namesFile)
  const text = await readFile(path, 'utf8').catch((error) => {
    throw unreadable(path, error)
  })
  const lines = text.split('\n').map((line) => line.trim())
  const found = lines.filter((line) => line !== '')
  if (found.length !== classNames.length) {
    throw new EvenkeelError(
      'data.class-names',
      `${path} must name ${classNames.length} classes, one a line, got ${found.length}`,
      'without the file the classes have their usual names or numbers',
    )
  }
  return found
}

function recordBytes({ labels }: Layout): number {
  return labels.length + PIXELS
}

function recordsWithin({ capacity }: DataFile, layout: Layout): number {
  return Math.floor(capacity / recordBytes(layout))
}

/** Reads a batch to its end into `pixels` and `labels`, and returns how many images it holds. */
async function readBatch(
  file: DataFile,
  { stem, images }: Batch,
  layout: Layout,
  pixels: Uint8Array,
  labels: Uint16Array,
): Promise<number> {
  const { path } = file
  const record = new Uint8Array(recordBytes(layout))
  try {
    for (let i = 0; ; i++) {
      const read = await file.read(record)
      if (read === 0) {
        if (i === 0) throw new EvenkeelError('data.empty', `${path} holds no image`)
        return i
      }
      if (read < record.length) {
        throw new EvenkeelError(
          'data.truncated',
          `${path} is cut short: image ${i} (counted from 0) needs ${record.length} bytes, got ${read}`,
          'fetch the file again',
        )
      }
      if (i === images) {
        throw new EvenkeelError('data.oversized', `${path} holds more than the ${images} images of ${stem}`)
      }
      checkLabels(record, i, path, layout)
      labels[i] = record[layout.classByte]!
      pixels.set(record.subarray(layout.labels.length), i * PIXELS)
    }
  } finally {
    await file.close()
  }
}

/** All labels of a record, not the class alone: a file of another layout is found out sooner. */
function checkLabels(record: Uint8Array, image: number, path: string, { id, labels }: Layout): void {
  for (const [byte, classes] of labels.entries()) {
    if (record[byte]! >= classes) {
      throw new EvenkeelError(
        'data.label-range',
        `labels in ${path} must be 0 to ${classes - 1}, got ${record[byte]} for image ${image} (counted from 0)`,
        `is it a file of ${id} in the binary version?`,
      )
    }
  }
}
