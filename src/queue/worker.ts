/**
 * The worker's side of a queue. A worker module is one call of `serveJobs`; the process lives as long as its coordinator.
 */
import { EvenkeelError } from '../base/errors.ts'

export interface JobContext {
  /** Hands plain data (structured clone) to the coordinator; resolves when its `onEvent` has finished. */
  emit(event: unknown): Promise<void>
  /** True once the coordinator asks to save a checkpoint and return 'stopped'. */
  stopRequested(): boolean
}

export type JobHandler = (payload: unknown, context: JobContext) => Promise<'done' | 'stopped'>

export type ToWorker =
  | { readonly type: 'job'; readonly payload: unknown }
  | { readonly type: 'acknowledged' }
  | { readonly type: 'stop' }

export type FromWorker =
  | { readonly type: 'event'; readonly event: unknown }
  | { readonly type: 'ended'; readonly outcome: 'done' | 'stopped' }
  | { readonly type: 'failed'; readonly code: string; readonly reason: string }

/**
 * Runs the coordinator's jobs, one after the other, until the coordinator ends.
 *
 * The handler must give way to the event loop now and then (any real await between training steps does), otherwise it sees no
 * stop request and outlives its coordinator. An event that it emits without awaiting still arrives, in order.
 *
 * @throws EvenkeelError `worker.alone` when this process was not started by a queue.
 */
export function serveJobs(handler: JobHandler): void {
  if (!process.send) throw new EvenkeelError('worker.alone', 'a worker must be started by a queue, not by hand')
  const send = (message: FromWorker) => process.send?.(message)
  const unacknowledged: (() => void)[] = []
  let stopping = false

  const run = async (payload: unknown) => {
    let running = true
    const emit = (event: unknown) =>
      new Promise<void>((resolve) => {
        if (!running) throw new Error('emit was called after the job had ended')
        send({ type: 'event', event })
        unacknowledged.push(resolve)
      })
    try {
      const outcome = await handler(payload, { emit, stopRequested: () => stopping })
      send({ type: 'ended', outcome })
    } catch (error) {
      send({ type: 'failed', ...describe(error) })
    }
    running = false
  }

  // Ctrl-C reaches every process of the terminal; what becomes of it is for the coordinator to say.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => {})
  // SIGKILL, because a usual exit waits for native threads.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.on('message', (message: ToWorker) => {
    if (message.type === 'job') void run(message.payload)
    else if (message.type === 'acknowledged') unacknowledged.shift()?.()
    else stopping = true
  })
}

function describe(error: unknown): { code: string; reason: string } {
  if (error instanceof EvenkeelError) return { code: error.code, reason: error.message }
  if (!(error instanceof Error)) return { code: 'worker.error', reason: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'worker.error'
  return { code, reason: error.stack ?? error.message }
}
