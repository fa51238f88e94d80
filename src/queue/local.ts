/** The queue on this machine: a pool of child processes, so that a crash in native code costs one attempt at one job. */
import { EvenkeelError } from '../base/errors.ts'
import type { Job, QueueOptions, QueueResult } from './queue.ts'
import { type Ending, startWorker, type WorkerProcess } from './worker-process.ts'

type State = 'waiting' | keyof QueueResult

/**
 * Runs the jobs on `options.workers` processes; the contract is in queue.ts.
 *
 * @throws EvenkeelError `queue.option` for numbers below 1, and whatever `onEvent` or `onFailure` throws.
 */
export async function runLocally(jobs: readonly Job[], options: QueueOptions): Promise<QueueResult> {
  const { workers, maxAttempts = 2, retryable = () => false } = options
  requirePositive('workers', workers)
  requirePositive('maxAttempts', maxAttempts)

  const broken = new AbortController()
  const kill = AbortSignal.any([broken.signal, ...(options.kill ? [options.kill] : [])])
  const stop = AbortSignal.any([kill, ...(options.signal ? [options.signal] : [])])
  const states = jobs.map((): State => 'waiting')
  const queue = jobs.entries()
  const pool = new Set<WorkerProcess>()
  kill.addEventListener('abort', () => killAll(pool))
  stop.addEventListener('abort', () => {
    for (const worker of pool) worker.requestStop()
  })

  /** Takes jobs until none is left, in one process after another. */
  async function work(): Promise<void> {
    let worker: WorkerProcess | undefined
    for (const [index, job] of queue) {
      for (let attempt = 1; states[index] === 'waiting' && !stop.aborted; attempt++) {
        worker ??= startWorker(options.workerModule)
        pool.add(worker)
        const ending = await worker.run(job.payload, (event) => handle(job, event))
        if (ending.type !== 'ended') {
          await worker.kill()
          pool.delete(worker)
          worker = undefined
        }
        states[index] = await judge(job, ending, attempt)
      }
    }
  }

  async function handle(job: Job, event: unknown): Promise<void> {
    if (!kill.aborted) await options.onEvent(job, event)
  }

  /** The job's state after an attempt; 'waiting' for another. */
  async function judge(job: Job, ending: Ending, attempt: number): Promise<State> {
    if (kill.aborted) return 'stopped'
    if (ending.type === 'ended') return ending.outcome
    // A Ctrl-C reached a worker that was still starting, and could not ignore it yet.
    if (ending.type === 'crashed' && stop.aborted && isFromTerminal(ending.signal)) return 'stopped'
    const code = ending.type === 'crashed' ? 'worker.crashed' : ending.code
    const failure = { code, reason: ending.reason, attempt }
    const again = attempt < maxAttempts && (ending.type === 'crashed' || retryable(failure))
    await options.onFailure(job, { ...failure, final: !again })
    return again ? 'waiting' : 'failed'
  }

  const pending = Array.from({ length: Math.min(workers, jobs.length) }, () =>
    work().catch((error) => broken.abort(error)),
  )
  await Promise.all(pending)
  await killAll(pool)
  broken.signal.throwIfAborted()

  const keys = (...wanted: State[]) => jobs.filter((_, i) => wanted.includes(states[i]!)).map((job) => job.key)
  return { done: keys('done'), failed: keys('failed'), stopped: keys('stopped', 'waiting') }
}

async function killAll(pool: ReadonlySet<WorkerProcess>): Promise<void> {
  await Promise.all(Array.from(pool, (worker) => worker.kill()))
}

function isFromTerminal(signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGINT' || signal === 'SIGTERM'
}

function requirePositive(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return
  throw new EvenkeelError('queue.option', `${name} must be an integer >= 1, got ${value}`)
}
