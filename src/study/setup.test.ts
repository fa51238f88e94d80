import { expect, it } from 'vitest'
import { arrays } from '../data/index.ts'
import { resolveConfig } from './config.ts'
import { describeDataset } from './setup.ts'

it('keeps how many groups the test images of each class are of', () => {
  // Two classes in turn, of which the first has six groups of ten images and the second stands alone.
  const labels = Array.from({ length: 120 }, (_, i) => i % 2)
  const plain = arrays({
    pixels: Uint8Array.from({ length: 120 * 1024 }, (_, i) => (i * i + (i >> 10) * 31) % 256),
    labels,
    shape: [1, 32, 32],
  })
  const groups = Uint32Array.from(labels, (label, i) => (label === 0 ? Math.floor(i / 20) : 100 + i))
  const config = resolveConfig({ profiles: [{ kind: 'natural' }], methods: ['oversampling'] })
  const { test, testUnits } = describeDataset(config, 'made', { ...plain, groups })
  expect(test[0]! % 10).toBe(0)
  expect(testUnits).toEqual([test[0]! / 10, test[1]])
  expect(describeDataset(config, 'made', plain)).not.toHaveProperty('testUnits')
})
