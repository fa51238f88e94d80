import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { digits } from '../data/index.ts'
import { resolveConfig } from '../study/config.ts'
import { planStudy } from '../study/plan.ts'
import { describeDataset } from '../study/setup.ts'
import { showProgress } from './progress.ts'

const config = resolveConfig({
  replicates: 2,
  methods: ['oversampling'],
  profiles: [{ kind: 'step', rho: 10, mu: 0.5 }],
})
const plan = planStudy(config, [describeDataset(config, 'digits', await digits())])

/** What is written, and a clock that stands still until it is set. */
function follow(isTTY: boolean) {
  const written: string[] = []
  const clock = { ms: 0 }
  const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) }
  return { written, clock, progress: showProgress(stream, () => clock.ms) }
}

describe('progress where lines stay', () => {
  it('is a line every ten seconds at most, with rate and time left', () => {
    const { written, clock, progress } = follow(false)
    progress.update({ type: 'planned', plan, done: 0, workers: 2 })
    for (clock.ms = 0; clock.ms <= 20_000; clock.ms += 500) {
      progress.update({ type: 'progress', share: clock.ms / 40_000 })
    }
    progress.end()
    expect(written).toEqual([
      'digits: 4 trials in 1 cell; 2 workers\n',
      '━━━━━━──────────────────  0 of 4 trials  25 %  6.0 trials/min  30 s left\n',
      '━━━━━━━━━━━━────────────  0 of 4 trials  50 %  6.0 trials/min  20 s left\n',
    ])
  })

  it('counts what this run does, not what was done before', () => {
    const { written, clock, progress } = follow(false)
    progress.update({ type: 'planned', plan, done: 2, workers: 1 })
    clock.ms = 3_600_000
    progress.update({ type: 'progress', share: 0.5 })
    expect(written[0]).toBe('digits: 4 trials in 1 cell, 2 of them done before; 1 worker\n')
    expect(written[1]).toContain('2 of 4 trials  50 %  1.0 trials/hour  1 h 00 min left')
  })

  it('tells what happens to how many images, where that takes a while', () => {
    const { written, clock, progress } = follow(false)
    for (let done = 1; done <= 120; done++) {
      clock.ms += 100
      progress.update({ type: 'images', what: 'looking at images through x.onnx', done, of: 200 })
    }
    progress.end()
    expect(written).toEqual(['looking at images through x.onnx  ━━━━━━━━━━━━────────────  100 of 200\n'])
  })

  it('says nothing of a study that is done', () => {
    const { written, progress } = follow(false)
    progress.update({ type: 'planned', plan, done: 4, workers: 1 })
    progress.end()
    expect(written).toEqual([])
  })

  it('tells failures at once', () => {
    const { written, progress } = follow(false)
    progress.update({ type: 'failure', trials: ['a', 'b'], reason: 'the loss became NaN', final: true })
    progress.update({ type: 'failure', trials: ['a'], reason: 'it was killed', final: false })
    expect(written).toEqual([
      'failed: a, b: the loss became NaN\n',
      'a worker failed and is tried again: it was killed\n',
    ])
  })
})

it('on a terminal it is one line that is drawn again and goes away', async () => {
  vi.stubEnv('CI', undefined)
  vi.stubEnv('TERM', 'xterm')
  const { written, clock, progress } = follow(true)
  vi.unstubAllEnvs()
  progress.update({ type: 'planned', plan, done: 0, workers: 2 })
  clock.ms = 5000
  progress.update({ type: 'progress', share: 0.5 })
  await delay(600)
  progress.end()
  const line = '\r\u001b[K━━━━━━━━━━━━────────────  0 of 4 trials  50 %  24.0 trials/min  5 s left'
  expect(written.filter((text) => text === line).length).toBeGreaterThan(0)
  expect(written.at(-1)).toBe('\r\u001b[K')
  expect(written.filter((text) => text.includes('\n'))).toEqual(['digits: 4 trials in 1 cell; 2 workers\n'])
})
