import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { digits } from '../data/index.ts'
import { modelById } from '../nn/index.ts'
import { resolveConfig } from '../study/config.ts'
import { writeBackbone } from '../train/fixtures/backbone.ts'
import { describeBackbone } from '../train/index.ts'
import { measureLook, measureOnNoise, measureStep } from './step-time.ts'

it.each([1, 3, 200])('a step is timed where a study has %i of them', async (iterations) => {
  const config = resolveConfig({ training: { iterations, batch: 8 } })
  const seconds = await measureStep(config, await digits(), 0.05)
  expect(seconds).toBeGreaterThan(1e-5)
  expect(seconds).toBeLessThan(1)
})

it('a step is timed for images that there are not', async () => {
  const { training, initialiser, device } = resolveConfig({ training: { batch: 8 } })
  const seconds = (side: number) => {
    const network = modelById('lenet5').build({ input: [3, side, side], classes: 20, maxPixel: 255 })
    return measureOnNoise({ network, training, initialiser, device }, 0.05)
  }
  const small = await seconds(16)
  expect(small).toBeGreaterThan(1e-5)
  expect(await seconds(64)).toBeGreaterThan(3 * small)
})

it('a step of a probe is timed, and a look through its backbone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-step-time-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const backbone = await describeBackbone(writeBackbone(folder, 8))
  const config = resolveConfig({ backbone, training: { batch: 8 } })
  expect(await measureStep(config, await digits(), 0.05)).toBeGreaterThan(1e-5)
  const looks: number[] = []
  for (let i = 0; i < 3; i++) looks.push(await measureLook(backbone, [3, 8, 8]))
  expect(Math.min(...looks)).toBeGreaterThan(0)
  const large = await describeBackbone(writeBackbone(folder, 96))
  expect(await measureLook(large, [3, 96, 96])).toBeGreaterThan(Math.min(...looks))
})
