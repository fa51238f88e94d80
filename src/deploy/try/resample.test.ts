import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { grey } from '../../data/images.ts'
import { asModelInput, type Rgba } from './resample.ts'

const input = { shorterSide: 6, height: 6, width: 6, channels: 3 }

/** An image whose pixel [y, x] is `colour`. */
function made(width: number, height: number, colour: (y: number, x: number) => readonly number[]): Rgba {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(y, x), (y * width + x) * 4)
  return { width, height, data }
}

describe('a model input from an image', () => {
  it('of the size asked for is the image itself', () => {
    const image = made(6, 6, (y, x) => [y * 40, x * 40, 7, 255])
    const expected = Array.from({ length: 36 }, (_, i) => [Math.floor(i / 6) * 40, (i % 6) * 40, 7]).flat()
    expect([...asModelInput(image, input)]).toEqual(expected)
  })

  it('keeps a flat colour flat, however it is scaled', () => {
    for (const [width, height] of [[31, 17] as const, [4, 9] as const]) {
      const flat = asModelInput(
        made(width, height, () => [10, 200, 255, 255]),
        input,
      )
      expect(new Set(flat)).toEqual(new Set([10, 200, 255]))
    }
  })

  it('is the middle of the longer side', () => {
    // Columns 0 to 11 in steps of 20: the middle six are 3 to 8.
    const image = made(12, 6, (_, x) => [x * 20, 0, 0, 255])
    const reds = [...asModelInput(image, input)].filter((_, i) => i % 3 === 0).slice(0, 6)
    expect(reds).toEqual([60, 80, 100, 120, 140, 160])
  })

  it('lies on black where it is transparent, and is grey where one channel is asked for', () => {
    const half = made(6, 6, () => [200, 100, 50, 51])
    const [red, green, blue] = asModelInput(half, input)
    expect([red, green, blue]).toEqual([40, 20, 10])
    expect(asModelInput(half, { ...input, channels: 1 })[0]).toBe(grey(40, 20, 10))
    expect([grey(255, 0, 0), grey(0, 255, 0), grey(0, 0, 255), grey(255, 255, 255)]).toEqual([76, 150, 29, 255])
  })

  const folder = fileURLToPath(new URL('../../../../shared/data/wbc/neutrophil', import.meta.url))
  it.skipIf(!existsSync(folder))('is what the image library makes of blood cells (needs ../shared)', async () => {
    const { decode } = await import('../../data/sources/image-folder/decode.ts')
    for (const name of readdirSync(folder).slice(0, 3)) {
      const file = readFileSync(`${folder}/${name}`)
      const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      const decoded = await decode(file, 24)
      if ('fault' in decoded) throw new Error(decoded.fault)
      const { height, width, pixels } = decoded
      const ours = asModelInput({ ...info, data }, { shorterSide: 24, height, width, channels: 3 })
      const size = height * width
      const differences = [...ours].map((value, i) => Math.abs(value - pixels[(i % 3) * size + Math.floor(i / 3)]!))
      // Libraries round between the two directions.
      expect(Math.max(...differences)).toBeLessThanOrEqual(3)
      expect(differences.reduce((sum, difference) => sum + difference, 0) / differences.length).toBeLessThan(0.6)
    }
  })
})
