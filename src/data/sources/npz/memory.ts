/** What an archive may take of memory: one that unpacks to more was made to do harm, or for another machine. */
import { totalmem } from 'node:os'
import { EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'

/** Of memory: it holds more than pixels, and in a study each worker holds these anew. */
const SHARE = 1 / 2

/** A label or group, as it is read and numbered: about so many bytes. */
const ITEM_BYTES = 64

/** What is held beside the pixels, and of how much. */
export interface Holdings {
  /** Unpacked bytes of each array of labels, groups and names. */
  readonly lists: readonly number[]
  /** Images in all. */
  readonly items: number
  /** Bytes that there are. */
  readonly memory: number
}

/** Bytes of memory that this process may have at most: the machine's, or its container's. */
export function machineMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity)
}

/**
 * Memory for the pixels of an archive, if there is enough for all of its arrays together.
 *
 * @throws EvenkeelError `data.memory` with what they need and what there is
 */
export function allocate(archive: string, pixels: number, { lists, items, memory }: Holdings): Uint8Array {
  const needed = pixels + lists.reduce((sum, bytes) => sum + bytes + ITEM_BYTES * items, 0)
  const fail = (limit: string, cause?: unknown): never => {
    throw new EvenkeelError(
      'data.memory',
      `the arrays of ${printable(archive)} unpack to ${gigabytes(needed)} GB, more than ${limit}`,
      'save fewer or smaller images, or as image files: those are read from the disk one by one',
      { cause },
    )
  }
  if (needed > SHARE * memory) fail(`half of the ${gigabytes(memory)} GB of memory that there are`)
  try {
    return new Uint8Array(pixels)
  } catch (error) {
    return fail('can be had in one piece', error)
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toPrecision(2)
}
