import { didYouMean, EvenkeelError } from '../../base/errors.ts'
import type { Checksum } from './checksum.ts'

/** A file that a host offers. */
export interface FetchableFile {
  readonly name: string
  readonly checksum: Checksum
  /** Of a tar archive: what it unpacks to, by path below the directory; the checksums tell whether that was done. */
  readonly unpacksTo?: Readonly<Record<string, Checksum>>
}

/** A published set that can be downloaded, under the id of the data source that reads it. */
export interface FetchableSet {
  readonly id: string
  /** The folder of its canonical host that holds the files. */
  readonly url: string
  readonly files: readonly FetchableFile[]
}

/** What can be fetched. Checksums are those that the authors or the common loaders publish. */
export const fetchableSets: readonly FetchableSet[] = [
  {
    id: 'mnist',
    // The mirror that PyTorch keeps: LeCun's own page no longer offers the files.
    url: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        checksum: 'sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        checksum: 'sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        checksum: 'sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        checksum: 'sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      },
    ],
  },
  {
    id: 'fashion-mnist',
    url: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    files: [
      {
        name: 'train-images-idx3-ubyte.gz',
        checksum: 'sha256:3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      },
      {
        name: 'train-labels-idx1-ubyte.gz',
        checksum: 'sha256:a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      },
      {
        name: 't10k-images-idx3-ubyte.gz',
        checksum: 'sha256:346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      },
      {
        name: 't10k-labels-idx1-ubyte.gz',
        checksum: 'sha256:67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      },
    ],
  },
  {
    id: 'cifar-10',
    url: 'https://www.cs.toronto.edu/~kriz/',
    files: [
      {
        name: 'cifar-10-binary.tar.gz',
        checksum: 'md5:c32a1d4ab5d03f1284b67883e8d87530',
        unpacksTo: {
          'cifar-10-batches-bin/data_batch_1.bin': 'sha1:aadd24acce27caa71bf4b10992e9e7b2d74c2540',
          'cifar-10-batches-bin/data_batch_2.bin': 'sha1:c0ba65cce70568cd57b4e03e9ac8d2a5367c1795',
          'cifar-10-batches-bin/data_batch_3.bin': 'sha1:1dd00a74ab1d17a6e7d73e185b69dbf31242f295',
          'cifar-10-batches-bin/data_batch_4.bin': 'sha1:aab85764eb3584312d3c7f65fd2fd016e36a258e',
          'cifar-10-batches-bin/data_batch_5.bin': 'sha1:26e2849e66a845b7f1e4614ae70f4889ae604628',
          'cifar-10-batches-bin/test_batch.bin': 'sha1:67eb016db431130d61cd03c7ad570b013799c88c',
        },
      },
    ],
  },
  {
    id: 'cifar-100',
    url: 'https://www.cs.toronto.edu/~kriz/',
    files: [
      {
        name: 'cifar-100-binary.tar.gz',
        checksum: 'md5:03b5dce01913d631647c71ecec9e9cb8',
        unpacksTo: {
          'cifar-100-binary/train.bin': 'sha1:e207cd2e05b73b1393c74c7f5e7bea451d63e08e',
          'cifar-100-binary/test.bin': 'sha1:8fb6623e830365ff53cf14adec797474f5478006',
        },
      },
    ],
  },
]

/** @throws EvenkeelError `data.fetch-set` for a name that is none of `fetchableSets` */
export function fetchableSet(id: string): FetchableSet {
  const set = fetchableSets.find((candidate) => candidate.id === id)
  if (set) return set
  const known = fetchableSets.map((candidate) => candidate.id)
  throw new EvenkeelError('data.fetch-set', `'${id}' is no set that can be fetched`, didYouMean(id, known))
}

/** Where a set lies when nobody says otherwise, below the current directory. */
export function usualDirectory(id: string): string {
  return `data/${id}`
}
