/** One child process that runs jobs, seen from the coordinator. */
import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import type { FromWorker, ToWorker } from './worker.ts'

/** How one attempt at a job ended. */
export type Ending =
  | { readonly type: 'ended'; readonly outcome: 'done' | 'stopped' }
  | { readonly type: 'failed'; readonly code: string; readonly reason: string }
  | { readonly type: 'crashed'; readonly signal: NodeJS.Signals | null; readonly reason: string }

export interface WorkerProcess {
  /** Runs one job; each event is acknowledged when `onEvent` has finished, before the next is looked at. */
  run(payload: unknown, onEvent: (event: unknown) => void | Promise<void>): Promise<Ending>
  requestStop(): void
  /** Ends the process at once; resolves when it is gone. An idle worker has nothing to lose by it. */
  kill(): Promise<void>
}

interface Death {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** How much of a worker's output is kept to explain its death, in characters: V8's report of a full heap fits. */
const OUTPUT_KEPT = 4000

/**
 * A worker owns one core: V8's helper threads would take a tenth of its neighbour's. Its memory is tensors, and V8's own share would grow
 * by 10 MB that it does not need.
 */
export const workerFlags: readonly string[] = ['--single-threaded-gc', '--max-semi-space-size=1']

/**
 * Starts a process with the given module. What it prints never mixes with our own output. Structured clone carries the
 * messages, because JSON would lose NaN and -0.
 */
export function startWorker(module: URL): WorkerProcess {
  const child = fork(module, {
    serialization: 'advanced',
    execArgv: [...workerFlags],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const output = tailOf(child)
  const closed = new Promise<Death>((resolve) => {
    // 'close' comes after the exit, the last message and the last output; 'error' when no process could be started.
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
  const messages = on(child, 'message', { close: ['close'] }) as AsyncIterator<[FromWorker], undefined>
  // A message to a process that has just died is no error of its own: the end of `messages` tells.
  const send = (message: ToWorker) => child.send(message, () => {})

  return {
    async run(payload, onEvent) {
      send({ type: 'job', payload })
      for (;;) {
        const next = await messages.next()
        if (next.done) {
          const death = await closed
          return { type: 'crashed', signal: death.signal, reason: describe(death, output()) }
        }
        const [message] = next.value
        if (message.type !== 'event') return message
        await onEvent(message.event)
        send({ type: 'acknowledged' })
      }
    },
    requestStop: () => {
      send({ type: 'stop' })
    },
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}

/** Collects what the process prints, and gives the end of it. */
function tailOf(child: ChildProcess): () => string {
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-OUTPUT_KEPT)
    })
  }
  return () => tail.trim()
}

function describe({ code, signal }: Death, output: string): string {
  const how = signal ? `was killed by ${signal}` : `exited with code ${code}`
  const why = output.includes('heap out of memory') ? ', out of memory' : ''
  return `the worker process ${how}${why}${output && `; it printed:\n${output}`}`
}
