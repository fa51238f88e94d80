import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { afterAll, describe, expect, it } from 'vitest'
import { random } from '../base/random.ts'
import { createDataset } from '../data/dataset.ts'
import { openOnnx, value } from '../engine/index.ts'
import { initialise, linearProbe, parametersOf } from '../nn/index.ts'
import { writeBackbone } from '../train/fixtures/backbone.ts'
import { backboneFeatures, createEvaluator, describeBackbone, featureFeed } from '../train/index.ts'
import { deployedOnBackbone } from './model-graph.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-on-backbone-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SIDE = 8
const COUNT = 5
const labels = ['a', 'b', 'c']
const network = linearProbe({ featureCount: 6, classes: 3 })
const stream = random('on backbone')
const parameters = Object.fromEntries(
  Object.entries(initialise(parametersOf(network), { kind: 'xavier' }, ['on backbone'])).map(([name, numbers]) => [
    name,
    numbers.map((number) => number + 0.4 * stream.uniform()),
  ]),
)

function noise(channels: number) {
  const pixels = Uint8Array.from({ length: COUNT * channels * SIDE * SIDE }, () => stream.integer(256))
  const described = { name: 'noise', description: 'noise', classNames: labels, officialTestStart: undefined }
  const labelsOf = Uint16Array.of(0, 1, 2, 0, 1)
  return createDataset({ ...described, pixels, labels: labelsOf, shape: [channels, SIDE, SIDE], maxPixel: 255 })
}

describe('a model on a backbone', () => {
  it.each([
    ['features', 3, { maps: false }],
    ['maps', 3, { maps: true }],
    ['grey images', 1, { maps: false }],
  ])('takes bytes of images, for %s', async (_, channels, options) => {
    const dataset = noise(channels)
    const described = await describeBackbone(writeBackbone(folder, SIDE, options))
    const bytes = deployedOnBackbone(
      { network, parameters, labels, temperature: 2, logShift: [0, 0, 0] },
      { described, bytes: readFileSync(described.path), images: dataset.shape },
    )
    const model = await openOnnx(bytes)
    expect(model.inputs).toEqual([{ name: 'images', dtype: 'uint8', shape: ['N', SIDE, SIDE, channels] }])
    expect(model.outputs).toEqual([{ name: 'probabilities', dtype: 'float32', shape: ['N', 3] }])
    const channelsLast = Uint8Array.from({ length: COUNT * SIDE * SIDE * channels }, (_, i) => {
      const [image, place] = [Math.floor(i / (channels * SIDE * SIDE)), Math.floor(i / channels) % (SIDE * SIDE)]
      return dataset.images.read(image)[(i % channels) * SIDE * SIDE + place]!
    })
    const { probabilities } = await model.run({
      images: value('uint8', [COUNT, SIDE, SIDE, channels], channelsLast),
    })
    await model.dispose()

    const examples = { role: 'test' as const, dataset, indices: Uint32Array.of(0, 1, 2, 3, 4) }
    const evaluator = createEvaluator(network)
    const rows = featureFeed(examples, await backboneFeatures(described, dataset), 6)
    const logits = await evaluator.logits(parameters, { ...rows, examples })
    await evaluator.dispose()
    for (let start = 0; start < logits.length; start += 3) {
      const powers = [...logits.subarray(start, start + 3)].map((logit) => Math.exp(logit / 2))
      const total = powers.reduce((sum, power) => sum + power, 0)
      for (const [c, power] of powers.entries()) expect(probabilities!.data[start + c]).toBeCloseTo(power / total, 5)
    }
  })

  it('has the operator set of the backbone, from 13 on', async () => {
    const described = await describeBackbone(writeBackbone(folder, SIDE))
    const written = (version: bigint) => {
      const proto = fromBinary(ModelProtoSchema, readFileSync(described.path))
      proto.opsetImport[0]!.version = version
      return deployedOnBackbone(
        { network, parameters, labels, temperature: 1, logShift: [0, 0, 0] },
        { described, bytes: toBinary(ModelProtoSchema, proto), images: [3, SIDE, SIDE] },
      )
    }
    for (const version of [13n, 14n, 21n]) {
      expect(fromBinary(ModelProtoSchema, written(version)).opsetImport[0]!.version).toBe(version)
      await (await openOnnx(written(version))).dispose()
    }
    expect(() => written(11n)).toThrow('the model is written in operator set 11, and 13 or a later one is needed')
  })
})
