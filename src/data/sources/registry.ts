import { existsSync } from 'node:fs'
import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import { type Options, readOptions, splitOptions } from '../../base/options.ts'
import { printable } from '../../base/printable.ts'
import type { Dataset } from '../dataset.ts'
import { cifar10, cifar100, cifar100Coarse, looksLikeCifar10, looksLikeCifar100 } from './cifar.ts'
import { digits } from './digits.ts'
import { idxDirectory, looksLikeIdx } from './idx.ts'
import { isFolder, looksLikeImageFolder } from './image-folder/listing.ts'
import { looksLikeManifest } from './manifest/find.ts'
import { fashionMnist, mnist } from './mnist.ts'
import { parquetFilesAt } from './parquet/find.ts'
import { unrecognised } from './unrecognised.ts'

export interface OpenOptions {
  /** Called while images are decoded: `done` of the `of` that had to be are. */
  progress?(done: number, of: number): void
  /** Aborting it ends the decoding of images; what is decoded by then is not decoded again. */
  readonly stop?: AbortSignal | undefined
  /** Whether classes without an image that can be decoded may stay: no study can have them. @defaultValue they are an error */
  readonly emptyClasses?: 'allow' | undefined
}

/** A kind of dataset that can be named in one word: `id`, `id:ARGUMENT` or `id:ARGUMENT?option=value&option=value`. */
export interface Source {
  readonly id: string
  readonly title: string
  /** How to name it on a command line. */
  readonly usage: string
  /** What stands after the colon; undefined where nothing may. */
  readonly argument: string | undefined
  /** What each option means; none where nothing may follow. */
  readonly options?: Options
  /** How a path alone is known to be of this kind; or why it never is, in a sentence. */
  readonly recognition: Recognition | string
  /** Reads the dataset; `argument` is what the person wrote after the colon, '' when there is none to write. */
  load(argument: string, options: Options, hooks: OpenOptions): Promise<Dataset>
}

/** A cheap look at names and what lies where. */
export interface Recognition {
  /** What is there, such as 'a folder of images for each class'. */
  readonly sign: string
  test(path: string): boolean
  /** Sources that are not meant where this one is recognised as well. */
  readonly outranks?: readonly string[]
}

/** Options of sources whose images are files. */
const IMAGE_OPTIONS: Options = {
  side: 'length of the shorter side that images are scaled to, in pixels; default 256',
  crop: 'side of the square that networks see, in pixels; default 7/8 of side',
  corrupt: 'what to do with images that cannot be decoded: refuse (default) or skip',
}

