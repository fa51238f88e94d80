import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { input, softmax, toFloat, toOnnx } from '../engine/index.ts'
import { labelsText, occupantOf, readModel, writeModel } from './bundle.ts'
import { writeMadeModel } from './fixtures/model-folder.ts'
import { type ModelManifest, modelFiles } from './manifest.ts'

const root = mkdtempSync(join(tmpdir(), 'evenkeel-bundle-'))
afterAll(() => rmSync(root, { recursive: true }))
const good = join(root, 'good')
let manifest: ModelManifest
const trainingImages = new Set(['0123456789abcdef', '00000000000000ff'])
beforeAll(async () => {
  manifest = await writeMadeModel(good, {
    model: 'lenet5',
    input: [1, 12, 12],
    labels: ['a', 'b', 'c\nd'],
    trainingImages,
  })
})

let copies = 0
/** A copy of the good model, with something done to it. */
function changed(change: (directory: string) => void): string {
  const directory = join(root, `changed-${copies++}`)
  cpSync(good, directory, { recursive: true })
  change(directory)
  return directory
}

/** The sums as they should be, as whoever changes a file on purpose would write them. */
function sumAnew(directory: string): void {
  const names = Object.values(modelFiles).filter((name) => name !== modelFiles.checksums)
  const line = (name: string) =>
    `${createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex')}  ${name}\n`
  writeFileSync(join(directory, modelFiles.checksums), names.map(line).join(''))
}

/** A copy whose manifest says something else, with fitting labels and sums. */
function saying(change: Record<string, unknown> | ((manifest: Record<string, unknown>) => unknown)): string {
  return changed((directory) => {
    const path = join(directory, modelFiles.manifest)
    const there = JSON.parse(readFileSync(path, 'utf8'))
    const said = typeof change === 'function' ? change(there) : { ...there, ...change }
    writeFileSync(path, typeof said === 'string' ? said : JSON.stringify(said))
    if (Array.isArray(said?.labels))
      writeFileSync(join(directory, modelFiles.labels), labelsText(said.labels.map(String)))
    sumAnew(directory)
  })
}

describe('readModel', () => {
  it('gives what was written', async () => {
    const { model, ...rest } = await readModel(good)
    expect(rest).toEqual({ directory: good, manifest, trainingImages })
    expect(model.length).toBeGreaterThan(1000)
    expect(readFileSync(join(good, modelFiles.labels), 'utf8')).toBe('a\nb\nc\\nd\n')
    expect(readFileSync(join(good, modelFiles.trainingImages), 'utf8')).toBe('00000000000000ff\n0123456789abcdef\n')
  })

  it('says where there is no model', async () => {
    await expect(readModel(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'model.missing' })
    await expect(readModel(join(good, modelFiles.model))).rejects.toMatchObject({ code: 'model.missing' })
  })

  it.each(Object.values(modelFiles))('misses %s', async (name) => {
    const reading = readModel(changed((directory) => rmSync(join(directory, name))))
    await expect(reading).rejects.toMatchObject({ code: 'model.missing' })
    await expect(reading).rejects.toThrow(`there is no ${name} in `)
  })

  it.each(Object.values(modelFiles))('finds %s cut short, edited, and replaced by a link or a folder', async (name) => {
    const damages: ((path: string) => void)[] = [
      (path) => truncateSync(path, readFileSync(path).length - 1 - (name === modelFiles.checksums ? 1 : 0)),
      (path) => {
        const bytes = readFileSync(path)
        bytes[Math.floor(bytes.length / 2)]! ^= 1
        writeFileSync(path, bytes)
      },
      (path) => {
        renameSync(path, `${path}.aside`)
        symlinkSync(`${path}.aside`, path)
      },
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
    ]
    for (const damage of damages) {
      const reading = readModel(changed((directory) => damage(join(directory, name))))
      await expect(reading, String(damage)).rejects.toMatchObject({ code: 'model.tampered' })
    }
  })

  it('finds files that were swapped, and sums of files elsewhere', async () => {
    const swapped = changed((directory) => {
      const [a, b] = [modelFiles.card, modelFiles.cardPage].map((name) => join(directory, name)) as [string, string]
      renameSync(a, `${a}.aside`)
      renameSync(b, a)
      renameSync(`${a}.aside`, b)
    })
    await expect(readModel(swapped)).rejects.toThrow('MODEL_CARD.md is not what was written there')
    const outside = changed((directory) => {
      const path = join(directory, modelFiles.checksums)
      writeFileSync(path, readFileSync(path, 'utf8').replace('model.onnx', '../../elsewhere\u001b[0m'))
    })
    await expect(readModel(outside)).rejects.toThrow("SHA256SUMS names '../../elsewhere\\u001b[0m'")
  })

  it('reads no file of an absurd size', async () => {
    const large = changed((directory) => truncateSync(join(directory, modelFiles.labels), 2 ** 27))
    await expect(readModel(large)).rejects.toThrow('labels.txt has 134217728 bytes, more than 67108864')
  })

  it.each<[string, string, Parameters<typeof saying>[0]]>([
    ['no JSON', 'it is not JSON', () => '{'],
    ['another version', 'schemaVersion: expected 1', { schemaVersion: 2 }],
    ['a path of its own', 'Unrecognized key: "file"', { file: '../../model.onnx' }],
    ['a label twice', 'labels has "a" twice', { labels: ['a', 'b', 'a'] }],
    ['a label less', 'priors.training has 3 entries for 2 labels', { labels: ['a', 'b'] }],
    ['a temperature of 0', 'calibration.temperature', { calibration: { temperature: 0 } }],
    [
      'shares that do not sum to 1',
      'priors.deployment sums to 1.5 instead of 1',
      ({ priors, ...rest }) => ({ ...rest, priors: { ...(priors as object), deployment: [0.5, 0.5, 0.5] } }),
    ],
    ['costs that are no square', 'cost.1 has 2 entries for 3 labels', { cost: [[0, 1, 1], [1, 0], [1, 1, 0]] }], // biome-ignore format: a matrix
    ['costs that are no numbers', 'cost.0.0', { cost: [['0', 1, 1], [1, 0, 1], [1, 1, 0]] }], // biome-ignore format: a matrix
    ['an image of no size', 'input.height', { input: { height: 0, width: 12, channels: 1 } }],
    [
      'a side below the window',
      "decoding.shorterSide is below the input's side of 12",
      { decoding: { shorterSide: 8 } },
    ],
  ])('refuses a manifest with %s', async (_, sentence, change) => {
    const reading = readModel(saying(change))
    await expect(reading).rejects.toMatchObject({ code: 'model.manifest' })
    await expect(reading).rejects.toThrow(sentence)
  })

  it('refuses digests of images that are none, whatever the sums say', async () => {
    for (const text of ['0123456789abcdef', '0123\n', '0123456789abcdeF\n', '\n']) {
      const wrong = changed((directory) => {
        writeFileSync(join(directory, modelFiles.trainingImages), text)
        sumAnew(directory)
      })
      await expect(readModel(wrong), text).rejects.toThrow('training-images.txt has other lines than digests')
    }
  })

  it('refuses a manifest of another model', async () => {
    const other = readModel(saying({ input: { height: 10, width: 12, channels: 1 } }))
    await expect(other).rejects.toMatchObject({ code: 'model.manifest' })
    await expect(other).rejects.toThrow(
      'its inputs are uint8 images [N, 12, 12, 1], expected uint8 images [N, 10, 12, 1]',
    )
  })

  it('refuses labels that are not those of the manifest, and what is no model, whatever the sums say', async () => {
    const labels = changed((directory) => {
      writeFileSync(join(directory, modelFiles.labels), 'b\na\nc\\nd\n')
      sumAnew(directory)
    })
    await expect(readModel(labels)).rejects.toThrow('labels.txt has other labels than model.json')
    const replaced = (bytes: Uint8Array) =>
      changed((directory) => {
        writeFileSync(join(directory, modelFiles.model), bytes)
        sumAnew(directory)
      })
    await expect(readModel(replaced(Buffer.from('no model')))).rejects.toThrow('it is no ONNX model')
    const foreign = toOnnx({ scores: softmax(toFloat(input('x', 'uint8', [1, 3]))) })
    await expect(readModel(replaced(foreign))).rejects.toThrow('its inputs are uint8 x [1, 3], expected')
  })
})

