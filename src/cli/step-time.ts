import { random } from '../base/random.ts'
import { arrays, type Dataset, type Examples, type ImageShape, imbalance, split } from '../data/index.ts'
import { type Device, size } from '../engine/index.ts'
import { phase } from '../methods/index.ts'
import { type Initialiser, initialise, type Network, parametersOf } from '../nn/index.ts'
import type { StudyConfig } from '../study/config.ts'
import { networkFor } from '../study/network-for.ts'
import { splitFor } from '../study/split-for.ts'
import { type Backbone, backboneFeatures, type Training, trainPhase } from '../train/index.ts'

/** Steps that are run but not timed: the first ones allocate memory. */
const WARM_UP = 3

/** Steps of the shortest training that is timed, the first ones among them. */
const LEAST_STEPS = 20

/** A step takes as long at any rate, and at this one no training diverges. */
const STILL = { kind: 'constant', base: 1e-6 } as const

/**
 * Measures a step of full training, or of the linear probe on a backbone, in seconds, by running some for about `patience` seconds
 * on one thread. Nothing of it is kept.
 */
export async function measureStep(config: StudyConfig, dataset: Dataset, patience: number): Promise<number> {
  const { minority, training, initialiser, device } = config
  const timed = { network: networkFor(config, dataset), training, initialiser, device }
  // A probe sees no images, but numbers that are as good as any others.
  if (config.backbone) return measureOnNoise(timed, patience)
  const options = splitFor(config, dataset)
  const seed = [config.seed, 'step-time']
  const roles = split(dataset, options, seed)
  const { examples } = imbalance(roles.train, config.profiles[0]!, { minority, pool: options.poolPerClass, seed })
  return timeSteps(timed, examples, patience)
}

export interface TimedTraining {
  readonly network: Network
  readonly training: Training
  readonly initialiser: Initialiser
  readonly device: Device
}

/** Measures the same on noise in the place of images, for sizes that no image has been scaled to yet. */
export async function measureOnNoise(timed: TimedTraining, patience: number): Promise<number> {
  const { network, training } = timed
  const dataset = noise(training.batch, network.input, network.classes)
  const indices = Uint32Array.from(dataset.labels.keys())
  return timeSteps(timed, { role: 'train', dataset, indices }, patience)
}

/** Images that a backbone looks at to be timed: two batches, of which the first one allocates memory. */
const LOOKS = 32

/** Measures how long a backbone looks at an image of this shape, in seconds, on one thread. */
export async function measureLook(backbone: Backbone, shape: ImageShape): Promise<number> {
  let last = { at: performance.now(), done: 0, seconds: 0 }
  await backboneFeatures(backbone, noise(LOOKS, shape, 2), {
    progress(done) {
      const at = performance.now()
      last = { at, done, seconds: (at - last.at) / 1000 / (done - last.done) }
    },
  })
  return last.seconds
}

function noise(count: number, shape: ImageShape, classes: number): Dataset {
  const stream = random('step-time', 'noise')
  return arrays({
    name: 'noise',
    shape,
    pixels: Uint8Array.from({ length: count * size(shape) }, () => stream.integer(256)),
    labels: Array.from({ length: count }, (_, i) => i % classes),
    classNames: Array.from({ length: classes }, (_, c) => String(c)),
  })
}

async function timeSteps(
  { network, training, initialiser, device }: TimedTraining,
  examples: Examples<'train'>,
  patience: number,
): Promise<number> {
  const seed = ['step-time']
  let steps = 0
  let since = 0
  const elapsed = () => (performance.now() - since) / 1000
  await trainPhase(
    {
      network,
      phase: phase(),
      training: { ...training, schedule: STILL, iterations: Math.max(training.iterations, LEAST_STEPS) },
      examples,
      start: initialise(parametersOf(network), initialiser, seed),
      seed,
      device,
    },
    {
      stopRequested: () => {
        if (++steps === WARM_UP) since = performance.now()
        return steps > WARM_UP && elapsed() > patience
      },
    },
  )
  return elapsed() / (steps - WARM_UP)
}
