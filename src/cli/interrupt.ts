/** What Ctrl-C and SIGTERM ask for. */
export interface Interrupts {
  /** Aborted by the first: finish or checkpoint. */
  readonly stop: AbortSignal
  /** Aborted by the second: now. */
  readonly kill: AbortSignal
  /** From here on signals end the process again, as they do by default. */
  release(): void
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** How long the second signal waits for the workers' end before the process ends anyway, in milliseconds. */
const PATIENCE = 1000

/** Takes signals over; `onStop` is called at the first. */
export function catchInterrupts(onStop: () => void, exitCode: number): Interrupts {
  const stop = new AbortController()
  const kill = new AbortController()
  const listener = () => {
    if (!stop.signal.aborted) {
      stop.abort()
      onStop()
    } else {
      kill.abort()
      setTimeout(() => process.exit(exitCode), PATIENCE).unref()
    }
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return {
    stop: stop.signal,
    kill: kill.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, listener)
    },
  }
}
