import { isInteractive } from './terminal.ts'

/** Where progress goes: stderr. */
export interface ProgressStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Milliseconds between two drawings of a status line, and between two lines where lines stay. */
export const REDRAW = 250
const LINE_INTERVAL = 10_000

/** One line that is drawn again and again on a terminal, below lines that stay. */
export interface StatusLine {
  /** Whether the stream is a terminal; elsewhere every drawing is a line that stays. */
  readonly interactive: boolean
  draw(text: string): void
  /** Draws if the last drawing, or the beginning, was long enough ago. */
  refresh(text: () => string): void
  /** A line that stays. */
  say(text: string): void
  /** Takes the status line away. */
  clear(): void
}

export function statusLine(stream: ProgressStream, now: () => number): StatusLine {
  const interactive = isInteractive({ isTTY: stream.isTTY === true })
  let drawn = now()
  const clear = () => {
    if (interactive) stream.write('\r\u001b[K')
  }
  const say = (text: string) => {
    clear()
    stream.write(`${text}\n`)
  }
  const draw = (text: string) => {
    drawn = now()
    if (interactive) stream.write(`\r\u001b[K${[...text].slice(0, (stream.columns || 80) - 1).join('')}`)
    else say(text)
  }
  const refresh = (text: () => string) => {
    if (now() - drawn >= (interactive ? REDRAW : LINE_INTERVAL)) draw(text())
  }
  return { interactive, draw, refresh, say, clear }
}

const BAR_WIDTH = 24

/** '━━━━━───────────────────' for a share in [0, 1]. */
export function bar(share: number): string {
  const filled = Math.round(share * BAR_WIDTH)
  return '━'.repeat(filled) + '─'.repeat(BAR_WIDTH - filled)
}
