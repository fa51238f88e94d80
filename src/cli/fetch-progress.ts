import type { FetchEvent } from '../data/index.ts'
import { duration, fixed } from '../report/format.ts'
import { bar, type ProgressStream, statusLine } from './status-line.ts'

type Received = Extract<FetchEvent, { type: 'progress' }>

export interface FetchProgress {
  /** Follows a fetch. */
  update(event: FetchEvent): void
  /** Takes the status line away. */
  end(): void
}

/** A line for each file; on a terminal also how much of it has come, how fast, and how long the rest will take. */
export function showFetchProgress(stream: ProgressStream, now: () => number = () => performance.now()): FetchProgress {
  const line = statusLine(stream, now)
  let current: { readonly first: Received; readonly started: number } | undefined

  const receive = (event: Received) => {
    if (current?.first.file !== event.file) {
      current = { first: event, started: now() }
      line.say(beginning(event))
      if (line.interactive) line.draw(statusOf(event, event, 0))
      return
    }
    const { first, started } = current
    if (line.interactive) line.refresh(() => statusOf(event, first, (now() - started) / 1000))
  }

  return {
    update(event) {
      if (event.type === 'progress') receive(event)
      else line.say(sentences[event.type](event.file))
    },
    end: line.clear,
  }
}

const sentences: Readonly<Record<Exclude<FetchEvent['type'], 'progress'>, (file: string) => string>> = {
  present: (file) => `${file} is there and sound`,
  damaged: (file) => `${file} is not the published file and will be replaced`,
  unpacking: (file) => `unpacking ${file}`,
}

function beginning({ url, received, total }: Received): string {
  const whole = total === undefined ? '' : ` (${size(total)})`
  return received > 0 ? `going on with ${url}${whole} at ${size(received)}` : `fetching ${url}${whole}`
}

/** '━━━━━───────  images.gz  3.2 MB of 9.9 MB  1.2 MB/s  5 s left' */
function statusOf({ file, received, total }: Received, first: Received, seconds: number): string {
  const rate = seconds > 0 ? (received - first.received) / seconds : 0
  const parts = [file, total === undefined ? size(received) : `${size(received)} of ${size(total)}`]
  if (rate > 0) parts.push(`${size(rate)}/s`)
  if (total !== undefined) {
    parts.unshift(bar(received / total))
    if (rate > 0) parts.push(`${duration((total - received) / rate)} left`)
  }
  return parts.join('  ')
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${fixed(bytes / 1e3, 1)} kB` : `${fixed(bytes / 1e6, 1)} MB`
}
