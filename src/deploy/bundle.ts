import { createHash, randomUUID } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import { printable } from '../base/printable.ts'
import { type Port, type Signature, signatureOf } from '../engine/index.ts'
import { type ModelManifest, modelFiles } from './manifest.ts'
import { parseManifest } from './manifest-schema.ts'
import { parseTrainingImages, trainingImagesText } from './training-images.ts'

/**
 * A model is a folder of seven files. The last of them holds the SHA-256 sums of the others, in the format of `sha256sum`: they
 * find damage and careless edits. They are no signature: whoever can write into the folder can write other sums, too.
 */

/** A model as its folder holds it, checked. */
export interface StoredModel {
  readonly directory: string
  readonly manifest: ModelManifest
  /** The bytes of `model.onnx`. */
  readonly model: Uint8Array
  /** Digests of the images that it was trained or calibrated on. */
  readonly trainingImages: ReadonlySet<string>
}

/** What a folder is made of, but for the sums. */
export interface ModelContent {
  readonly manifest: ModelManifest
  readonly model: Uint8Array
  readonly trainingImages: ReadonlySet<string>
  /** In Markdown and as a page. */
  readonly card: string
  readonly cardPage: string
}

const MIB = 2 ** 20

/** Most bytes that a file may have: nothing of unknown size is read. */
const largest: Readonly<Record<string, number>> = {
  [modelFiles.model]: 1024 * MIB,
  [modelFiles.manifest]: 64 * MIB,
  [modelFiles.labels]: 64 * MIB,
  [modelFiles.trainingImages]: 256 * MIB,
  [modelFiles.card]: 64 * MIB,
  [modelFiles.cardPage]: 64 * MIB,
  [modelFiles.checksums]: MIB / 16,
}

const allFiles: readonly string[] = Object.values(modelFiles)
const summedFiles = allFiles.filter((name) => name !== modelFiles.checksums)

/** The labels, one a line; what would break a line, or order a terminal about, is written as in JSON. */
export function labelsText(labels: readonly string[]): string {
  return labels.map((label) => `${printable(label)}\n`).join('')
}

/**
 * Reads a model's folder: every file must be there, itself and not a link, have the sum that the folder says, and fit the others.
 *
 * @throws EvenkeelError `model.missing` where there is no model, or a file of it is not there; `model.tampered` where a file is not
 *   what was written; `model.manifest` where `model.json` describes no model, or another than `model.onnx`
 */
export async function readModel(directory: string): Promise<StoredModel> {
  await requireFolder(directory)
  const files = new Map<string, Buffer>()
  for (const name of allFiles) files.set(name, await readBounded(directory, name))
  const content = (name: string) => files.get(name)!
  checkSums(directory, files)

  const manifest = parseManifest(content(modelFiles.manifest).toString(), join(directory, modelFiles.manifest))
  if (content(modelFiles.labels).toString() !== labelsText(manifest.labels)) {
    throw tampered(directory, `${modelFiles.labels} has other labels than ${modelFiles.manifest}`)
  }
  const trainingImages = parseTrainingImages(content(modelFiles.trainingImages).toString())
  if (!trainingImages) throw tampered(directory, `${modelFiles.trainingImages} has other lines than digests`)
  const model = content(modelFiles.model)
  checkSignature(directory, model, manifest)
  return { directory, manifest, model, trainingImages }
}

async function requireFolder(directory: string): Promise<void> {
  const isFolder = (await readdir(directory).catch(() => undefined)) !== undefined
  if (!isFolder) throw missing(`there is no model in ${directory}`)
}

async function readBounded(directory: string, name: string): Promise<Buffer> {
  const path = join(directory, name)
  const stats = await lstat(path).catch(() => undefined)
  if (!stats) throw missing(`there is no ${name} in ${directory}`)
  if (!stats.isFile()) throw tampered(directory, `${name} is ${stats.isSymbolicLink() ? 'a link' : 'no file'}`)
  const most = largest[name]!
  if (stats.size > most) throw tampered(directory, `${name} has ${stats.size} bytes, more than ${most}`)
  return readFile(path)
}

function checkSums(directory: string, files: ReadonlyMap<string, Buffer>): void {
  const lines = files.get(modelFiles.checksums)!.toString().trimEnd().split('\n')
  const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]))
  const foreign = [...sums.keys()].find((name) => !summedFiles.includes(name))
  if (foreign !== undefined || sums.size !== lines.length) {
    const what = foreign === undefined ? 'a file twice' : `'${printable(foreign)}'`
    throw tampered(directory, `${modelFiles.checksums} names ${what}`)
  }
  for (const name of summedFiles) {
    const sum = sums.get(name)
    if (sum === undefined) throw tampered(directory, `${modelFiles.checksums} lacks ${name}`)
    if (sum !== sha256(files.get(name)!)) throw tampered(directory, `${name} is not what was written there`)
  }
}

