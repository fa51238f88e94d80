import { expect, it } from 'vitest'
import { maskFeed } from './masks.ts'

it('maskFeed draws each mask from layer, iteration and micro-batch alone', () => {
  const masks = ['one', 'two'].map((layer) => ({ name: `mask/${layer}`, shape: [4, 25], keep: 0.5 }))
  const drawAll = (feed: ReturnType<typeof maskFeed>, iteration: number, microBatch: number) =>
    Object.fromEntries(Object.entries(feed(iteration, microBatch)).map(([name, { data }]) => [name, data.join('')]))
  const feed = maskFeed(masks, ['masks', 1])
  const drawn = [
    [0, 0],
    [0, 1],
    [1, 0],
  ].map(([iteration, microBatch]) => drawAll(feed, iteration!, microBatch!))
  expect(new Set(drawn.flatMap((each) => Object.values(each))).size).toBe(6)
  expect(drawAll(maskFeed(masks.slice(1), ['masks', 1]), 1, 0)['mask/two']).toBe(drawn[2]!['mask/two'])
  expect(drawAll(maskFeed(masks, ['masks', 2]), 1, 0)['mask/two']).not.toBe(drawn[2]!['mask/two'])
})