export const sources: readonly Source[] = [
  {
    id: 'digits',
    title: '1,797 handwritten digits, 8x8, shipped with evenkeel',
    usage: 'digits',
    argument: undefined,
    recognition: 'they have no path',
    load: () => digits(),
  },
  {
    id: 'mnist',
    title: 'MNIST: handwritten digits, 28x28, official test set',
    usage: 'mnist:DIR',
    argument: 'the directory of its four IDX files, plain or .gz',
    recognition: 'its files are called like those of any set in the IDX format',
    load: mnist,
  },
  {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST: articles of clothing, 28x28, official test set',
    usage: 'fashion-mnist:DIR',
    argument: 'the directory of its four IDX files, plain or .gz',
    recognition: 'its files are called like those of any set in the IDX format',
    load: fashionMnist,
  },
  {
    id: 'cifar-10',
    title: 'CIFAR-10: photographs of animals and vehicles, 32x32 colour, official test set',
    usage: 'cifar-10:DIR',
    argument: 'the directory of data_batch_1.bin to data_batch_5.bin and test_batch.bin, or some of them, plain or .gz',
    recognition: { sign: 'binary batches of CIFAR-10 (data_batch_1.bin)', test: looksLikeCifar10 },
    load: cifar10,
  },
  {
    id: 'cifar-100',
    title: 'CIFAR-100: photographs in 100 classes, 32x32 colour, official test set',
    usage: 'cifar-100:DIR',
    argument: 'the directory of train.bin and test.bin, plain or .gz',
    recognition: { sign: 'binary batches of CIFAR-100 (train.bin)', test: looksLikeCifar100 },
    load: cifar100,
  },
  {
    id: 'cifar-100-coarse',
    title: 'CIFAR-100 with its 20 coarse classes',
    usage: 'cifar-100-coarse:DIR',
    argument: 'the directory of train.bin and test.bin, plain or .gz',
    recognition: 'its files are those of cifar-100',
    load: cifar100Coarse,
  },
  {
    id: 'idx',
    title: 'any set in the IDX format of MNIST; classes are named by number',
    usage: 'idx:DIR',
    argument:
      'a directory with train-images-idx3-ubyte, train-labels-idx1-ubyte and, if there is a test set, the same of t10k',
    recognition: { sign: 'IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte)', test: looksLikeIdx },
    load: (directory) => idxDirectory(directory),
  },
  {
    id: 'image-folder',
    title:
      'photographs of any size: a sub-folder for each class, and train/ and val/ or test/ above them, if there is a test set',
    usage: 'image-folder:DIR',
    argument: 'a directory with a folder of images (jpg, png, webp, gif, tiff, avif) for each class',
    options: IMAGE_OPTIONS,
    recognition: { sign: 'a folder of images for each of two or more classes', test: looksLikeImageFolder },
    // Loads the image library, which other sources do without.
    load: async (directory, options, hooks) => {
      const { imageFolder, imageFolderOptions } = await import('./image-folder/image-folder.ts')
      return imageFolder(directory, { ...imageFolderOptions(options), ...hooks })
    },
  },
  {
    id: 'manifest',
    title: 'images that a table names, CSV or JSON Lines: path, label and, if they are there, group and split',
    usage: 'manifest:PATH',
    argument:
      'a .csv or .jsonl file, or a directory with metadata.csv or metadata.jsonl; paths in it are below its directory',
    options: {
      path: 'column of the paths; default path, file_name, file, filename or image',
      label: 'column of the classes; default label, class, category or target, else the first folders of the paths',
      group: 'column of what must stay together; default group, patient, patient_id, subject or video; none for none',
      split: 'column of train, val and test; default split or role; none for none',
      ...IMAGE_OPTIONS,
    },
    recognition: {
      sign: 'a table of images (metadata.csv, metadata.jsonl, or any .csv or .jsonl file)',
      test: looksLikeManifest,
      // The table says more of the same folders.
      outranks: ['image-folder'],
    },
    load: async (path, options, hooks) => {
      const { manifest, manifestOptions } = await import('./manifest/manifest.ts')
      return manifest(path, { ...manifestOptions(options), ...hooks })
    },
  },
  {
    id: 'npz',
    title: "arrays in NumPy's .npz format: x and y, or x_train, y_train, x_test, ... (also of MedMNIST), and groups",
    usage: 'npz:FILE',
    argument: 'a .npz file of images [N, H, W], [N, H, W, C] or [N, C, H, W] and labels [N]',
    options: {
      x: 'array of the images; default x, x_train, images or train_images, with those of the official sets',
      y: 'array of the labels; default y, y_train, labels or train_labels, with those of the official sets',
      layout: 'order of the axes, nhwc or nchw; default seen from which of them is 1 or 3',
    },
    recognition: { sign: 'a .npz file', test: (path) => !isFolder(path) && /\.npz$/i.test(path) },
    load: async (path, options) => {
      const { npz, npzOptions } = await import('./npz/npz.ts')
      return npz(path, npzOptions(options))
    },
  },
  {
    id: 'parquet',
    title:
      'images in Parquet files as Hugging Face writes them, with names of classes and official sets by the names of shards',
    usage: 'parquet:PATH',
    argument:
      'a .parquet file, or a directory with train-*.parquet, validation-*.parquet, test-*.parquet, there or in data/',
    options: {
      image: 'column of the images; default image or img',
      label: 'column of the classes; default label, class, category or target',
      group: 'column of what must stay together; default group, patient, patient_id, subject or video',
      ...IMAGE_OPTIONS,
    },
    recognition: { sign: 'a .parquet file, or some in a folder', test: (path) => parquetFilesAt(path).length > 0 },
    load: async (path, options, hooks) => {
      const { parquet, parquetOptions } = await import('./parquet/parquet.ts')
      return parquet(path, { ...parquetOptions(options), ...hooks })
    },
  },
]

