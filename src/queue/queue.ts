/**
 * The contract of a queue: jobs in, events out, and no job lost in silence. A queue knows nothing about studies; a job is a
 * key and plain data, an event is plain data.
 *
 * - Jobs are started in the given order, one at a time on each worker.
 * - The events of a job reach `onEvent` in the order in which its handler emitted them, one after the other. `emit` in the
 *   worker resolves when `onEvent` has finished: from then on the event is safe, and a checkpoint may be deleted. Events of
 *   different jobs interleave. An error of `onEvent` or `onFailure` (a full disk) kills the workers and ends the run
 *   with that error.
 * - A worker that dies fails its job, and so does a handler that throws. A dead worker's job is tried again, a thrown
 *   error's only if `retryable` says so, each time in a fresh process, `maxAttempts` times in all. The job then emits its
 *   events again: whoever keeps them must take the same event twice. A job that fails for good does not stop the others.
 * - `signal` stops gently: no job is started or tried again, and running handlers see `stopRequested()`. `kill` stops now:
 *   every worker dies at once. Jobs that did not end are `stopped`; running them again continues them.
 * - Every worker is gone when the run resolves or rejects, and soon after the coordinator dies, however it dies.
 */

export interface Job {
  readonly key: string
  /** Plain data for the handler. */
  readonly payload: unknown
}

export interface Failure {
  /** `worker.crashed`, or the code of the error that the handler threw (`worker.error` when it had none). */
  readonly code: string
  /** One sentence, then the end of what the worker printed, or the stack of an unforeseen error. */
  readonly reason: string
  /** From 1. */
  readonly attempt: number
}

export interface QueueOptions {
  /** A JavaScript module that calls `serveJobs`. */
  readonly workerModule: URL
  /** Worker processes at a time, at least 1. */
  readonly workers: number
  readonly signal?: AbortSignal
  readonly kill?: AbortSignal
  /** Attempts at each job, at least 1; default 2. */
  readonly maxAttempts?: number
  /** Whether a job whose handler threw may succeed in another attempt; default: never. */
  readonly retryable?: (failure: Failure) => boolean
  readonly onEvent: (job: Job, event: unknown) => void | Promise<void>
  /** Called for each failed attempt; `final` when there will be no other in this run. */
  readonly onFailure: (job: Job, failure: Failure & { readonly final: boolean }) => void | Promise<void>
}

/** Keys of all jobs, each list in the order of the jobs. */
export interface QueueResult {
  readonly done: string[]
  readonly failed: string[]
  /** Not started, or not ended, when the run was stopped. */
  readonly stopped: string[]
}

export type Queue = (jobs: readonly Job[], options: QueueOptions) => Promise<QueueResult>
