import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Dataset, duplicatesIn, openDataset, resolveReference, sources } from '../data/index.ts'
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
export type Examination = Omit<AuditInput, 'minutes' | 'time'>

/**
 * Opens the images that a path or reference names and looks at all of them. Files that cannot be read are left out, and images are made
 * small, unless the reference says otherwise.
 *
 * @throws EvenkeelError those of `resolveReference` and `openDataset`
 */
export async function examine(place: string, { progress }: ExamineOptions = {}): Promise<Examination> {
  const resolved = await resolveReference(place)
  const reference = withOptions(resolved, { side: String(SIDE), corrupt: 'skip' })
  const dataset = await openDataset(reference, {
    progress: (done, of) => progress?.('decoding images', done, of),
  })
  return {
    reference,
    place: dataset.leftOut.length > 0 ? withOptions(resolved, { corrupt: 'skip' }) : place,
    dataset,
    shares: splitFor(resolveConfig({}), dataset),
    duplicates: duplicatesIn(dataset),
    headers: await headersOf(resolved, dataset, (done, of) => progress?.('reading headers', done, of)),
    greyImages: greyImagesOf(dataset),
    studies: (await ourRuns()).rules,
  }
}

/** A reference with these options, as far as its source has them and it does not have its own; a side of one's own goes with a crop. */
function withOptions(reference: string, options: Readonly<Record<string, string>>): string {
  const [place, query = ''] = splitAt(reference, '?')
  const known = sources.find(({ id }) => id === splitAt(place, ':')[0])?.options ?? {}
  const given = new URLSearchParams(query)
  const isFree = (name: string) => name in known && !given.has(name) && !(name === 'side' && given.has('crop'))
  const added = Object.entries(options).filter(([name]) => isFree(name))
  const all = [query, ...added.map((pair) => pair.join('='))].filter((part) => part !== '')
  return all.length > 0 ? `${place}?${all.join('&')}` : place
}

function splitAt(text: string, separator: string): readonly [before: string, after?: string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** [N]; undefined where an image is no file below the folder that the reference names, or in which its file is. */
async function headersOf(
  reference: string,
  dataset: Dataset,
  progress: (done: number, of: number) => void,
): Promise<(FileHeader | undefined)[]> {
  const count = dataset.labels.length
  const [, path = ''] = splitAt(splitAt(reference, '?')[0], ':')
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
