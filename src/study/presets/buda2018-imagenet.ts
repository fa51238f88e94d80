import { caffe } from './caffe.ts'
import type { Preset } from './preset.ts'

const settings = [
  { kind: 'step' as const, rho: 10, mu: 0.1 },
  { kind: 'step' as const, rho: 50, mu: 0.8 },
  { kind: 'step' as const, rho: 100, mu: 0.9 },
]

const threeDraws = [{ profiles: [settings[2]!], replicates: 3 }]

export const budaImagenet: Preset = {
  id: 'buda2018/imagenet',
  title: 'ILSVRC-2012 with ResNet-10',
  source: 'Buda, Maki and Mazurowski 2018, sections 3.3.3 and 4; Simon, Rodner and Denzler 2016',
  data: {
    folder: 'data/ilsvrc2012',
    classes: 1000,
    reference: (folder) => `image-folder:${folder.includes('?') ? folder : `${folder}?side=256&crop=224`}`,
    how: 'a folder with train/ and val/, each with a folder a class; it cannot be fetched without an account',
  },
  config: {
    split: { test: 'official', selection: 'none', poolPerClass: 1000 },
    profiles: settings,
    minority: 'random',
    methods: ['baseline', 'oversampling', 'undersampling'],
    replicates: 1,
    also: threeDraws,
    model: 'resnet10',
    training: {
      iterations: 320_000,
      batch: 256,
      accumulate: 16,
      schedule: { kind: 'polynomial', base: 0.1, power: 1 },
      optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 1e-4 },
      augmentation: { crop: 'random', mirror: true },
    },
    initialiser: { kind: 'he' },
  },
  testSelected: { choose: 'paper' },
  scales: {
    large: { iterations: 80_000, also: threeDraws },
    medium: { iterations: 20_000, batch: 128, accumulate: 8, also: threeDraws },
    small: { iterations: 2000, batch: 32, accumulate: 2, also: [] },
    smoke: { profiles: [settings[0]!], iterations: 3, batch: 8, accumulate: 1, also: [] },
  },
  networks: [
    { what: 'mu 0.1 rho 10; mu 0.8 rho 50', sets: 2, procedures: 3, runs: 1 },
    { what: 'mu 0.9 rho 100, three draws', sets: 3, procedures: 3, runs: 1 },
  ],
  choices: [
    'Classes with fewer than 1,000 images are always among the minority.',
    'Nothing is chosen, so there is no selection split.',
    ...caffe,
    'The first two settings are drawn once, so nothing is tested there; --replicates 3 draws each three times.',
    'The classifier starts at zero, as Caffe does where the network file says nothing.',
    'The text gives 62.56 % as the error of the full set; since the reference network errs on 36.1 %, it must be the accuracy.',
  ],
}
