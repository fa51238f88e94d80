import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sources } from '../sources/registry.ts'
import { checksumOf } from './checksum.ts'
import { fetchableSet, fetchableSets, usualDirectory } from './sets.ts'

const SHARED = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

const HEX_LENGTHS = { md5: 32, sha1: 40, sha256: 64 }

describe('the sets that can be fetched', () => {
  it('are data sources, with whole checksums and the URL of a folder', () => {
    for (const { id, url, files } of fetchableSets) {
      expect(sources.map((source) => source.id)).toContain(id)
      expect(url).toMatch(/^https?:\/\/\S+\/$/)
      for (const checksum of files.flatMap((file) => [file.checksum, ...Object.values(file.unpacksTo ?? {})])) {
        const [algorithm, hex] = checksum.split(':') as [keyof typeof HEX_LENGTHS, string]
        expect(hex).toMatch(/^[0-9a-f]+$/)
        expect(hex).toHaveLength(HEX_LENGTHS[algorithm])
      }
    }
  })

  it('have a usual place, and a suggestion for a mistyped name', () => {
    expect(usualDirectory('mnist')).toBe('data/mnist')
    expect(fetchableSet('mnist').files).toHaveLength(4)
    expect(() => fetchableSet('minst')).toThrow("'minst' is no set that can be fetched")
  })
})

describe.skipIf(!existsSync(SHARED))('checksums of the real files in ../shared (skipped where it is missing)', () => {
  it.each(['mnist', 'fashion-mnist'])('of %s', async (id) => {
    for (const { name, checksum } of fetchableSet(id).files) {
      expect(await checksumOf(join(SHARED, id, name), checksum)).toBe(checksum)
    }
  })

  it('of a batch of cifar-10, unpacked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-sets-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const batch = join(folder, 'data_batch_3.bin')
    await pipeline(
      createReadStream(join(SHARED, 'cifar-10', 'data_batch_3.bin.gz')),
      createGunzip(),
      createWriteStream(batch),
    )
    const [archive] = fetchableSet('cifar-10').files
    const checksum = archive!.unpacksTo!['cifar-10-batches-bin/data_batch_3.bin']!
    expect(await checksumOf(batch, checksum)).toBe(checksum)
  })
})
