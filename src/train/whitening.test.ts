import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrays, type Dataset, digits, type Examples, gatherPixels } from '../data/index.ts'
import { phase } from '../methods/index.ts'
import { initialise, layers, type Named, network, parametersOf } from '../nn/index.ts'
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { createEvaluator } from './evaluation.ts'
import { type PhaseSetup, trainPhase } from './phase.ts'
import { fitWhitening } from './whitening.ts'

const dataset = await digits()
const options = { scale: 55, filterBias: 0.1 }
const preprocessing = { kind: 'gcn-zca', ...options, fitted: 'pool' } as const
const range = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i)
const examples = (indices: Uint32Array, of: Dataset = dataset): Examples<'train'> => ({
  role: 'train',
  dataset: of,
  indices,
})

describe('fitWhitening', () => {
  /**
   * By NumPy, in float64:
   *
   *     X = np.array([[10, 200, 30, 40], [0, 0, 255, 3], [50, 60, 70, 90], [255, 254, 1, 2], [7, 7, 7, 7]], np.float64)
   *     X = X - X.mean(1, keepdims=True)
   *     n = np.sqrt((X ** 2).sum(1)) / 55; n[n < 1e-8] = 1; X /= n[:, None]
   *     m = X.mean(0); X -= m
   *     w, U = np.linalg.eigh(X.T @ X / len(X) + 0.1 * np.eye(4))
   *     m, (U * np.sqrt(1 / w)) @ U.T
   */
  it("gives the numbers of pylearn2's recipe, a black image among them", async () => {
    const rows = [10, 200, 30, 40, 0, 0, 255, 3, 50, 60, 70, 90, 255, 254, 1, 2, 7, 7, 7, 7]
    const few = arrays({ pixels: Uint8Array.from(rows), labels: [0, 1, 0, 1, 0], shape: [1, 2, 2] })
    const fitted = await fitWhitening(examples(range(0, 5), few), options)
    const mean = [-8.563136125512866, 8.893116568017167, 2.0323884648864436, -2.362368907390743]
    const matrix = [
      [0.8273157523392175, 0.7695373191164627, 0.7791088226347123, 0.7863157660772434],
      [0.7695373191164627, 0.8230994823504905, 0.7888672587862873, 0.7807735999143984],
      [0.7791088226347123, 0.7888672587862873, 0.8194815069593725, 0.7748200717872655],
      [0.7863157660772434, 0.7807735999143984, 0.7748200717872655, 0.8203682223887273],
    ]
    for (const [i, x] of mean.entries()) expect(fitted['whitening.mean']![i]).toBeCloseTo(x, 5)
    for (const [i, x] of matrix.flat().entries()) expect(fitted['whitening.matrix']![i]).toBeCloseTo(x, 3)
  })

  // 40 images are fewer than they have pixels; 500 fill the batches, and 1,203 leave some for another.
  it.each([1, 40, 500, 1203])('makes the covariance of %i images, with the bias, the identity', async (count) => {
    const train = examples(range(100, 100 + count))
    const fitted = await fitWhitening(train, options)
    const { mean, covariance } = moments(train.indices)
    for (const [i, x] of mean.entries()) expect(fitted['whitening.mean']![i]).toBeCloseTo(x, 4)
    for (let i = 0; i < 64; i++) covariance[i * 65]! += options.filterBias
    const matrix = fitted['whitening.matrix']!
    for (const [at, number] of product(product(matrix, covariance), matrix).entries()) {
      expect(number).toBeCloseTo(at % 65 === 0 ? 1 : 0, 3)
    }
  })

  it('depends on the images alone, bit for bit', async () => {
    const train = examples(range(0, 700))
    expect(await fitWhitening(train, options)).toEqual(await fitWhitening(train, options))
  })

  it.each([
    ['the number of images that whitening is fitted to must be >= 1, got 0', 0, {}],
    ['preprocessing.scale must be a finite number > 0, got 0', 5, { scale: 0 }],
    ['preprocessing.filterBias must be a finite number > 0, got -1', 5, { filterBias: -1 }],
    ['preprocessing.filterBias must be a finite number > 0, got NaN', 5, { filterBias: Number.NaN }],
  ])('says that %s', async (message, count, changes) => {
    await expect(fitWhitening(examples(range(0, count)), { ...options, ...changes })).rejects.toThrow(
      expect.objectContaining({ code: 'train.whitening', message }),
    )
  })
})

