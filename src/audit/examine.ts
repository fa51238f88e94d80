import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  type Dataset,
  duplicatesIn,
  openDataset,
  type ParsedReference,
  parseReference,
  resolveReference,
} from '../data/index.ts'
import type { FileHeader } from '../data/sources/image-folder/headers.ts'
import { resolveConfig } from '../study/config.ts'
import { ourRuns } from '../study/reproduction/our-runs.ts'
import { splitFor } from '../study/split-for.ts'
import type { AuditInput } from './audit.ts'
import { nameOf } from './words.ts'

/** Shorter side of the images that are looked at, in pixels: enough to tell them apart, and quick. */
const SIDE = 96

/** Channels that differ by no more than this show no colour: a lossy format leaves a trace where there was none. */
const COLOURLESS = 4

export interface ExamineOptions {
  /** Called while images are decoded, and then while headers are read: `done` of `of`. */
  progress?(what: 'decoding images' | 'reading headers', done: number, of: number): void
}

/** What an audit reads of the images, and the images. */
export type Examination = Omit<AuditInput, 'minutes' | 'study'>

/**
 * Opens the images that a path or reference names and looks at all of them. Files that cannot be read are left out, and images are made
 * small, unless the reference says otherwise.
 *
 * @throws EvenkeelError those of `resolveReference` and `openDataset`
 */
export async function examine(place: string, { progress }: ExamineOptions = {}): Promise<Examination> {
  const resolved = await resolveReference(place)
  const parsed = parseReference(resolved)
  const reference = withOptions(resolved, parsed, { side: String(SIDE), corrupt: 'skip' })
  const dataset = await openDataset(reference, {
    progress: (done, of) => progress?.('decoding images', done, of),
  })
  return {
    reference,
    place: dataset.leftOut.length > 0 ? withOptions(place, parsed, { corrupt: 'skip' }) : place,
    dataset,
    shares: splitFor(resolveConfig({}), dataset),
    duplicates: duplicatesIn(dataset),
    headers: await headersOf(parsed.argument, dataset, (done, of) => progress?.('reading headers', done, of)),
    greyImages: greyImagesOf(dataset),
    studies: (await ourRuns()).rules,
  }
}

/**
 * What a person wrote, with further options, as far as its source has them and it does not say them itself; no side beside a crop, which
 * belongs to another.
 */
function withOptions(
  text: string,
  { source, options: given }: ParsedReference,
  options: Readonly<Record<string, string>>,
): string {
  const isFree = (name: string) =>
    name in (source.options ?? {}) && !(name in given) && !(name === 'side' && given.crop)
  const added = Object.entries(options).filter(([name]) => isFree(name))
  if (added.length === 0) return text
  return `${text}${Object.keys(given).length > 0 ? '&' : '?'}${added.map((pair) => pair.join('=')).join('&')}`
}

/** [N]; undefined where an image is no file below the path, or beside it where that is a file. */
async function headersOf(
  path: string,
  dataset: Dataset,
  progress: (done: number, of: number) => void,
): Promise<(FileHeader | undefined)[]> {
  const count = dataset.labels.length
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats || !dataset.nameOf) return new Array(count).fill(undefined)
  const folder = stats.isDirectory() ? path : dirname(path)
  const { readHeaders } = await import('../data/sources/image-folder/headers.ts')
  const paths = Array.from({ length: count }, (_, i) => join(folder, nameOf(dataset, i)))
  return readHeaders(paths, { progress })
}

/** [N], whether an image of three channels shows no colour. */
export function greyImagesOf({ images, shape: [channels] }: Dataset): boolean[] {
  return Array.from({ length: images.count }, (_, i) => channels === 3 && isColourless(images.read(i)))
}

/** Of pixels [3, height, width]. */
function isColourless(pixels: Uint8Array): boolean {
  const size = pixels.length / 3
  for (let i = 0; i < size; i++) {
    const [red, green, blue] = [pixels[i]!, pixels[i + size]!, pixels[i + 2 * size]!]
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > COLOURLESS) return false
  }
  return true
}
