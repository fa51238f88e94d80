import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { catchInterrupts, type Interrupts } from './interrupt.ts'

let stops: number
let interrupts: Interrupts
let exit: ReturnType<typeof spyOnExit>

beforeEach(() => {
  vi.useFakeTimers()
  exit = spyOnExit()
  stops = 0
  interrupts = catchInterrupts(() => stops++, 130)
})
afterEach(() => {
  interrupts.release()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function spyOnExit() {
  return vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
}

/** What the process does at a signal, without those that run the tests. */
function signal(): void {
  process.listeners('SIGTERM').at(-1)!('SIGTERM')
}

describe('catchInterrupts', () => {
  it('asks to stop at the first signal, and ends at the second', () => {
    signal()
    expect([stops, interrupts.stop.aborted, interrupts.kill.aborted]).toEqual([1, true, false])
    signal()
    expect([stops, interrupts.kill.aborted]).toEqual([1, true])
    vi.advanceTimersByTime(2000)
    expect(exit).toHaveBeenCalledWith(130)
  })

  it('ends a minute after the first where no second comes', () => {
    signal()
    vi.advanceTimersByTime(59_000)
    expect([interrupts.kill.aborted, exit.mock.calls]).toEqual([false, []])
    vi.advanceTimersByTime(3000)
    expect(interrupts.kill.aborted).toBe(true)
    expect(exit).toHaveBeenCalledWith(130)
  })

  it('ends nothing where all stopped in time', () => {
    const before = process.listenerCount('SIGTERM')
    signal()
    interrupts.release()
    expect(process.listenerCount('SIGTERM')).toBe(before - 1)
    vi.advanceTimersByTime(120_000)
    expect(exit).not.toHaveBeenCalled()
  })
})
