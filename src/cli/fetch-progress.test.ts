import { expect, it, vi } from 'vitest'
import type { FetchEvent } from '../data/index.ts'
import { showFetchProgress } from './fetch-progress.ts'

/** What is written, and a clock that stands still until it is set. */
function follow(isTTY: boolean) {
  const written: string[] = []
  const clock = { ms: 0 }
  const stream = { isTTY, columns: 200, write: (text: string) => written.push(text) }
  return { written, clock, progress: showFetchProgress(stream, () => clock.ms) }
}

const url = 'https://example.org/images.gz'

function received(bytes: number, total: number | undefined = 10_000_000): FetchEvent {
  return { type: 'progress', file: 'images.gz', url, received: bytes, total }
}

it('where lines stay it is a line for each file', () => {
  const { written, clock, progress } = follow(false)
  progress.update({ type: 'present', file: 'labels.gz' })
  progress.update({ type: 'damaged', file: 'images.gz' })
  for (clock.ms = 0; clock.ms <= 10_000; clock.ms += 1000) progress.update(received(clock.ms * 1000))
  progress.update({
    type: 'progress',
    file: 'more.tar',
    url: 'https://example.org/more.tar',
    received: 500_000,
    total: undefined,
  })
  progress.update({ type: 'unpacking', file: 'more.tar' })
  progress.end()
  expect(written).toEqual([
    'labels.gz is there and sound\n',
    'images.gz is not the published file and will be replaced\n',
    'fetching https://example.org/images.gz (10.0 MB)\n',
    'going on with https://example.org/more.tar at 500.0 kB\n',
    'unpacking more.tar\n',
  ])
})

it('on a terminal it also shows how much has come, at the rate of this run, and goes away', () => {
  vi.stubEnv('CI', undefined)
  vi.stubEnv('TERM', 'xterm')
  const { written, clock, progress } = follow(true)
  vi.unstubAllEnvs()
  progress.update(received(2_000_000))
  clock.ms = 100
  progress.update(received(3_000_000))
  clock.ms = 2000
  progress.update(received(6_000_000))
  progress.end()
  expect(written).toEqual([
    '\r\u001b[K',
    'going on with https://example.org/images.gz (10.0 MB) at 2.0 MB\n',
    '\r\u001b[K━━━━━───────────────────  images.gz  2.0 MB of 10.0 MB',
    '\r\u001b[K━━━━━━━━━━━━━━──────────  images.gz  6.0 MB of 10.0 MB  2.0 MB/s  2 s left',
    '\r\u001b[K',
  ])
})
