import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import type { Dataset } from '../dataset.ts'
import { cifar10, cifar100, cifar100Coarse } from './cifar.ts'
import { digits } from './digits.ts'
import { idxDirectory } from './idx.ts'
import { fashionMnist, mnist } from './mnist.ts'

/** What a reference says behind its '?', by name. */
export type SourceOptions = Readonly<Record<string, string>>

export interface OpenOptions {
  /** Called while images are decoded: `done` of the `of` that had to be are. */
  progress?(done: number, of: number): void
  /** Aborting it ends the decoding of images; what is decoded by then is not decoded again. */
  readonly stop?: AbortSignal | undefined
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
  readonly options?: SourceOptions
  /** Reads the dataset; `argument` is what the person wrote after the colon, '' when there is none to write. */
  load(argument: string, options: SourceOptions, hooks: OpenOptions): Promise<Dataset>
}

export const sources: readonly Source[] = [
  {
    id: 'digits',
    title: '1,797 handwritten digits, 8x8, shipped with evenkeel',
    usage: 'digits',
    argument: undefined,
    load: () => digits(),
  },
  {
    id: 'mnist',
    title: 'MNIST: handwritten digits, 28x28, official test set',
    usage: 'mnist:DIR',
    argument: 'the directory of its four IDX files, plain or .gz',
    load: mnist,
  },
  {
    id: 'fashion-mnist',
    title: 'Fashion-MNIST: articles of clothing, 28x28, official test set',
    usage: 'fashion-mnist:DIR',
    argument: 'the directory of its four IDX files, plain or .gz',
    load: fashionMnist,
  },
  {
    id: 'cifar-10',
    title: 'CIFAR-10: photographs of animals and vehicles, 32x32 colour, official test set',
    usage: 'cifar-10:DIR',
    argument: 'the directory of data_batch_1.bin to data_batch_5.bin and test_batch.bin, or some of them, plain or .gz',
    load: cifar10,
  },
  {
    id: 'cifar-100',
    title: 'CIFAR-100: photographs in 100 classes, 32x32 colour, official test set',
    usage: 'cifar-100:DIR',
    argument: 'the directory of train.bin and test.bin, plain or .gz',
    load: cifar100,
  },
  {
    id: 'cifar-100-coarse',
    title: 'CIFAR-100 with its 20 coarse classes',
    usage: 'cifar-100-coarse:DIR',
    argument: 'the directory of train.bin and test.bin, plain or .gz',
    load: cifar100Coarse,
  },
  {
    id: 'idx',
    title: 'any set in the IDX format of MNIST; classes are named by number',
    usage: 'idx:DIR',
    argument:
      'a directory with train-images-idx3-ubyte, train-labels-idx1-ubyte and, if there is a test set, the same of t10k',
    load: (directory) => idxDirectory(directory),
  },
  {
    id: 'image-folder',
    title:
      'photographs of any size: a sub-folder for each class, and train/ and val/ or test/ above them, if there is a test set',
    usage: 'image-folder:DIR',
    argument: 'a directory with a folder of images (jpg, png, webp, gif, tiff, avif) for each class',
    options: {
      side: 'length of the shorter side that images are scaled to, in pixels; default 256',
      crop: 'side of the square that networks see, in pixels; default 7/8 of side',
      corrupt: 'what to do with images that cannot be decoded: refuse (default) or skip',
    },
    // Loads the image library, which other sources do without.
    load: async (directory, options, hooks) => {
      const { imageFolder, imageFolderOptions } = await import('./image-folder/image-folder.ts')
      return imageFolder(directory, { ...imageFolderOptions(options), ...hooks })
    },
  },
]

/**
 * Reads the dataset that a reference such as `digits`, `mnist:data/mnist` or `image-folder:photos?side=96` names.
 *
 * @throws EvenkeelError `data.source` for a reference that no source understands, `data.option` for an option that it does not
 *   have, `data.stopped` where `hooks.stop` ended it, and those of the source
 */
export async function openDataset(reference: string, hooks: OpenOptions = {}): Promise<Dataset> {
  const { id, argument, options } = parseReference(reference)
  const source = sources.find((candidate) => candidate.id === id)
  if (!source) throw unknownSource(reference, id)
  if (source.argument === undefined && argument !== undefined) {
    throw new EvenkeelError('data.source', `'${id}' takes no argument, got '${argument}'`, `write ${source.usage}`)
  }
  if (source.argument !== undefined && !argument) {
    throw new EvenkeelError('data.source', `'${reference}' lacks its argument, write ${source.usage}`, source.argument)
  }
  checkOptions(source, options)
  return source.load(argument ?? '', Object.fromEntries(options), hooks)
}

/** The parts of `id:ARGUMENT?option=value&option=value`; no argument where there is no colon. */
function parseReference(reference: string) {
  const { id, argument, query } = /^(?<id>[^:?]*)(?::(?<argument>[^?]*))?(?:\?(?<query>.*))?$/s.exec(reference)!.groups!
  return { id: id!, argument, options: [...new URLSearchParams(query)] }
}

function checkOptions({ id, options: known = {} }: Source, given: readonly (readonly [name: string, value: string])[]) {
  const names = Object.keys(known)
  given.forEach(([name, value], at) => {
    const fail = (sentence: string, hint?: string): never => {
      throw new EvenkeelError('data.option', sentence, hint)
    }
    if (names.length === 0) fail(`'${id}' takes no options, got '${name}'`)
    if (!names.includes(name)) fail(`'${id}' has no option '${name}'`, didYouMean(name, names))
    if (value === '') fail(`option '${name}' of '${id}' lacks its value`, `${name}: ${known[name]}`)
    if (given.findIndex(([other]) => other === name) < at) fail(`option '${name}' of '${id}' is given twice`)
  })
}

function unknownSource(reference: string, id: string): EvenkeelError {
  const hint = /[\\/.]/.test(id)
    ? `for a directory of IDX files write idx:${reference}, for folders of images image-folder:${reference}`
    : didYouMean(
        id,
        sources.map((source) => source.id),
      )
  return new EvenkeelError('data.source', `there is no data source '${id}'`, hint)
}
