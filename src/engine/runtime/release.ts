import { MessageChannel } from 'node:worker_threads'
import type { Value } from './program.ts'

const { port1: nowhere, port2 } = new MessageChannel()
port2.close()
nowhere.unref()

/**
 * Frees the memory of results that nobody will read again, at once. V8 frees it late, since it counts only the small objects
 * round it, and a training step leaves megabytes. What is sent to a closed port is dropped with its memory
 * (ArrayBuffer.prototype.transfer, which says it better, came with Node 22).
 */
export function release(values: readonly Value[]): void {
  nowhere.postMessage(
    undefined,
    values.map(({ data }) => data.buffer as ArrayBuffer),
  )
}
