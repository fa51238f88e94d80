import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { sha256 } from './cache-part.ts'
import { imagesOnDisk } from './images-on-disk.ts'

it('keeps the size of the longest image that there can be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-disk-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const part = join(folder, '1.bin')
  const [height, width] = [1, 16 * 4096]
  const pixels = Uint8Array.from({ length: 3 * height * width }, (_, i) => i % 251)
  writeFileSync(part, pixels)
  const images = imagesOnDisk([{ part, offset: 0, height, width, sha256: sha256(pixels).toString('hex') }])
  onTestFinished(images.close)
  expect(images.sizeOf(0)).toEqual({ height, width })
  expect(Buffer.from(pixels).equals(images.read(0))).toBe(true)
})
