import { expect, it } from 'vitest'
import { digits } from '../data/index.ts'
import { resolveConfig } from '../study/config.ts'
import { measureStep } from './step-time.ts'

it.each([1, 3, 200])('a step is timed where a study has %i of them', async (iterations) => {
  const config = resolveConfig({ training: { iterations, batch: 8 } })
  const seconds = await measureStep(config, await digits(), 0.05)
  expect(seconds).toBeGreaterThan(1e-5)
  expect(seconds).toBeLessThan(1)
})
