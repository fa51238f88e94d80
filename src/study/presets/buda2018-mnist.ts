import { paperMethods } from '../config.ts'
import { caffe } from './caffe.ts'
import type { Preset } from './preset.ts'

const RHO = [10, 25, 50, 100, 250, 500, 1000, 2500, 5000]
const MU = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]

/** Levels between none and all of the imbalance: rho^(1 - level) is left. */
const LEVELS = [0.25, 0.5, 0.75]

const partial = ['oversampling', 'undersampling'].flatMap((id) => LEVELS.map((level) => `${id}(level=${level})`))

/** What a part of the grid shows beside it: partial sampling (section 4.5), convergence (4.6), the full set (4.3). */
const also = (snapshots: number) => [
  { profiles: [{ kind: 'step' as const, rho: 1000, mu: [0.2, 0.5, 0.8] }], methods: [...paperMethods, ...partial] },
  { profiles: [{ kind: 'step' as const, rho: [100, 1000], mu: [0.5, 0.8] }], snapshots },
  { profiles: [{ kind: 'balanced' as const }], methods: ['baseline'] },
]

const grid = (rho: number[], mu: number[], linear: number[]) => [
  { kind: 'step' as const, rho, mu },
  { kind: 'linear' as const, rho: linear },
]

export const budaMnist: Preset = {
  id: 'buda2018/mnist',
  title: 'MNIST with LeNet-5',
  source: 'Buda, Maki and Mazurowski 2018, sections 3.3.1 and 4; Caffe, examples/mnist',
  data: {
    folder: 'data/mnist',
    classes: 10,
    reference: (folder) => `mnist:${folder}`,
    how: 'evenkeel data fetch mnist',
  },
  config: {
    split: { test: { official: { perClass: 892 } }, selection: { perClass: 200 }, poolPerClass: 5000 },
    profiles: grid(RHO, MU, RHO),
    minority: 'random',
    methods: [...paperMethods],
    replicates: 50,
    also: also(25),
    model: 'lenet5',
    training: {
      iterations: 10_000,
      batch: 64,
      schedule: { kind: 'inv', base: 0.01, gamma: 1e-4, power: 0.75 },
      optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 5e-4 },
    },
    initialiser: { kind: 'xavier' },
  },
  testSelected: {},
  scales: {
    large: {
      profiles: grid([10, 100, 1000, 5000], MU, [10, 100, 1000, 5000]),
      replicates: 10,
      iterations: 2000,
      also: also(25),
    },
    medium: {
      profiles: grid([10, 100, 1000], MU, [10, 100, 1000, 5000]),
      replicates: 5,
      iterations: 1000,
      also: also(10),
    },
    small: {
      profiles: grid([10, 100, 1000], MU, [10, 100, 1000, 5000]),
      replicates: 5,
      iterations: 400,
      also: also(10),
    },
    smoke: { profiles: grid([10, 100], [0.2, 0.8], [100]), replicates: 2, iterations: 20, also: [] },
  },
  networks: [
    { what: 'step: 9 rho x 9 mu x 50 draws', sets: 4050, procedures: 5, runs: 1 },
    { what: 'linear: 9 rho x 50 draws', sets: 450, procedures: 5, runs: 1 },
  ],
  choices: [
    'Test classes are of equal size as the paper says, 892 of each: MNIST has 892 to 1,135, so the 1,000 of its table cannot be.',
    'Pixels are divided by 256, as in the example of Caffe; biases learn at twice the rate.',
    'Sizes of linear profiles are rounded to the nearest image; the order of the classes is drawn for each replicate.',
    'Oversampling fills the epoch with copies, visited in a new order each time; an epoch of undersampling may be 10 images, drawn again and again.',
    'The second phase runs as many iterations as the first, starts its learning-rate policy anew at a tenth and its velocity at zero.',
    'Partial sampling: the levels are not in the text; here a level removes 25, 50 and 75 % of the imbalance on a log scale.',
    ...caffe,
    'ROC AUC is taken from scores as they are: rows are not normalised after thresholding.',
    'The method is chosen on 200 images of each class that the pool leaves over.',
  ],
}
