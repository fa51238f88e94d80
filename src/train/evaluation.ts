import type { Examples, Role } from '../data/index.ts'
import { floats, type Program, type Value } from '../engine/index.ts'
import type { Named, Network, Parameter } from '../nn/index.ts'
import { pixelFeed } from './feed.ts'
import { compileFeatures, compileHead } from './step.ts'

/** Examples a run; small enough that a layer's results stay in the cache. */
const BATCH = 100

/** Runs a network forward. Its programs are compiled once, on first use, and serve any parameters. */
export interface Evaluator {
  /** Features of the examples, in their order: [N, featureCount]. */
  features(parameters: Named<Float32Array>, examples: Examples<Role>): Promise<Float32Array>
  /** Probabilities from features [N, featureCount]: [N, classes]. */
  probabilities(parameters: Named<Float32Array>, features: Float32Array): Promise<Float32Array>
}

export function createEvaluator(network: Network): Evaluator {
  let body: Promise<Program> | undefined
  let head: Promise<Program> | undefined
  return {
    async features(parameters, examples) {
      body ??= compileFeatures(network, BATCH)
      const feed = pixelFeed(examples)
      const values = valuesOf(network.bodyParameters, parameters)
      const program = await body
      return inBatches(examples.indices.length, network.featureCount, async (rows) => {
        const { features } = await program.run({
          ...values,
          pixels: feed.batch(rows.map((row) => examples.indices[row]!)),
        })
        return features!
      })
    },
    async probabilities(parameters, features) {
      head ??= compileHead(network, BATCH)
      const width = network.featureCount
      const values = valuesOf(network.headParameters, parameters)
      const program = await head
      return inBatches(features.length / width, network.classes, async (rows) => {
        const batch = new Float32Array(BATCH * width)
        rows.forEach((row, b) => {
          batch.set(features.subarray(row * width, (row + 1) * width), b * width)
        })
        const { probabilities } = await program.run({ ...values, features: floats([BATCH, width], batch) })
        return probabilities!
      })
    },
  }
}

/** Runs whole batches only, since programs have fixed shapes: the last one is filled up with its last row. */
async function inBatches(
  count: number,
  width: number,
  run: (rows: Uint32Array) => Promise<Value>,
): Promise<Float32Array> {
  const results = new Float32Array(count * width)
  for (let start = 0; start < count; start += BATCH) {
    const rows = Uint32Array.from({ length: BATCH }, (_, b) => Math.min(start + b, count - 1))
    const { data } = await run(rows)
    results.set((data as Float32Array).subarray(0, Math.min(BATCH, count - start) * width), start * width)
  }
  return results
}

function valuesOf(parameters: readonly Parameter[], values: Named<Float32Array>): Record<string, Value> {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, floats(shape, values[name]!)]))
}