/** The model must take and give what the manifest says of it. */
function checkSignature(directory: string, model: Uint8Array, { input, labels }: ModelManifest): void {
  const refusal = (what: string, cause?: unknown) => {
    const sentence = `${join(directory, modelFiles.model)} is not the model of ${modelFiles.manifest}: ${what}`
    return new EvenkeelError('model.manifest', sentence, 'fit the model again with evenkeel fit', { cause })
  }
  const expected: Signature = {
    inputs: [{ name: 'images', dtype: 'uint8', shape: [undefined, input.height, input.width, input.channels] }],
    outputs: [{ name: 'probabilities', dtype: 'float32', shape: [undefined, labels.length] }],
  }
  let found: Signature
  try {
    found = signatureOf(model)
  } catch (cause) {
    throw refusal((cause as Error).message, cause)
  }
  for (const side of ['inputs', 'outputs'] as const) {
    const [is, should] = [found[side], expected[side]].map((ports) => ports.map(portText).join(', '))
    if (is !== should) throw refusal(`its ${side} are ${is}, expected ${should}`)
  }
}

/** 'uint8 images [N, 8, 8, 1]' */
function portText({ name, dtype, shape }: Port): string {
  return `${dtype} ${printable(name)} [${shape.map((length) => length ?? 'N').join(', ')}]`
}

/** Files that a file manager leaves in any folder that it shows. */
const fileManagers = ['.DS_Store', 'Thumbs.db', 'desktop.ini']

/** What stands in the way of a model: a path. */
export interface InTheWay {
  readonly inTheWay: string
}

/** What stands where a model is to be written: nothing, a model of ours (perhaps a damaged one), or what nobody else may remove. */
export async function occupantOf(directory: string): Promise<'nothing' | 'model' | InTheWay> {
  const stats = await lstat(directory).catch(() => undefined)
  if (!stats) return 'nothing'
  if (!stats.isDirectory()) return { inTheWay: directory }
  const names = await readdir(directory)
  if (names.length === 0) return 'nothing'
  const foreign = names.find((name) => !allFiles.includes(name) && !fileManagers.includes(name))
  if (foreign !== undefined) return { inTheWay: join(directory, foreign) }
  return names.includes(modelFiles.manifest) ? 'model' : { inTheWay: join(directory, names[0]!) }
}

/**
 * Writes a model's folder, or a new one in the place of another model: beside it first, whole, then renamed. A kill at the worst
 * moment, between the two renames of a replacement, leaves the former model as `<folder>.old.<id>`.
 *
 * @throws EvenkeelError `model.out` where something other than a model stands there
 */
export async function writeModel(directory: string, content: ModelContent): Promise<void> {
  const { manifest, model, trainingImages, card, cardPage } = content
  const target = resolve(directory)
  const id = randomUUID()
  const beside = (what: string) => join(dirname(target), `${basename(target)}.${what}.${id}`)
  const contents: Readonly<Record<string, Uint8Array>> = {
    [modelFiles.model]: model,
    [modelFiles.manifest]: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    [modelFiles.labels]: Buffer.from(labelsText(manifest.labels)),
    [modelFiles.trainingImages]: Buffer.from(trainingImagesText(trainingImages)),
    [modelFiles.card]: Buffer.from(card),
    [modelFiles.cardPage]: Buffer.from(cardPage),
  }
  const sums = summedFiles.map((name) => `${sha256(contents[name]!)}  ${name}\n`).join('')
  const occupant = await occupantOf(target)
  if (typeof occupant !== 'string') throw occupied(directory, occupant)
  const [part, old] = [beside('part'), beside('old')]
  try {
    await mkdir(part, { recursive: true })
    for (const name of summedFiles) await writeFile(join(part, name), contents[name]!, { flush: true })
    await writeFile(join(part, modelFiles.checksums), sums, { flush: true })
    if (occupant === 'model') await rename(target, old)
    await rename(part, target).catch(async (error: unknown) => {
      if (occupant === 'model') await rename(old, target)
      throw error
    })
  } finally {
    await rm(part, { recursive: true, force: true })
  }
  await rm(old, { recursive: true, force: true })
}

/** What is said of a folder that holds other things: nothing of a person's is ever overwritten. */
export function occupied(directory: string, { inTheWay }: InTheWay): EvenkeelError {
  return new EvenkeelError(
    'model.out',
    inTheWay === directory
      ? `${printable(directory)} is no folder of a model of evenkeel`
      : `${printable(directory)} holds something other than a model of evenkeel: ${printable(basename(inTheWay))}`,
    'move that elsewhere, or name a new folder with --out',
  )
}

function missing(sentence: string): EvenkeelError {
  return new EvenkeelError('model.missing', sentence, 'a model is a folder that evenkeel fit wrote')
}

function tampered(directory: string, what: string): EvenkeelError {
  return new EvenkeelError(
    'model.tampered',
    `the model in ${directory} is damaged or was changed: ${what}`,
    'fetch it again from where it comes, or fit it again with evenkeel fit',
  )
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