describe('a network that whitens', () => {
  const { batchNorm, conv2d, dense, flatten, relu, sequential } = layers
  const train = examples(range(0, 1200))
  const test = examples(range(1200, 1797))
  const body = sequential(conv2d('conv', { filters: 8, kernel: 3 }), batchNorm('norm'), relu, flatten)
  const net = network('whitened', body, dense('dense', 10), {
    input: [1, 8, 8],
    classes: 10,
    pixelDivisor: 16,
    preprocessing,
  })
  const evaluator = createEvaluator(net)
  let folder: string
  let fixed: Named<Float32Array>
  let start: Named<Float32Array>
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evenkeel-whitening-'))
    fixed = await fitWhitening(train, options)
    start = { ...initialise(parametersOf(net), { kind: 'he' }, ['whitening test']), ...fixed }
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await evaluator.dispose()
  })

  const setup = (changes: Partial<PhaseSetup> = {}): PhaseSetup => ({
    network: net,
    phase: phase(),
    training: {
      iterations: 60,
      batch: 32,
      schedule: { kind: 'constant', base: 0.01 },
      // So much decay that a parameter it touched would be halved.
      optimiser: { kind: 'sgd', momentum: 0.9, weightDecay: 0.1, nesterov: false, convention: 'caffe' },
    },
    examples: train,
    start,
    seed: ['whitening test', 'stream'],
    ...changes,
  })
  const accuracy = async (parameters: Named<Float32Array>) => {
    const probabilities = await evaluator.probabilities(parameters, await evaluator.features(parameters, test))
    const hits = test.indices.filter((index, i) => {
      const row = probabilities.subarray(10 * i, 10 * i + 10)
      return row.indexOf(Math.max(...row)) === dataset.labels[index]
    })
    return hits.length / test.indices.length
  }

  it('computes features of whitened images, whose covariance falls short of the identity by the bias', async () => {
    const eye = network('eye', flatten, dense('dense', 10), { ...net, pixelDivisor: 16, preprocessing })
    const of = createEvaluator(eye)
    const { data } = await (await of.features({ ...start }, train)).batch(train.indices, 0)
    await of.dispose()
    const covariance = gram(Float64Array.from(data, Number), train.indices.length)
    const matrix = fixed['whitening.matrix']!
    const square = product(matrix, matrix)
    for (const [at, number] of covariance.entries()) {
      expect(number + options.filterBias * square[at]!).toBeCloseTo(at % 65 === 0 ? 1 : 0, 3)
    }
  })

  it('learns, and keeps mean and matrix bit for bit', async () => {
    const before = structuredClone(fixed)
    const { tensors, curve } = await trainPhase(setup())
    expect(curve.at(-1)!.loss).toBeLessThan(0.5 * curve[0]!.loss)
    expect(await accuracy(tensors)).toBeGreaterThan(0.7)
    expect(tensors).toMatchObject(before)
    for (const name of ['conv.weights', 'conv.bias', 'norm.scale', 'norm.mean', 'dense.weights']) {
      expect(tensors[name], name).not.toEqual(start[name])
    }
    expect(Object.keys(tensors).filter((name) => /^whitening.*state/.test(name))).toEqual([])
    // Evaluation goes by the matrix too.
    const nothing = { ...tensors, 'whitening.matrix': new Float32Array(64 * 64) }
    expect(await accuracy(nothing)).toBeLessThan(0.2)
  })

  it.each([1, 2])(
    'goes on from a checkpoint without mean and matrix as if it had never stopped (%i)',
    async (parts) => {
      const training = { ...setup().training, accumulate: parts }
      const whole = await trainPhase(setup({ training }))
      let asked = 0
      const stopped = await trainPhase(setup({ training }), { stopRequested: () => ++asked === 23 })
      const path = join(folder, `part-${parts}`)
      await saveCheckpoint(path, stopped, fixed)
      expect(statSync(path).size).toBeLessThan(4 * 64 * 64 + 4 * 2 * 10 * (8 * 36 + 1) + 2000)
      const resume = await loadCheckpoint(path, fixed)
      expect(resume).toEqual(stopped)
      expect(await trainPhase(setup({ training }), { resume })).toEqual(whole)
    },
  )

  it('trains its head alone on features of whitened images', async () => {
    const features = await evaluator.features(start, train, { keep: true })
    const { tensors } = await trainPhase(setup({ phase: phase({ trainable: 'head' }), features }))
    for (const { name } of net.bodyParameters) expect(tensors[name], name).toEqual(start[name])
    expect(await accuracy(tensors)).toBeGreaterThan(0.5)
  })

  it('does not train without them', async () => {
    const { 'whitening.mean': _, ...rest } = start
    await expect(trainPhase(setup({ start: rest }))).rejects.toThrow('whitening.mean [64] must start from 64 numbers')
  })
})

/** Mean [64] and covariance [64, 64] of contrast-normalised digits, in float64. */
function moments(indices: Uint32Array) {
  const rows = Array.from(indices, (index) => {
    const image = new Uint8Array(64)
    gatherPixels(dataset, [index], image)
    const pixels = Array.from(image)
    const centre = pixels.reduce((sum, x) => sum + x) / 64
    const norm = Math.hypot(...pixels.map((x) => x - centre))
    return pixels.map((x) => (55 * (x - centre)) / norm)
  })
  const mean = Array.from({ length: 64 }, (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length)
  const centred = rows.flatMap((row) => row.map((x, i) => x - mean[i]!))
  return { mean, covariance: gram(centred, rows.length) }
}

/** X^T X / n for X [n, 64]. */
function gram(x: ArrayLike<number>, n: number): number[] {
  return Array.from({ length: 64 * 64 }, (_, at) => {
    const [i, j] = [Math.floor(at / 64), at % 64]
    let total = 0
    for (let row = 0; row < n; row++) total += x[row * 64 + i]! * x[row * 64 + j]!
    return total / n
  })
}

/** A B for matrices [64, 64]. */
function product(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from({ length: 64 * 64 }, (_, at) => {
    const [row, column] = [Math.floor(at / 64), at % 64]
    let total = 0
    for (let k = 0; k < 64; k++) total += a[row * 64 + k]! * b[k * 64 + column]!
    return total
  })
}
