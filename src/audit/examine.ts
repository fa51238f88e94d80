import { EvenkeelError } from '../base/errors.ts'
import {
  type Dataset,
  duplicatesIn,
  openDataset,
  type ParsedReference,
  parseReference,
  resolveReference,
  type Split,
  type SplitOptions,
  split,
} from '../data/index.ts'
import { resolveConfig } from '../study/config.ts'
import { ownSplit } from '../study/own-images/choose.ts'
import { isColourless, officialSetsOf } from '../study/own-images/facts.ts'
import { headersOf } from '../study/own-images/reference.ts'
import { ourRuns } from '../study/reproduction/our-runs.ts'
import { splitFor } from '../study/split-for.ts'
import type { AuditInput } from './audit.ts'

/** Shorter side of the images that are looked at, in pixels: enough to tell them apart, and quick. */
const SIDE = 96

export interface ExamineOptions {
  /** Called while images are decoded, and then while headers are read: `done` of `of`. */
  progress?(what: 'decoding images' | 'reading headers', done: number, of: number): void
}

/** What an audit reads of the images, and the images. */
export type Examination = Omit<AuditInput, 'minutes' | 'study'>

/**
 * Opens the images that a path or reference names and looks at all of them. Files that cannot be read are left out, and images are made
 * small, unless the reference says otherwise; classes without images stay.
 *
 * @throws EvenkeelError those of `resolveReference` and `openDataset`
 */
export async function examine(place: string, { progress }: ExamineOptions = {}): Promise<Examination> {
  const resolved = await resolveReference(place)
  const parsed = parseReference(resolved)
  const reference = withOptions(resolved, parsed, { side: String(SIDE), corrupt: 'skip' })
  const dataset = await openDataset(reference, {
    progress: (done, of) => progress?.('decoding images', done, of),
    emptyClasses: 'allow',
  })
  const config = resolveConfig({ split: ownSplit(officialSetsOf(dataset)) })
  const shares = splitFor(config, dataset)
  return {
    reference,
    place: dataset.leftOut.length > 0 ? withOptions(place, parsed, { corrupt: 'skip' }) : place,
    dataset,
    shares,
    split: firstSplit(dataset, shares, config.seed),
    duplicates: duplicatesIn(dataset),
    headers: await headersOf(reference, dataset, [...dataset.labels.keys()], {
      progress: (done, of) => progress?.('reading headers', done, of),
    }),
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

/** The split of a study's first replicate, or why there is none. */
export function firstSplit(dataset: Dataset, shares: SplitOptions, seed: number): Split | EvenkeelError {
  try {
    return split(dataset, shares, [seed, 'split', dataset.name, 0])
  } catch (error) {
    if (error instanceof EvenkeelError) return error
    throw error
  }
}

/** [N], whether an image of three channels shows no colour. */
export function greyImagesOf({ images, shape: [channels] }: Dataset): boolean[] {
  return Array.from({ length: images.count }, (_, i) => channels === 3 && isColourless(images.read(i)))
}
