import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { EvenkeelError } from '../../base/errors.ts'
import { printable } from '../../base/printable.ts'
import { createDataset, type Dataset, numberedClasses } from '../dataset.ts'
import { type IdxFile, readIdxFile, readIdxSizes } from './idx-file.ts'

/** The two files of one part of a set, plain or gzipped. */
export interface IdxPart {
  readonly images: string
  readonly labels: string
}

export interface IdxOptions {
  readonly train: IdxPart
  /** The source's own test set; default none. */
  readonly test?: IdxPart
  /** Default: '0', '1', ... up to the largest label of the training part. */
  readonly classNames?: readonly string[]
  readonly name?: string
  readonly description?: string
}

/**
 * Grey images in the IDX format of MNIST, given as files.
 *
 * @throws EvenkeelError `data.count-mismatch`, `data.size-mismatch`, `data.label-range`, and those of `readIdxFile`
 */
export async function idx(options: IdxOptions): Promise<Dataset> {
  const parts = options.test ? [options.train, options.test] : [options.train]
  const sizes: (readonly number[])[] = []
  for (const { images } of parts) sizes.push(await readIdxSizes(images, 'images'))
  const [[, height, width], test] = sizes as [readonly number[], readonly number[] | undefined]
  if (test && (test[1] !== height || test[2] !== width)) {
    throw new EvenkeelError(
      'data.size-mismatch',
      `images must have one size: ${height} x ${width} in ${options.train.images}, ` +
        `got ${test[1]} x ${test[2]} in ${options.test!.images}`,
    )
  }
  // One array for all, filled where the images belong: they are what a process needs most memory for.
  const counts = sizes.map(([count]) => count!)
  const pixels = new Uint8Array(counts.reduce((sum, count) => sum + count, 0) * height! * width!)
  const labels: IdxFile[] = []
  let read = 0
  for (const [p, part] of parts.entries()) {
    const end = read + counts[p]! * height! * width!
    labels.push(await readPart(part, pixels.subarray(read, end)))
    read = end
  }
  const classNames = options.classNames ?? numberedClasses(largestLabel(labels[0]!) + 1)
  for (const part of labels) checkLabels(part, classNames.length)
  return createDataset({
    name: options.name ?? 'idx',
    description: options.description ?? `IDX files: ${options.train.images}`,
    shape: [1, height!, width!],
    classNames,
    pixels,
    labels: Uint16Array.from(labels.flatMap(({ data }) => [...data])),
    officialTestStart: test && counts[0],
    maxPixel: 255,
  })
}

/**
 * A directory with the files of the MNIST family: train-images-idx3-ubyte, train-labels-idx1-ubyte and, where there is an
 * official test set, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte; each plain or .gz.
 *
 * @throws EvenkeelError `data.missing`, `data.not-a-directory`, and those of `idx`
 */
export async function idxDirectory(
  directory: string,
  options: Pick<IdxOptions, 'classNames' | 'name' | 'description'> = {},
): Promise<Dataset> {
  const stats = await stat(directory).catch(() => undefined)
  if (!stats) throw new EvenkeelError('data.missing', `there is no directory ${printable(directory)}`)
  if (!stats.isDirectory()) {
    throw new EvenkeelError(
      'data.not-a-directory',
      `expected a directory with IDX files, got a file: ${printable(directory)}`,
    )
  }
  const train = findPart(directory, 'train')
  if (!train) throw missingIn(directory, 'train-images-idx3-ubyte')
  const test = findPart(directory, 't10k')
  const names = { name: printable(basename(resolve(directory))), description: `IDX files of ${printable(directory)}` }
  return idx({ ...names, ...options, train, ...(test && { test }) })
}

/** Whether a directory has the training files that `idxDirectory` reads. */
export function looksLikeIdx(directory: string): boolean {
  return Boolean(findFile(directory, 'train-images', 'idx3-ubyte') && findFile(directory, 'train-labels', 'idx1-ubyte'))
}

function findPart(directory: string, part: 'train' | 't10k'): IdxPart | undefined {
  const images = findFile(directory, `${part}-images`, 'idx3-ubyte')
  const labels = findFile(directory, `${part}-labels`, 'idx1-ubyte')
  if (!images && !labels) return undefined
  if (!images) throw missingIn(directory, `${part}-images-idx3-ubyte`)
  if (!labels) throw missingIn(directory, `${part}-labels-idx1-ubyte`)
  return { images, labels }
}

/** Some copies of the files have a dot in place of the last dash but one. */
function findFile(directory: string, stem: string, suffix: string): string | undefined {
  return [`${stem}-${suffix}`, `${stem}.${suffix}`]
    .flatMap((file) => [file, `${file}.gz`])
    .map((file) => join(directory, file))
    .find((path) => existsSync(path))
}

function missingIn(directory: string, file: string): EvenkeelError {
  return new EvenkeelError(
    'data.missing',
    `there is no ${file} in ${printable(directory)}, neither plain nor .gz`,
    'expected train-images-idx3-ubyte, train-labels-idx1-ubyte and, for an official test set, the same two of t10k',
  )
}

/** Reads the images of a part into `pixels` and gives its labels. */
async function readPart({ images: imagePath, labels: labelPath }: IdxPart, pixels: Uint8Array): Promise<IdxFile> {
  const images = await readIdxFile(imagePath, 'images', pixels)
  const labels = await readIdxFile(labelPath, 'labels')
  if (images.sizes[0] !== labels.sizes[0]) {
    throw new EvenkeelError(
      'data.count-mismatch',
      `there must be one label per image, got ${images.sizes[0]} images in ${imagePath} and ${labels.sizes[0]} labels in ${labelPath}`,
    )
  }
  return labels
}

function largestLabel(labels: IdxFile): number {
  return labels.data.reduce((largest, label) => Math.max(largest, label), 0)
}

function checkLabels({ path, data }: IdxFile, classes: number): void {
  const bad = data.findIndex((label) => label >= classes)
  if (bad >= 0) {
    throw new EvenkeelError(
      'data.label-range',
      `labels in ${path} must be 0 to ${classes - 1}, got ${data[bad]} for example ${bad} (counted from 0)`,
    )
  }
}
