import { createHash } from 'node:crypto'
import type { Examples, Split } from '../data/index.ts'
import type { Named } from '../nn/index.ts'
import { fitWhitening, loadCheckpoint, saveCheckpoint } from '../train/index.ts'
import type { StudyConfig } from './config.ts'

/** The latest fit of this process: branches of one replicate mostly ask for the same images. */
let latest: { readonly key: string; readonly fit: Promise<Named<Float32Array>> } | undefined

/**
 * The fixed parameters that a config's preprocessing gives a network, by name; none where it fits nothing. A fit takes as long as
 * some dozens of training steps, so it is kept where the checkpoints are, for every process that comes later; those that start
 * together may each make it.
 *
 * @param path where the file of a fit with this key lies
 */
export function fixedParameters(
  { preprocessing }: StudyConfig,
  roles: Split,
  training: Examples<'train'>,
  path: (key: string) => string,
): Promise<Named<Float32Array>> {
  if (preprocessing.kind === 'none') return Promise.resolve({})
  const { scale, filterBias, fitted } = preprocessing
  const examples = fitted === 'pool' ? roles.train : training
  const key = createHash('sha256')
    .update(JSON.stringify([examples.dataset.contentHash, scale, filterBias]))
    .update(examples.indices)
    .digest('hex')
    .slice(0, 16)
  if (latest?.key === key) return latest.fit
  const fit = fitOnce(path(`whitening-${key}`), examples, { scale, filterBias })
  latest = { key, fit }
  // A full disk may have room at the next attempt.
  fit.catch(() => {
    if (latest?.fit === fit) latest = undefined
  })
  return fit
}

async function fitOnce(
  path: string,
  examples: Examples<'train'>,
  options: { readonly scale: number; readonly filterBias: number },
): Promise<Named<Float32Array>> {
  const known = await loadCheckpoint(path)
  if (known) return known.tensors
  const tensors = await fitWhitening(examples, options)
  await saveCheckpoint(path, { iteration: 0, curve: [], pendingLoss: 0, tensors })
  return tensors
}
