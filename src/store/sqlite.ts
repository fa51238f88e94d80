/**
 * The one door to SQLite. @photostructure/sqlite has the calls of node:sqlite and brings the same SQLite to every Node that
 * we support, without the experimental warning of the built-in one. Each failure that a person can mend becomes an
 * EvenkeelError here, so that nothing above handles SQLite's errors.
 */
import { DatabaseSync } from '@photostructure/sqlite'
import type { SqliteDatabase } from 'kysely'
import { EvenkeelError } from '../base/errors.ts'

/** An open file: what Kysely's SQLite dialect asks for, and two calls for pragmas and schemas. */
export interface Database extends SqliteDatabase {
  readonly path: string
  /** Runs statements that return nothing. */
  exec(sql: string): void
  /** The single value of a pragma or a one-cell query. */
  value(sql: string): unknown
}

export interface DatabaseOptions {
  readonly readOnly?: boolean
  /** How long to wait for another process's lock, in milliseconds. */
  readonly timeout: number
}

/** SQLite's own sentences (sqlite3_errstr), the same in every version; the driver gives no code for some failures. */
const MENDABLE: readonly (readonly [sentence: string, code: string, hint: string])[] = [
  ['database or disk is full', 'store.full', 'free some space and run again: everything saved so far is intact'],
  [
    'disk I/O error',
    'store.disk',
    'check the disk and its free space, then run again: everything saved so far is intact',
  ],
  ['attempt to write a readonly database', 'store.readonly', 'make the file and its directory writable for this user'],
  ['database is locked', 'store.locked', 'another program is writing to it: close that program and run again'],
  ['file is not a database', 'store.damaged', 'restore it from a copy, or move it away to start again'],
  ['database disk image is malformed', 'store.damaged', 'restore it from a copy, or move it away to start again'],
  ['unable to open database file', 'store.open', 'check that its directory exists and may be written by this user'],
]

/**
 * Opens or creates an SQLite file, with foreign keys enforced.
 *
 * @throws EvenkeelError `store.*` here and from every call, for the failures in the table above.
 */
export function openDatabase(path: string, options: DatabaseOptions): Database {
  const guard = <T>(call: () => T): T => {
    try {
      return call()
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error)
      const known = MENDABLE.find(([part]) => sentence.includes(part))
      if (!known) throw error
      throw new EvenkeelError(known[1], `cannot use ${path}: ${known[0]}`, known[2], { cause: error })
    }
  }
  const database = guard(
    () => new DatabaseSync(path, { readOnly: options.readOnly ?? false, timeout: options.timeout }),
  )
  return {
    path,
    exec: (sql) => guard(() => database.exec(sql)),
    value: (sql) => guard(() => Object.values(database.prepare(sql).get() ?? {})[0]),
    prepare: (sql) => {
      const statement = guard(() => database.prepare(sql))
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => guard(() => statement.all(...parameters)),
        run: (parameters) => guard(() => statement.run(...parameters)),
        iterate: (parameters) => guard(() => statement.iterate(...parameters)),
      }
    },
    close: () => database.close(),
  }
}
