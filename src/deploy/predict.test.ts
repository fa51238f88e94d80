import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gatherPixels, grey, openDataset } from '../data/index.ts'
import { folderOf, jpeg, png } from '../data/sources/image-folder/fixtures/photos.ts'
import { writeMadeModel } from './fixtures/model-folder.ts'
import { BATCH, type Prediction, type PredictOptions, predictFiles } from './predict.ts'
import { filesAt, type NamedFile } from './predict-files.ts'
import { openPredictor, type Predictor, toInput } from './predictor.ts'

const labels = ['ant', 'bee', 'cat']
let folder: string
let photos: string
let colour: Predictor
let shades: Predictor

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-predict-'))
  process.env.EVENKEEL_CACHE = join(folder, 'cache')
  const input = [3, 12, 12] as const
  await writeMadeModel(join(folder, 'colour'), { model: 'lenet5', input, shorterSide: 16, labels })
  await writeMadeModel(join(folder, 'shades'), { model: 'lenet5', input: [1, 12, 12], shorterSide: 16, labels })
  colour = await openPredictor(join(folder, 'colour'))
  shades = await openPredictor(join(folder, 'shades'))
  photos = folderOf({
    'a/1.jpg': await jpeg(1),
    'a/2.png': await png(2, 20, 31),
    'a/3.jpg': await jpeg(3, 40, 33),
    'b/4.png': await png(4, 12, 12),
  })
})

afterAll(async () => {
  delete process.env.EVENKEEL_CACHE
  await Promise.all([colour.dispose(), shades.dispose()])
  for (const path of [folder, photos]) rmSync(path, { recursive: true })
})

async function predicted(
  predictor: Predictor,
  files: AsyncIterable<NamedFile>,
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const found: Prediction[] = []
  for await (const batch of predictFiles(predictor, files, options)) found.push(...batch)
  return found
}

const rowOf = (one: Prediction) => ('fault' in one ? one.fault : one.probabilities)

describe('predictFiles', () => {
  it.each([3, 1])('sees what training sees, in %i channels, bit for bit', async (channels) => {
    const predictor = channels === 3 ? colour : shades
    const dataset = await openDataset(`image-folder:${photos}?side=16&crop=12`)
    const found = await predicted(predictor, filesAt([photos]))
    expect(found.map(({ path }) => path)).toEqual([0, 1, 2, 3].map((i) => join(photos, dataset.nameOf!(i))))
    const seen = new Uint8Array(3 * 144)
    for (const [i, one] of found.entries()) {
      gatherPixels(dataset, [i], seen)
      const [row, alone] = [rowOf(one), await predictor.probabilities(toInput(seen, predictor.manifest.input))]
      expect(row).toEqual(alone)
    }
    expect(new Set(found.map((one) => String(rowOf(one)))).size).toBe(4)
  })

  it('names the classes that reach their threshold, whatever is decided', async () => {
    const place = join(folder, 'thresholds')
    const input = [3, 12, 12] as const
    await writeMadeModel(place, { model: 'lenet5', input, shorterSide: 16, labels, thresholds: [0, null, 1] })
    const predictor = await openPredictor(place)
    for (const one of await predicted(predictor, filesAt([photos]))) expect(one).toMatchObject({ present: ['ant'] })
    await predictor.dispose()
    for (const one of await predicted(colour, filesAt([photos]))) expect(one).toMatchObject({ present: [] })
  })

  it('goes on where a file cannot be read', async () => {
    const image = await jpeg(1)
    const broken = folderOf({
      '1.jpg': image,
      '2.jpg': '',
      '3.jpg': image.subarray(0, image.length / 2),
      '4.png': 'no image',
      '5.jpg': image,
    })
    writeFileSync(join(broken, '6.gif'), await sharp(Buffer.from('<svg width="9" height="9"/>')).png().toBuffer())
    const found = await predicted(colour, filesAt([join(broken, '0.jpg'), broken]))
    rmSync(broken, { recursive: true })
    const [missing, first, empty, half, text, again, small] = found.map(rowOf)
    expect([missing, empty, half, text]).toEqual([
      'there is no such file',
      'it is empty (0 bytes)',
      'it is damaged or cut short',
      'it is no image of a known format',
    ])
    expect(first).toEqual(again)
    expect(small).toHaveLength(3)
  })

  it('decides by the probabilities, and withholds what is not sure enough', async () => {
    for (const one of await predicted(colour, filesAt([photos]), { abstainBelow: 1 })) {
      if ('fault' in one) throw new Error(one.fault)
      expect(one.confidence).toBe(Math.max(...one.probabilities))
      expect(one.label).toBe(labels[one.probabilities.indexOf(one.confidence)])
      expect(one.abstained).toBe(true)
    }
  })

  it('gives the same answers however many files are read at once, and never has more in hand', async () => {
    const paths = ['a/1.jpg', 'a/2.png', 'a/3.jpg', 'none.png', 'b/4.png'].map((name) => join(photos, name))
    const files = 10 * BATCH + 7
    const runs: string[] = []
    for (const concurrency of [1, 5]) {
      let [asked, answered, most] = [0, 0, 0]
      async function* counted(): AsyncGenerator<NamedFile, void> {
        for (; asked < files; asked++) {
          most = Math.max(most, asked - answered)
          yield { path: paths[asked % paths.length]! }
        }
      }
      const rows: unknown[] = []
      for await (const batch of predictFiles(colour, counted(), { concurrency })) {
        answered += batch.length
        rows.push(...batch.map(rowOf))
      }
      expect(answered).toBe(files)
      expect(most).toBeLessThanOrEqual(BATCH + concurrency)
      runs.push(JSON.stringify(rows))
    }
    expect(runs[0]).toBe(runs[1])
  })
})

describe('toInput', () => {
  const input = (channels: number) => ({ height: 1, width: 2, channels })

  it('puts the channels of a pixel next to each other', () => {
    expect([...toInput(Uint8Array.of(1, 2, 3, 4, 5, 6), input(3))]).toEqual([1, 3, 5, 2, 4, 6])
  })

  it('turns colours into grey and grey into colours', () => {
    expect([...toInput(Uint8Array.of(255, 10, 0, 20, 0, 30), input(1))]).toEqual([grey(255, 0, 0), grey(10, 20, 30)])
    expect([...toInput(Uint8Array.of(7, 9), input(3))]).toEqual([7, 7, 7, 9, 9, 9])
  })
})
