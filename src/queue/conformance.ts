/** What every queue must do (queue.ts), as a test suite. Its workers run from dist/, so build first. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EvenkeelError } from '../base/errors.ts'
import type { Failure, Job, Queue, QueueOptions, QueueResult } from './queue.ts'

/** A job for fixtures/worker.mjs. */
export function script(key: string, ...steps: [step: string, argument?: unknown][]): Job {
  return { key, payload: steps }
}

interface Transcript {
  readonly result: QueueResult
  /** Every event with the key of its job, in the order of `onEvent`. */
  readonly events: [key: string, event: unknown][]
  readonly failures: [key: string, failure: Failure & { final: boolean }][]
}

export function queueConformance(name: string, queue: Queue): void {
  const workerModule = new URL('./fixtures/worker.mjs', import.meta.url)
  let directory: string

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenkeel-queue-'))
  })

  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(directory, { recursive: true, force: true })
  })

  async function run(jobs: Job[], options: Partial<QueueOptions> = {}): Promise<Transcript> {
    const events: Transcript['events'] = []
    const failures: Transcript['failures'] = []
    const result = await queue(jobs, {
      workerModule,
      workers: 1,
      ...options,
      onEvent: async (job, event) => {
        await options.onEvent?.(job, event)
        events.push([job.key, event])
      },
      onFailure: (job, failure) => {
        failures.push([job.key, failure])
      },
    })
    return { result, events, failures }
  }

  describe(`${name}: jobs and events`, () => {
    it('does nothing for no jobs', async () => {
      expect((await run([])).result).toStrictEqual({ done: [], failed: [], stopped: [] })
    })

    it.each([1, 2, 3])('runs every job once with %i workers, and reports them in their order', async (workers) => {
      const keys = ['e', 'd', 'c', 'b', 'a']
      // Earlier jobs take longer, so that several workers finish in another order.
      const jobs = keys.map((key, i) => script(key, ['emit', 1], ['sleep', 80 - 20 * i], ['emit', 2]))
      const { result, events, failures } = await run(jobs, { workers })
      expect(result).toStrictEqual({ done: keys, failed: [], stopped: [] })
      expect(failures).toStrictEqual([])
      for (const key of keys)
        expect(events.filter(([of]) => of === key).map(([, event]) => event)).toStrictEqual([1, 2])
      const started = events.filter(([, event]) => event === 1).map(([key]) => key)
      if (workers === 1) expect(started).toStrictEqual(keys)
    })

    it('handles the events of a job in order and one at a time, though the worker does not wait', async () => {
      const numbers = Array.from({ length: 20 }, (_, i) => i)
      let handling = 0
      const { result, events } = await run([script('a', ['emitAllAtOnce', numbers])], {
        onEvent: async (_, event) => {
          expect(++handling).toBe(1)
          await setTimeout(Number(event) % 3)
          handling--
        },
      })
      expect(events).toStrictEqual(numbers.map((number) => ['a', number]))
      expect(result.done).toStrictEqual(['a'])
    })

    it('acknowledges an event when onEvent has finished, not before', async () => {
      const file = join(directory, 'acknowledged')
      await run([script('a', ['emit', 1], ['append', [file, 'x']])], {
        onEvent: async () => {
          await setTimeout(100)
          expect(existsSync(file)).toBe(false)
        },
      })
      expect(existsSync(file)).toBe(true)
    })

    it('takes no event of a job that has ended for one of the next job', async () => {
      const { result, events } = await run([script('a', ['emitLate', 'late']), script('b', ['sleep', 80])])
      expect(result.done).toStrictEqual(['a', 'b'])
      expect(events).toStrictEqual([])
    })

    it('carries plain data exactly', async () => {
      const data = { loss: [Number.NaN, -0, Number.POSITIVE_INFINITY, 5e-324], text: 'é\u0000', none: null }
      expect((await run([script('a', ['emit', data])])).events).toStrictEqual([['a', data]])
    })

    it.each([{ workers: 0 }, { workers: 1.5 }, { maxAttempts: 0 }])('refuses %o', async (options) => {
      await expect(run([script('a')], options)).rejects.toMatchObject({ code: 'queue.option' })
    })
  })

  describe(`${name}: failures`, () => {
    it.each([
      ['die', 'SIGKILL', 'was killed by SIGKILL'],
      ['die', 'SIGSEGV', 'was killed by SIGSEGV'],
      ['exit', 134, 'exited with code 134'],
    ])('names the death and the last words of a worker: %s %s', async (step, argument, words) => {
      const jobs = [script('a', ['print', 'last words'], [step, argument]), script('b', ['emit', 1])]
      const { result, events, failures } = await run(jobs, { maxAttempts: 1 })
      expect(result).toStrictEqual({ done: ['b'], failed: ['a'], stopped: [] })
      expect(events).toStrictEqual([['b', 1]])
      expect(failures).toMatchObject([['a', { code: 'worker.crashed', attempt: 1, final: true }]])
      expect(failures[0]?.[1].reason).toContain(words)
      expect(failures[0]?.[1].reason).toContain('it printed:\nlast words')
    })

    it('says when a worker ran out of memory', async () => {
      vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=30')
      const { failures } = await run([script('a', ['exhaustMemory'])], { maxAttempts: 1 })
      expect(failures[0]?.[1].reason).toMatch(/^the worker process was killed by SIGABRT, out of memory; it printed:/)
    })

    it('tries the job of a dead worker again, in a fresh process', async () => {
      const job = script('a', ['emitPid'], ['dieOnce', join(directory, 'died')], ['emit', 'survived'])
      const { result, events, failures } = await run([job])
      expect(result.done).toStrictEqual(['a'])
      expect(failures).toMatchObject([['a', { code: 'worker.crashed', attempt: 1, final: false }]])
      const [first, second, last] = events.map(([, event]) => event)
      expect(first).not.toBe(second)
      expect(last).toBe('survived')
    })

    it.each([1, 2])(
      'gives up a poisonous job after its attempts, and runs the others on %i workers',
      async (workers) => {
        const jobs = [script('a', ['emit', 1]), script('poison', ['die', 'SIGKILL']), script('b'), script('c')]
        const { result, failures } = await run(jobs, { workers, maxAttempts: 3 })
        expect(result).toStrictEqual({ done: ['a', 'b', 'c'], failed: ['poison'], stopped: [] })
        expect(failures.map(([key, { attempt, final }]) => [key, attempt, final])).toStrictEqual([
          ['poison', 1, false],
          ['poison', 2, false],
          ['poison', 3, true],
        ])
      },
    )

    it('fails the job of a handler that throws, with its code and message, and does not try again', async () => {
      const jobs = [script('a', ['throwFromUs', ['data.missing', 'no images']]), script('b', ['throw', 'unforeseen'])]
      const { result, failures } = await run(jobs)
      expect(result.failed).toStrictEqual(['a', 'b'])
      expect(failures).toMatchObject([
        ['a', { code: 'data.missing', reason: 'no images', attempt: 1, final: true }],
        ['b', { code: 'worker.error', attempt: 1, final: true }],
      ])
      expect(failures[1]?.[1].reason).toMatch(/^Error: unforeseen\n +at /)
    })

    it('tries a handler that threw again if retryable says so', async () => {
      const marker = join(directory, 'thrown')
      const { result, failures } = await run([script('a', ['throwOnce', marker])], {
        retryable: (failure) => failure.reason.includes('once'),
      })
      expect(result.done).toStrictEqual(['a'])
      expect(failures).toMatchObject([['a', { attempt: 1, final: false }]])
    })
  })

  describe(`${name}: stopping`, () => {
    it('gently: running jobs save a checkpoint, waiting ones are not started', async () => {
      const controller = new AbortController()
      let running = 0
      const train: [string, unknown] = ['trainUntilStopped', join(directory, 'steps')]
      const jobs = [script('a'), script('b', ['emit', 'go'], train), script('c', ['emit', 'go'], train), script('d')]
      const { result, events, failures } = await run(jobs, {
        workers: 2,
        signal: controller.signal,
        onEvent: (_, event) => {
          if (event === 'go' && running++ === 1) controller.abort()
        },
      })
      expect(result).toStrictEqual({ done: ['a'], failed: [], stopped: ['b', 'c', 'd'] })
      expect(events.filter(([, event]) => event === 'checkpoint').length).toBe(2)
      expect(failures).toStrictEqual([])
    })

    it('gently: a job that can end soon is done', async () => {
      const controller = new AbortController()
      const { result } = await run([script('a', ['emit', 1], ['emit', 2]), script('b')], {
        signal: controller.signal,
        onEvent: () => controller.abort(),
      })
      expect(result).toStrictEqual({ done: ['a'], failed: [], stopped: ['b'] })
    })

    it('gently: a job that dies meanwhile is not tried again and stays for the next run', async () => {
      const controller = new AbortController()
      const { result, failures } = await run([script('a', ['emit', 1], ['die', 'SIGKILL'])], {
        signal: controller.signal,
        onEvent: () => controller.abort(),
      })
      expect(result.stopped).toStrictEqual(['a'])
      expect(failures).toMatchObject([['a', { final: false }]])
    })

    it('before the start', async () => {
      const { result, events } = await run([script('a', ['emit', 1])], { signal: AbortSignal.abort() })
      expect(result).toStrictEqual({ done: [], failed: [], stopped: ['a'] })
      expect(events).toStrictEqual([])
    })

    it('now: kills every worker, and calls it no failure', async () => {
      const controller = new AbortController()
      const pids: number[] = []
      const jobs = ['a', 'b', 'c'].map((key) => script(key, ['emitPid'], ['sleep', 60_000]))
      const { result, failures } = await run(jobs, {
        workers: 2,
        kill: controller.signal,
        onEvent: (_, pid) => {
          if (pids.push(Number(pid)) === 2) controller.abort()
        },
      })
      expect(result).toStrictEqual({ done: [], failed: [], stopped: ['a', 'b', 'c'] })
      expect(failures).toStrictEqual([])
      expect(pids.filter(isAlive)).toStrictEqual([])
    })

    it('at an error of onEvent, with that error, after killing every worker', async () => {
      const full = new EvenkeelError('store.full', 'database or disk is full')
      const pids: number[] = []
      const jobs = ['a', 'b', 'c'].map((key) => script(key, ['emitPid'], ['sleep', 60_000]))
      const running = run(jobs, {
        workers: 2,
        onEvent: (_, pid) => {
          if (pids.push(Number(pid)) === 2) throw full
        },
      })
      await expect(running).rejects.toBe(full)
      expect(pids.filter(isAlive)).toStrictEqual([])
    })

    it('at an error of onFailure, with that error', async () => {
      const full = new EvenkeelError('store.full', 'database or disk is full')
      const running = queue([script('a', ['throw', 'x'])], {
        workerModule,
        workers: 1,
        onEvent: () => {},
        onFailure: () => Promise.reject(full),
      })
      await expect(running).rejects.toBe(full)
    })

    it('leaves no worker behind after a usual end', async () => {
      const { events } = await run([script('a', ['emitPid'])])
      expect(events.map(([, pid]) => Number(pid)).filter(isAlive)).toStrictEqual([])
    })
  })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