describe('writeModel', () => {
  const content = async () => ({ ...(await readModel(good)), card: '# other\n', cardPage: '<!doctype html>' })

  it('replaces a model as a whole and leaves nothing beside it', async () => {
    const folder = join(root, 'replacing')
    const directory = join(folder, 'deeper', 'model')
    await writeModel(directory, await content())
    await writeModel(directory, { ...(await content()), card: '# new\n' })
    expect(readFileSync(join(directory, modelFiles.card), 'utf8')).toBe('# new\n')
    expect(readdirSync(join(folder, 'deeper'))).toEqual(['model'])
    expect((await readModel(directory)).manifest).toEqual(manifest)
  })

  it('takes an empty folder, and neither a file, a link nor a folder of other things', async () => {
    const empty = join(root, 'empty')
    mkdirSync(empty)
    expect(await occupantOf(empty)).toBe('nothing')
    await writeModel(empty, await content())
    expect(await occupantOf(empty)).toBe('model')
    const link = join(root, 'link')
    symlinkSync(empty, link)
    for (const place of [join(good, modelFiles.card), link]) {
      expect(await occupantOf(place)).toEqual({ inTheWay: place })
      await expect(writeModel(place, await content())).rejects.toThrow(`${place} is no folder of a model of evenkeel`)
    }
  })

  it("names the person's file that is in the way, and replaces what a file manager left", async () => {
    const mixed = changed((directory) => writeFileSync(join(directory, 'answers.csv'), 'mine'))
    expect(await occupantOf(mixed)).toEqual({ inTheWay: join(mixed, 'answers.csv') })
    const writing = writeModel(mixed, await content())
    await expect(writing).rejects.toMatchObject({ code: 'model.out' })
    await expect(writing).rejects.toThrow('holds something other than a model of evenkeel: answers.csv')
    expect(existsSync(join(mixed, 'answers.csv'))).toBe(true)
    const seen = changed((directory) => writeFileSync(join(directory, '.DS_Store'), ''))
    expect(await occupantOf(seen)).toBe('model')
    await writeModel(seen, await content())
    expect(readdirSync(seen).sort()).toEqual(Object.values(modelFiles).sort())
  })

  it('is not hindered by what a kill left beside it', async () => {
    const folder = join(root, 'killed')
    const directory = join(folder, 'model')
    await writeModel(directory, await content())
    for (const what of ['part', 'old']) {
      mkdirSync(join(folder, `model.${what}.${process.pid}`))
      writeFileSync(join(folder, `model.${what}.${process.pid}`, modelFiles.model), '')
    }
    await writeModel(directory, { ...(await content()), card: '# new\n' })
    expect(readFileSync(join(directory, modelFiles.card), 'utf8')).toBe('# new\n')
  })
})
