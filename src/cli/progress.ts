import { duration, plural } from '../report/format.ts'
import type { StudyEvent } from '../study/run.ts'
import { bar, type ProgressStream, REDRAW, statusLine } from './status-line.ts'

export interface Progress {
  /** Follows a run. */
  update(event: StudyEvent): void
  /** A line that stays. */
  say(line: string): void
  /** Takes the status line away. */
  end(): void
}

/** Nothing is forecast before so much of the training is done. */
const FORECAST_FROM = 0.01

/** One status line on a terminal; elsewhere a plain line every ten seconds at most. */
export function showProgress(stream: ProgressStream, now: () => number = () => performance.now()): Progress {
  const line = statusLine(stream, now)
  const images = showDecoding(stream, now)
  const run = { started: now(), share: 0, done: 0, of: 0, doneBefore: 0 }
  let timer: NodeJS.Timeout | undefined

  const status = () => statusOf(run, (now() - run.started) / 1000)
  const start = ({ plan, done, workers }: Extract<StudyEvent, { type: 'planned' }>) => {
    const of = plan.trials.length
    Object.assign(run, { started: now(), done, doneBefore: done, of })
    if (done === of) return
    const before = done > 0 ? `, ${done} of them done before` : ''
    line.say(
      `${plan.config.name}: ${plural(of, 'trial')} in ${plural(plan.cells.length, 'cell')}${before}; ${plural(workers, 'worker')}`,
    )
    if (line.interactive) timer = setInterval(() => line.draw(status()), REDRAW).unref()
  }

  return {
    say: line.say,
    update(event) {
      if (event.type === 'images') return images.update(event.done, event.of, event.what)
      if (event.type === 'planned') start(event)
      else if (event.type === 'progress') run.share = event.share
      else if (event.type === 'trial') run.done = event.done
      else if (event.final) line.say(`failed: ${event.trials.join(', ')}: ${event.reason}`)
      else line.say(`a worker failed and is tried again: ${event.reason}`)
      if (!line.interactive) line.refresh(status)
    },
    end() {
      clearInterval(timer)
      line.clear()
    },
  }
}

/** The same for images that are decoded, or otherwise looked at, before anything else can happen. */
export function showDecoding(stream: ProgressStream, now: () => number = () => performance.now()) {
  const line = statusLine(stream, now)
  return {
    update: (done: number, of: number, what = 'decoding images'): void =>
      line.refresh(() => `${what}  ${bar(done / of)}  ${done} of ${of}`),
    end: line.clear,
  }
}

interface RunState {
  /** Of this run's training, in [0, 1]. */
  readonly share: number
  readonly done: number
  readonly of: number
  readonly doneBefore: number
}

/** '━━━━━───────  34 of 80 trials  41 %  12.3 trials/min  1 min 20 s left' */
function statusOf({ share, done, of, doneBefore }: RunState, seconds: number): string {
  const parts = [bar(share), `${done} of ${of} trials`, `${Math.floor(share * 100)} %`]
  if (share >= FORECAST_FROM && seconds > 0) {
    // By the share of the training, since trials come in bunches at the end of each phase.
    parts.push(rate(((of - doneBefore) * share) / seconds), `${duration((seconds * (1 - share)) / share)} left`)
  }
  return parts.join('  ')
}

/** In a unit that gives a number one can picture. */
function rate(trialsPerSecond: number): string {
  const perMinute = trialsPerSecond * 60
  return perMinute >= 2 ? `${perMinute.toFixed(1)} trials/min` : `${(perMinute * 60).toFixed(1)} trials/hour`
}
