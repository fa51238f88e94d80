import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** A published checksum in hexadecimal, after the name of its algorithm. */
export type Checksum = `${'md5' | 'sha1' | 'sha256'}:${string}`

/** The checksum of a file by the same algorithm as `like`; undefined where there is no such file. */
export async function checksumOf(path: string, like: Checksum): Promise<Checksum | undefined> {
  const algorithm = like.slice(0, like.indexOf(':')) as 'md5' | 'sha1' | 'sha256'
  const hash = createHash(algorithm)
  try {
    await pipeline(createReadStream(path), hash)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return `${algorithm}:${hash.digest('hex')}`
}

/** Whether there is a file and it is the published one. */
export async function isSound(path: string, checksum: Checksum): Promise<boolean> {
  return (await checksumOf(path, checksum)) === checksum
}
