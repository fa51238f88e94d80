import { type Dataset, imbalance, split } from '../data/index.ts'
import { phase } from '../methods/index.ts'
import { initialise, parametersOf } from '../nn/index.ts'
import type { StudyConfig } from '../study/config.ts'
import { networkFor } from '../study/network-for.ts'
import { splitFor } from '../study/split-for.ts'
import { trainPhase } from '../train/index.ts'

/** Steps that are run but not timed: the first ones allocate memory. */
const WARM_UP = 3

/** Steps of the shortest training that is timed, the first ones among them. */
const LEAST_STEPS = 20

/**
 * Measures a step of full training, in seconds, by running some for about `patience` seconds on one thread. Nothing of it is
 * kept.
 */
export async function measureStep(config: StudyConfig, dataset: Dataset, patience: number): Promise<number> {
  const seed = [config.seed, 'step-time']
  const network = networkFor(config, dataset)
  const options = splitFor(config, dataset)
  const roles = split(dataset, options, seed)
  const { minority } = config
  const { examples } = imbalance(roles.train, config.profiles[0]!, { minority, pool: options.poolPerClass, seed })
  let steps = 0
  let since = 0
  const elapsed = () => (performance.now() - since) / 1000
  await trainPhase(
    {
      network,
      phase: phase(),
      training: { ...config.training, iterations: Math.max(config.training.iterations, LEAST_STEPS) },
      examples,
      start: initialise(parametersOf(network), config.initialiser, seed),
      seed,
      device: config.device,
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