/** What a reference names. */
export interface ParsedReference {
  readonly source: Source
  /** '' where there is none to write. */
  readonly argument: string
  readonly options: Options
}

/**
 * Reads the dataset that a path such as `photos/` names, or a reference such as `digits`, `mnist:data/mnist` or
 * `image-folder:photos?side=96`.
 *
 * @throws EvenkeelError those of `resolveReference` and `parseReference`, `data.stopped` where `hooks.stop` ended it, and those of the
 *   source
 */
export async function openDataset(reference: string, hooks: OpenOptions = {}): Promise<Dataset> {
  const { source, argument, options } = parseReference(await resolveReference(reference))
  return source.load(argument, options, hooks)
}

/**
 * The reference that a person means by a path: `photos?side=96` is `image-folder:photos?side=96`, if photos/ has folders of images. What is
 * a reference already stays as it is.
 *
 * @throws EvenkeelError `data.source` for what is neither a path nor a reference, `data.missing` for a path that is not there,
 *   `data.unrecognised` where no source knows it, `data.ambiguous` where several do
 */
export async function resolveReference(text: string): Promise<string> {
  const id = idOf(text)
  const source = sources.find((candidate) => candidate.id === id)
  if (source && (source.argument === undefined || text.startsWith(`${id}:`))) return text
  const [path] = splitOptions(text)
  if (!existsSync(path)) {
    if (source) return text
    throw /[\\/.]/.test(id) || /^[a-zA-Z]$/.test(id)
      ? missing(path)
      : unknownSource(id, text.includes(':') ? '' : NO_PATH)
  }
  const known = sources.flatMap(({ id, recognition }) =>
    typeof recognition !== 'string' && recognition.test(path) ? [{ id, ...recognition }] : [],
  )
  const meant = known.filter((one) => !known.some(({ outranks = [] }) => outranks.includes(one.id)))
  if (meant.length === 1) return `${meant[0]!.id}:${text}`
  if (meant.length === 0) throw unrecognised(path, signs())
  throw new EvenkeelError(
    'data.ambiguous',
    `${printable(path)} has ${meant.map(({ sign }) => sign).join(', and ')}`,
    `say which is meant: ${meant.map(({ id }) => `${id}:${printable(text)}`).join(' or ')}`,
  )
}

/** By what paths are recognised. */
function signs(): string[] {
  return sources.flatMap(({ recognition }) => (typeof recognition === 'string' ? [] : [recognition.sign]))
}

/**
 * The source, argument and options of a reference.
 *
 * @throws EvenkeelError `data.source` for one that no source understands, `data.option` for an option that it does not have
 */
export function parseReference(reference: string): ParsedReference {
  const id = idOf(reference)
  const source = sources.find((candidate) => candidate.id === id)
  if (!source) throw unknownSource(id)
  const hasArgument = reference.startsWith(`${id}:`)
  const [argument, query] = splitOptions(reference.slice(id.length + (hasArgument ? 1 : 0)))
  if (source.argument === undefined && hasArgument) {
    throw new EvenkeelError(
      'data.source',
      `'${id}' takes no argument, got '${printable(argument)}'`,
      `write ${source.usage}`,
    )
  }
  if (source.argument !== undefined && argument === '') {
    throw new EvenkeelError(
      'data.source',
      `'${printable(reference)}' lacks its argument, write ${source.usage}`,
      source.argument,
    )
  }
  const options = readOptions(query, { code: 'data.option', name: `'${id}'`, known: source.options ?? {} })
  return { source, argument, options }
}

function idOf(reference: string): string {
  return /^[^:?]*/.exec(reference)![0]
}

/** A word alone may have been meant for a path. */
const NO_PATH = ', nor a file or directory of that name'

function unknownSource(id: string, besides = ''): EvenkeelError {
  const ids = sources.map((source) => source.id)
  return new EvenkeelError('data.source', `there is no data source '${printable(id)}'${besides}`, didYouMean(id, ids))
}

function missing(path: string): EvenkeelError {
  const hint = 'paths are relative to the current directory'
  return new EvenkeelError('data.missing', `there is no file or directory ${printable(path)}`, hint)
}
