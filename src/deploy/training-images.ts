import { createHash } from 'node:crypto'

/**
 * Digests of the images that a model was trained or calibrated on, so that whoever judges it can tell when these are among his own. A
 * digest is the first 8 bytes of SHA-256 over the bytes that the model sees, as 16 hexadecimal digits: copies of an image in files of
 * other names or kinds have the same where they decode to the same.
 */

/** @param input [height, width, channels], as the model takes it */
export function imageDigest(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 16)
}

/** The file of the digests, one a line, sorted: nothing of the order of the images is told. */
export function trainingImagesText(digests: ReadonlySet<string>): string {
  return [...digests]
    .sort()
    .map((digest) => `${digest}\n`)
    .join('')
}

/** The digests in such a file; undefined where it is another. */
export function parseTrainingImages(text: string): ReadonlySet<string> | undefined {
  return /^(?:[0-9a-f]{16}\n)*$/.test(text) ? new Set(text.split('\n').slice(0, -1)) : undefined
}
