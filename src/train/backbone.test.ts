import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createDataset } from '../data/dataset.ts'
import { backboneFeatures, describeBackbone } from './backbone.ts'
import { writeBackbone } from './fixtures/backbone.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-backbone-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Five images of one colour each. */
const colours = [0, 40, 80, 160, 255]
function flatImages(side: number, channels = 3) {
  const pixels = Uint8Array.from(
    { length: colours.length * channels * side * side },
    (_, i) => colours[Math.floor(i / (channels * side * side))]!,
  )
  const labels = Uint16Array.of(0, 1, 0, 1, 0)
  const names = { name: 'flat', description: 'flat', classNames: ['a', 'b'] }
  return createDataset({
    ...names,
    pixels,
    labels,
    shape: [channels, side, side],
    officialTestStart: undefined,
    maxPixel: 255,
  })
}

describe('a backbone', () => {
  it('is described by what it takes and gives', async () => {
    const path = writeBackbone(folder, 8)
    expect(await describeBackbone(path)).toEqual({
      path,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      output: 'features',
      maps: false,
      featureCount: 6,
      layout: 'nchw',
      sides: [8, 8],
      scaling: 'imagenet',
    })
  })

  it('gives features of all images, in their order, and averages maps', async () => {
    const [pooled, maps] = [
      await describeBackbone(writeBackbone(folder, 8)),
      await describeBackbone(writeBackbone(folder, 8, { maps: true })),
    ]
    const done: number[] = []
    const features = await backboneFeatures(pooled, flatImages(8), { progress: (count) => void done.push(count) })
    expect(features).toHaveLength(5 * 6)
    expect(done).toEqual([5])
    const averaged = await backboneFeatures(maps, flatImages(8))
    for (const [i, feature] of features.entries()) expect(averaged[i]).toBeCloseTo(feature, 5)
    const rows = colours.map((_, i) => features.subarray(6 * i, 6 * i + 6).join())
    expect(new Set(rows).size).toBe(5)
  })

  it('sees grey images as colours without any', async () => {
    const backbone = await describeBackbone(writeBackbone(folder, 8))
    expect(await backboneFeatures(backbone, flatImages(8, 1))).toEqual(await backboneFeatures(backbone, flatImages(8)))
  })

  it('sees pixels scaled as was asked', async () => {
    const path = writeBackbone(folder, 8)
    const all = await Promise.all(
      (['imagenet', 'unit', 'symmetric', 'raw'] as const).map(async (scaling) =>
        (await backboneFeatures(await describeBackbone(path, { scaling }), flatImages(8))).join(),
      ),
    )
    expect(new Set(all).size).toBe(4)
  })

  it.each([
    ['no file', join(folder, 'none.onnx'), {}, /cannot read the backbone .*none\.onnx: there is no such file/],
    [
      'no file of a name that a terminal would obey',
      'a\u001b[31m.onnx',
      {},
      /cannot read the backbone a\\u001b\[31m\.onnx: /,
    ],
    ['no model', join(folder, 'text.onnx'), {}, /text\.onnx is not an ONNX model that can be run/],
    [
      'no such output',
      join(folder, 'features.onnx'),
      { output: 'pool' },
      /must have one output of features, got none named 'pool'/,
    ],
  ])('is refused where there is %s', async (_, path, options, message) => {
    writeFileSync(join(folder, 'text.onnx'), 'not a model')
    writeBackbone(folder, 8)
    await expect(describeBackbone(path, options)).rejects.toThrow(message)
  })

  it('takes channels last, but no maps of such a network, whose features may be first or last', async () => {
    const last = await describeBackbone(writeBackbone(folder, 8, { channelsLast: true }))
    expect(last).toMatchObject({ layout: 'nhwc', featureCount: 6, sides: [8, 8] })
    const features = await backboneFeatures(last, flatImages(8))
    const first = await backboneFeatures(await describeBackbone(writeBackbone(folder, 8)), flatImages(8))
    for (const [i, feature] of features.entries()) expect(feature).toBeCloseTo(first[i]!, 5)
    const maps = writeBackbone(folder, 8, { channelsLast: true, maps: true })
    await expect(describeBackbone(maps)).rejects.toMatchObject({
      code: 'train.backbone',
      message: expect.stringMatching(
        /which takes images \[N, H, W, 3\], must be features \[N, F\], got maps \[.*8, 8, 6\]$/,
      ),
    })
  })

  it('asks for squares where it states only one of its sides', async () => {
    const bytes = readFileSync(writeBackbone(folder, 8))
    // Dimensions 3, 8 and 8 of the input; the last one becomes a name, which is empty.
    const at = bytes.indexOf(Buffer.from('0a0208030a0208080a020808', 'hex'))
    bytes.set([0x12, 0], at + 10)
    const path = join(folder, 'one-side.onnx')
    writeFileSync(path, bytes)
    expect((await describeBackbone(path)).sides).toEqual([8, 8])
  })

  it('refuses images of another size, and a file that has changed', async () => {
    const path = writeBackbone(folder, 8)
    const backbone = await describeBackbone(path)
    await expect(backboneFeatures(backbone, flatImages(6))).rejects.toThrow(
      "asks for images of 8x8, and those of 'flat' are 6x6",
    )
    const changed = { ...backbone, sha256: '0'.repeat(64) }
    await expect(backboneFeatures(changed, flatImages(8))).rejects.toThrow(
      'is no longer the file that the study began with',
    )
  })
})
