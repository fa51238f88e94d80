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

/** How long the first signal waits, in milliseconds: who sends but one, as service managers do, is answered all the same. */
const GRACE = 60_000

/** Takes signals over; `onStop` is called at the first. What has not ended a minute later ends as if there had been a second. */
export function catchInterrupts(onStop: () => void, exitCode: number): Interrupts {
  const stop = new AbortController()
  const kill = new AbortController()
  let grace: NodeJS.Timeout | undefined
  const endNow = () => {
    kill.abort()
    setTimeout(() => process.exit(exitCode), PATIENCE).unref()
  }
  const listener = () => {
    if (stop.signal.aborted) return endNow()
    grace = setTimeout(endNow, GRACE).unref()
    stop.abort()
    onStop()
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return {
    stop: stop.signal,
    kill: kill.signal,
    release: () => {
      clearTimeout(grace)
      for (const signal of SIGNALS) process.off(signal, listener)
    },
  }
}
