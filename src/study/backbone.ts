import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { cacheFolder } from '../base/cache-folder.ts'
import type { Dataset, Examples, OpenOptions, Role } from '../data/index.ts'
import {
  type Backbone,
  backboneFeatures,
  type Features,
  featureFeed,
  loadCheckpoint,
  saveCheckpoint,
} from '../train/index.ts'

/** The latest rows of this process: its branches mostly ask for those of one set. */
let latest: { readonly key: string; readonly rows: Promise<Float32Array> } | undefined

/**
 * Features [N, featureCount] of all images of a dataset under a backbone. They are computed once for all studies and processes: a
 * cache on the disk keeps them, for as long as images and backbone stay what they are.
 *
 * @param hooks progress and stop of computing them
 * @throws EvenkeelError those of `backboneFeatures`
 */
export function backboneRows(backbone: Backbone, dataset: Dataset, hooks: OpenOptions = {}): Promise<Float32Array> {
  const { sha256, output, scaling } = backbone
  const described = JSON.stringify([dataset.contentHash, sha256, output, scaling])
  const key = createHash('sha256').update(described).digest('hex').slice(0, 24)
  if (latest?.key === key) return latest.rows
  const rows = computeOnce(join(cacheFolder(), 'backbone', `${key}.checkpoint`), () =>
    backboneFeatures(backbone, dataset, hooks),
  )
  latest = { key, rows }
  // A full disk may have room at the next attempt.
  rows.catch(() => {
    if (latest?.rows === rows) latest = undefined
  })
  return rows
}

async function computeOnce(path: string, compute: () => Promise<Float32Array>): Promise<Float32Array> {
  const known = await loadCheckpoint(path)
  if (known) return known.tensors.features!
  const features = await compute()
  await saveCheckpoint(path, { iteration: 0, curve: [], pendingLoss: 0, tensors: { features } })
  return features
}

/** The rows of some examples, as a phase that trains the head alone takes them. */
export async function backboneFeed(backbone: Backbone, examples: Examples<Role>): Promise<Features> {
  const { featureCount } = backbone
  const rows = await backboneRows(backbone, examples.dataset)
  const own = new Float32Array(examples.indices.length * featureCount)
  examples.indices.forEach((index, row) => {
    own.set(rows.subarray(index * featureCount, (index + 1) * featureCount), row * featureCount)
  })
  return { ...featureFeed(examples, own, featureCount), examples }
}
