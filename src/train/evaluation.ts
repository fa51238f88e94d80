import type { Examples, Role } from '../data/index.ts'
import { type Device, floats, input, type Program, release, size, type Tensor, type Value } from '../engine/index.ts'
import { evaluationContext, type Named, type Network, type Parameter } from '../nn/index.ts'
import { type Feed, featureFeed, pixelFeed } from './feed.ts'
import { compileFeatures, compileHead } from './step.ts'

/**
 * Most examples a run: so few that a small network's results stay in the cache, and the usual number of a training step, which
 * may ask for features.
 */
const LARGEST_BATCH = 64
/** Most bytes that a layer's result may take in a run. */
const LARGEST_RESULT = 32 * 2 ** 20
/** Most bytes of features that are kept. */
const LARGEST_KEPT = 256 * 2 ** 20
export interface EvaluatorOptions {
  /** @defaultValue 'cpu' */
  readonly device?: Device | undefined
}

/** Features of some examples under a trained body. */
export interface Features extends Feed {
  readonly examples: Examples<Role>
}

/** Runs trained networks forward, in evaluation mode; one call at a time. Programs are compiled on first use. */
export interface Evaluator {
  /**
   * Features [N, featureCount] of the examples, computed batch by batch as they are asked for. With `keep` they are computed at
   * once and kept, where they take at most 256 MiB: for who asks often, such as a phase that trains the head alone.
   */
  features(
    parameters: Named<Float32Array>,
    examples: Examples<Role>,
    options?: { readonly keep?: boolean },
  ): Promise<Features>
  /** Probabilities [N, classes] of examples whose features are given, in their order. */
  probabilities(parameters: Named<Float32Array>, features: Features): Promise<Float32Array>
  /** Frees the programs. */
  dispose(): Promise<void>
}

export function createEvaluator(network: Network, { device }: EvaluatorOptions = {}): Evaluator {
  const { bodyParameters, headParameters, featureCount, classes } = network
  const batch = largestBatch(network)
  // Weights are inputs: stored in the program they make no run faster (bench/README.md) and each network would be compiled anew.
  const body = loader(bodyParameters, () => compileFeatures(network, batch, { device }))
  const head = loader(headParameters, () => compileHead(network, batch, { device }))

  function computed(parameters: Named<Float32Array>, examples: Examples<Role>): Features {
    const pixels = pixelFeed(examples)
    return {
      name: 'features',
      examples,
      async batch(indices) {
        const run = await body.load(parameters)
        const rows = await inBatches(indices, batch, featureCount, async (part) => {
          const { features } = await run({ pixels: await pixels.batch(part, 0) })
          return features!
        })
        return floats([indices.length, featureCount], rows)
      },
    }
  }

  return {
    async features(parameters, examples, { keep = false } = {}) {
      const features = computed(parameters, examples)
      const { indices } = examples
      if (!keep || indices.length * featureCount * Float32Array.BYTES_PER_ELEMENT > LARGEST_KEPT) return features
      const { data } = await features.batch(indices, 0)
      return { ...featureFeed(examples, data as Float32Array, featureCount), examples }
    },
    async probabilities(parameters, features) {
      const { indices } = features.examples
      const run = await head.load(parameters)
      return inBatches(indices, batch, classes, async (part) => {
        const { probabilities } = await run({ features: await features.batch(part, 0) })
        return probabilities!
      })
    },
    async dispose() {
      await body.dispose()
      await head.dispose()
    },
  }
}

/** Results of any number of examples from runs of `batch`, a row of `width` numbers for each: the last run is filled up. */
async function inBatches(
  indices: Uint32Array,
  batch: number,
  width: number,
  run: (indices: Uint32Array) => Promise<Value>,
): Promise<Float32Array> {
  const count = indices.length
  const results = new Float32Array(count * width)
  for (let start = 0; start < count; start += batch) {
    const part = Uint32Array.from({ length: batch }, (_, b) => indices[Math.min(start + b, count - 1)]!)
    const result = await run(part)
    results.set((result.data as Float32Array).subarray(0, (count - start) * width), start * width)
    release([result])
  }
  return results
}

/** A program that serves one set of parameters after another, and lacks the examples alone. */
function loader(parameters: readonly Parameter[], compileProgram: () => Promise<Program>) {
  let compiled: Promise<Program> | undefined
  let loaded: Named<Float32Array> | undefined
  let weights: Record<string, Value> = {}
  return {
    async load(numbers: Named<Float32Array>): Promise<Program['run']> {
      if (loaded !== numbers) {
        weights = Object.fromEntries(parameters.map(({ name, shape }) => [name, floats(shape, numbers[name]!)]))
        loaded = numbers
      }
      const own = weights
      compiled ??= compileProgram()
      const program = await compiled
      return (examples) => program.run({ ...own, ...examples })
    },
    async dispose(): Promise<void> {
      await (await compiled)?.dispose()
      compiled = undefined
    },
  }
}

/** As many examples as keep every result in the body within its limit, at least 1. */
function largestBatch(network: Network): number {
  const weights = network.bodyParameters.map(({ name, shape }) => [name, input(name, 'float32', shape)] as const)
  const pixels = input('pixels', 'uint8', [1, ...network.input])
  const seen = new Set<Tensor>([network.features(pixels, evaluationContext(Object.fromEntries(weights)))])
  for (const { inputs } of seen) for (const tensor of inputs) seen.add(tensor)
  const results = [...seen].filter(({ inputs }) => inputs.length > 0)
  const bytes = Math.max(...results.map(({ shape }) => size(shape))) * Float32Array.BYTES_PER_ELEMENT
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(LARGEST_RESULT / bytes)))
}
