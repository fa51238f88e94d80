import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { describe, expect, it } from 'vitest'
import { random } from '../base/random.ts'
import { createDataset } from '../data/index.ts'
import { type OnnxModel, openOnnx, value } from '../engine/index.ts'
import { type ImageShape, initialise, modelById, type Named, type Network, parametersOf } from '../nn/index.ts'
import { createEvaluator } from '../train/index.ts'
import { deployedModel } from './model-graph.ts'

const CLASSES = 4
const labels = ['crane', 'owl', 'wren', 'a "quoted" name']
const SIZES = [1, 3, 64]

/** Numbers for all parameters, those that training would have moved from 0 and 1 included; no network of them is sure of itself. */
function trained(network: Network): Named<Float32Array> {
  const stream = random('model-graph test', network.name)
  const drawn = initialise(parametersOf(network), { kind: 'he' }, ['model-graph test'])
  const near = (center: number, width: number) => () => center + width * (2 * stream.uniform() - 1)
  return Object.fromEntries(
    parametersOf(network).map(({ name, role }) => {
      const numbers = drawn[name]!
      if (role === 'weights') return [name, numbers.map((number) => (number === 0 ? near(0, 10)() : number))]
      if (role === 'running variance') return [name, numbers.map(near(1, 0.3))]
      if (role === 'scale') return [name, numbers.map(near(0.4, 0.2))]
      return [name, numbers.map(near(0, 0.05))]
    }),
  )
}

/** Images of noise, channels first, each channel of each with a range of its own. */
function images(count: number, [channels, height, width]: ImageShape): Uint8Array {
  const stream = random('model-graph images')
  const places = height * width
  const pixels = new Uint8Array(count * channels * places)
  for (let start = 0; start < pixels.length; start += places) {
    const brightest = 256 * stream.uniform()
    for (let i = start; i < start + places; i++) pixels[i] = Math.floor(brightest * stream.uniform())
  }
  return pixels
}

function channelsLast(pixels: Uint8Array, [channels, height, width]: ImageShape): Uint8Array {
  const places = height * width
  return pixels.map((_, i) => {
    const [image, place, channel] = [
      Math.floor(i / (channels * places)),
      Math.floor(i / channels) % places,
      i % channels,
    ]
    return pixels[(image * channels + channel) * places + place]!
  })
}

async function run(model: OnnxModel, pixels: Uint8Array, count: number, [channels, height, width]: ImageShape) {
  const bytes = channelsLast(pixels.slice(0, count * channels * height * width), [channels, height, width])
  const results = await model.run({ images: value('uint8', [count, height, width, channels], bytes) })
  expect(results.probabilities!.shape).toEqual([count, CLASSES])
  return results.probabilities!.data as Float32Array
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, number, i) => Math.max(most, Math.abs(number - b[i]!)), 0)

const neutral = { temperature: 1, logShift: [0, 0, 0, 0] }
const built = (
  id: string,
  input: ImageShape,
  preprocessing?: Parameters<ReturnType<typeof modelById>['build']>[0]['preprocessing'],
) => modelById(id).build({ input, classes: CLASSES, maxPixel: 255, ...(preprocessing && { preprocessing }) })

