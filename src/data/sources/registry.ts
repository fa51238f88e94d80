import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import type { Dataset } from '../dataset.ts'
import { digits } from './digits.ts'
import { idxDirectory } from './idx.ts'
import { fashionMnist, mnist } from './mnist.ts'

/** A kind of dataset that can be named in one word: `id`, or `id:ARGUMENT`. */
export interface Source {
  readonly id: string
  readonly title: string
  /** How to name it on a command line. */
  readonly usage: string
  /** What stands after the colon; undefined where nothing may. */
  readonly argument: string | undefined
  /** Reads the dataset; `argument` is what the person wrote after the colon, '' when there is none to write. */
  load(argument: string): Promise<Dataset>
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
    id: 'idx',
    title: 'any set in the IDX format of MNIST; classes are named by number',
    usage: 'idx:DIR',
    argument:
      'a directory with train-images-idx3-ubyte, train-labels-idx1-ubyte and, if there is a test set, the same of t10k',
    load: (directory) => idxDirectory(directory),
  },
]

/**
 * Reads the dataset that a reference such as `digits` or `mnist:data/mnist` names.
 *
 * @throws EvenkeelError `data.source` for a reference that no source understands, and those of the source
 */
export async function openDataset(reference: string): Promise<Dataset> {
  const colon = reference.indexOf(':')
  const id = colon < 0 ? reference : reference.slice(0, colon)
  const argument = colon < 0 ? '' : reference.slice(colon + 1)
  const source = sources.find((candidate) => candidate.id === id)
  if (!source) throw unknownSource(reference, id)
  if (source.argument !== undefined && argument === '') {
    throw new EvenkeelError('data.source', `'${reference}' lacks its argument, write ${source.usage}`, source.argument)
  }
  if (source.argument === undefined && colon >= 0) {
    throw new EvenkeelError('data.source', `'${id}' takes no argument, got '${argument}'`, `write ${source.usage}`)
  }
  return source.load(argument)
}

function unknownSource(reference: string, id: string): EvenkeelError {
  const hint = /[\\/.]/.test(id)
    ? `for a directory of IDX files write idx:${reference}`
    : didYouMean(
        id,
        sources.map((source) => source.id),
      )
  return new EvenkeelError('data.source', `there is no data source '${id}'`, hint)
}
