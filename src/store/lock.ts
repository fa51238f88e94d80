/**
 * One coordinator a study. The lock is an open exclusive transaction on a file of its own: the operating system ends it with
 * the process, however that dies, so there is never a stale lock to remove by hand.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EvenkeelError } from '../base/errors.ts'
import { type Database, openDatabase } from './sqlite.ts'

export interface StudyLock {
  release(): void
}

/** Keeps the connections of held locks reachable: a collected one would end its transaction. */
const held = new Set<Database>()

/**
 * Takes the lock of a study directory, or fails at once. It writes `lock.sqlite`, and `lock.pid` to tell others who has it.
 *
 * @throws EvenkeelError `store.running` when another process, or this one, holds the lock.
 */
export function lockStudy(directory: string): StudyLock {
  const pidFile = join(directory, 'lock.pid')
  const database = openDatabase(join(directory, 'lock.sqlite'), { timeout: 0 })
  try {
    // Nothing is ever written into this file, so its journal need not touch the disk.
    database.exec('pragma journal_mode = memory; begin exclusive')
  } catch (error) {
    database.close()
    if (!(error instanceof EvenkeelError) || error.code !== 'store.locked') throw error
    const pid = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').trim() : ''
    throw new EvenkeelError(
      'store.running',
      `another evenkeel process${pid && ` (pid ${pid})`} is running the study in ${directory}`,
      'wait until it ends or stop it; its finished trials are kept',
      { cause: error },
    )
  }
  held.add(database)
  writeFileSync(pidFile, `${process.pid}\n`)
  return {
    release() {
      if (held.delete(database)) database.close()
    },
  }
}

/** Whether a process holds the lock of a study directory. It looks without taking it, and works on a read-only disk. */
export function isLocked(directory: string): boolean {
  const path = join(directory, 'lock.sqlite')
  if (!existsSync(path)) return false
  const lock = openDatabase(path, { readOnly: true, timeout: 0 })
  try {
    lock.value('select count(*) from sqlite_schema')
    return false
  } catch (error) {
    if (error instanceof EvenkeelError && error.code === 'store.locked') return true
    throw error
  } finally {
    lock.close()
  }
}
