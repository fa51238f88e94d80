import { readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvenkeelError } from '../../base/errors.ts'

/** Locks that this process holds: a file of its number that is not among them was left by an earlier one. */
const held = new Set<string>()

/**
 * Does work on a directory that nobody else does at the same time. The lock is a file that is named by the process, so that the
 * one of a process that was killed tells that it is of no use; of two that begin in the same moment neither may go on.
 *
 * @throws EvenkeelError `data.busy` where another process, or this one, is at work there; errors of the file system as they come
 */
export async function whileLocked(directory: string, work: () => Promise<void>): Promise<void> {
  const lock = join(await realpath(directory), `.fetching-${process.pid}`)
  if (held.has(lock)) throw busy(directory, lock, process.pid)
  held.add(lock)
  try {
    await writeFile(lock, '')
    await refuseOthers(directory)
    await work()
  } finally {
    await rm(lock, { force: true })
    held.delete(lock)
  }
}

async function refuseOthers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(/^\.fetching-(\d+)$/.exec(name)?.[1] ?? process.pid)
    if (pid === process.pid) continue
    const path = join(directory, name)
    if (isAlive(pid)) throw busy(directory, path, pid)
    await rm(path, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    // Sends nothing: asks whether there is somebody to send it to.
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function busy(directory: string, lock: string, pid: number): EvenkeelError {
  return new EvenkeelError(
    'data.busy',
    `process ${pid} fetches into ${directory} already`,
    `wait for it or name another folder with --to; if it is no fetch of evenkeel, remove ${lock}`,
  )
}