describe('deployedModel', () => {
  it.each([
    ['lenet5', built('lenet5', [1, 28, 28])],
    ['lenet5 of small colour images', built('lenet5', [3, 9, 8])],
    ['all-cnn', built('all-cnn', [3, 16, 17])],
    ['resnet10', built('resnet10', [3, 33, 30])],
    ['resnet32', built('resnet32', [3, 32, 32])],
    ['gcn-zca', built('all-cnn', [3, 12, 12], { kind: 'gcn-zca', scale: 55, filterBias: 0.1, fitted: 'pool' })],
  ])("gives the evaluator's probabilities for batches of any size: %s", async (_, network) => {
    const parameters = trained(network)
    const shape = network.input
    const pixels = images(64, shape)
    const dataset = createDataset({
      name: 'noise',
      description: 'noise',
      shape,
      classNames: labels,
      pixels,
      labels: Uint16Array.from({ length: 64 }, (_, i) => i % CLASSES),
      officialTestStart: undefined,
      maxPixel: 255,
    })
    const evaluator = createEvaluator(network)
    const examples = { role: 'test', dataset, indices: Uint32Array.from({ length: 64 }, (_, i) => i) } as const
    const expected = await evaluator.probabilities(parameters, await evaluator.features(parameters, examples))
    // Of a network that says nearly the same of every image, agreement would show little.
    const first = expected.filter((_, i) => i % CLASSES === 0)
    expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(0.01)
    const model = await openOnnx(deployedModel({ network, parameters, labels, ...neutral }))
    for (const size of SIZES) {
      const found = await run(model, pixels, size, shape)
      expect(largestDifference(found, expected)).toBeLessThan(1e-6)
    }
    await evaluator.dispose()
    await model.dispose()
  })

  const network = built('lenet5', [3, 8, 8])
  const parameters = trained(network)
  const pixels = images(8, network.input)
  const probabilities = async (calibration: typeof neutral) => {
    const model = await openOnnx(deployedModel({ network, parameters, labels, ...calibration }))
    const found = await run(model, pixels, 8, network.input)
    await model.dispose()
    return found
  }

  it('holds temperature and shift: p^(1 / T) e^shift, normalised', async () => {
    const calibration = { temperature: 2.5, logShift: [0.5, -1, 0, 2] }
    const plain = await probabilities(neutral)
    const expected = Array.from({ length: 8 }, (_, n) => {
      const row = Array.from(plain.slice(4 * n, 4 * n + 4))
      const weights = row.map((p, c) => p ** (1 / 2.5) * Math.exp(calibration.logShift[c]!))
      return weights.map((weight) => weight / weights.reduce((a, b) => a + b, 0))
    })
    expect(largestDifference(await probabilities(calibration), expected.flat())).toBeLessThan(1e-6)
  })

  it('takes bytes, channels last, gives floats, and names its labels', async () => {
    const bytes = deployedModel({ network, parameters, labels, ...neutral })
    const model = await openOnnx(bytes)
    expect(model.inputs).toEqual([{ name: 'images', dtype: 'uint8', shape: ['N', 8, 8, 3] }])
    expect(model.outputs).toEqual([{ name: 'probabilities', dtype: 'float32', shape: ['N', CLASSES] }])
    await model.dispose()
    const { graph, metadataProps, opsetImport } = fromBinary(ModelProtoSchema, bytes)
    const entry = metadataProps.find(({ key }) => key === 'labels')
    expect(JSON.parse(entry!.value)).toEqual(labels)
    expect(opsetImport).toHaveLength(1)
    expect(graph!.node.every(({ domain }) => domain === '')).toBe(true)
    expect(graph!.initializer.map(({ name }) => name)).toEqual(
      expect.arrayContaining(parametersOf(network).map(({ name }) => name)),
    )
  })

  it('is the same file each time, and refuses parameters that lack', () => {
    const write = (some: Named<Float32Array>) => deployedModel({ network, parameters: some, labels, ...neutral })
    expect(Buffer.compare(write(parameters), write({ ...parameters }))).toBe(0)
    const { 'conv1.bias': _, ...others } = parameters
    expect(() => write(others)).toThrow("input 'conv1.bias' is not of the batch, and no weights are given for it")
  })

  const hasPython = python('import onnx, onnxruntime')
  it.skipIf(!hasPython)('passes the checker of ONNX and runs in Python (skipped without its packages)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-model-'))
    await writeFile(join(folder, 'model.onnx'), deployedModel({ network, parameters, labels, ...neutral }))
    await writeFile(join(folder, 'images'), channelsLast(pixels, network.input))
    const script = `
import json, numpy, onnx, onnxruntime
onnx.checker.check_model(onnx.load('model.onnx'), full_check=True)
images = numpy.fromfile('images', dtype='uint8').reshape(8, 8, 8, 3)
[p] = onnxruntime.InferenceSession('model.onnx', providers=['CPUExecutionProvider']).run(None, {'images': images})
print(json.dumps(p.ravel().tolist()))`
    const printed = execFileSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' })
    expect(largestDifference(JSON.parse(printed), await probabilities(neutral))).toBeLessThan(1e-5)
    await rm(folder, { recursive: true })
  })
})

function python(script: string): boolean {
  try {
    execFileSync('python3', ['-c', script], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
