import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classCounts } from '../dataset.ts'
import { digits } from './digits.ts'

describe('digits', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evenkeel-digits-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is the published set', async () => {
    const dataset = await digits()
    expect(dataset).toMatchObject({ name: 'digits', shape: [1, 8, 8], officialTestStart: undefined, maxPixel: 16 })
    expect(dataset.images.read(0).subarray(0, 16)).toEqual(
      Uint8Array.from([0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]),
    )
    expect([...dataset.labels.subarray(-3)]).toEqual([8, 9, 8])
    const all = { role: 'train', dataset, indices: Uint32Array.from(dataset.labels.keys()) } as const
    expect(classCounts(all)).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    expect(dataset.contentHash).toBe('2c615c6a90c8cbd875693b5c5995b76423e5374da19b09316c4e063c7ec6daa4')
  })

  it.each([
    ['0,1\n', 'expected 1797 rows, got 1'],
    ['17,'.repeat(64).concat('0\n').repeat(1797), "expected 65 integers from 0 to 16 in row 1, got '17,17,17,"],
    ['0\n'.repeat(600_000), 'expected fewer than 1000000 bytes, got more'],
  ])('refuses a file that was changed', async (text, message) => {
    const path = join(folder, 'changed.csv.gz')
    await writeFile(path, gzipSync(text))
    await expect(digits(path)).rejects.toThrow(`${path} is not the file that was shipped: ${message}`)
  })
})
