/**
 * The results file, for us and for anybody who opens it with another SQLite program. Columns named config, versions, profile,
 * curve and result hold JSON (see exact-json.ts). Wall times stand apart, because they differ between two runs and results
 * must not.
 */
import { EvenkeelError } from '../base/errors.ts'
import type { Database } from './sqlite.ts'

/** Raised with every change of the tables. */
export const SCHEMA_VERSION = 1

/** 'EVKL': how `file` and we tell a study from any other SQLite file. */
const APPLICATION_ID = 0x45564b4c

export interface Tables {
  study: { id: 1; name: string; config: string; config_hash: string; versions: string }
  phase: { key: string; parent: string | null; iterations: number; curve: string }
  trial: {
    key: string
    cell: string
    dataset: string
    profile: string
    replicate: number
    method: string
    phase: string
    result: string
  }
  failure: { job: string; attempt: number; trial: string; code: string; reason: string }
  timing: { kind: 'phase' | 'trial' | 'run'; key: string; seconds: number }
}

const CREATE = `
  begin immediate;
  create table study (
    id integer primary key check (id = 1),
    name text not null,
    config text not null,
    config_hash text not null,
    versions text not null
  ) strict;
  create table phase (
    key text primary key not null,
    parent text references phase (key),
    iterations integer not null,
    curve text not null
  ) strict;
  create table trial (
    key text primary key not null,
    cell text not null,
    dataset text not null,
    profile text not null,
    replicate integer not null,
    method text not null,
    phase text not null references phase (key),
    result text not null
  ) strict;
  create table failure (
    job text not null,
    attempt integer not null,
    trial text not null,
    code text not null,
    reason text not null,
    primary key (job, attempt, trial)
  ) strict;
  create table timing (
    kind text not null check (kind in ('phase', 'trial', 'run')),
    key text not null,
    seconds real not null,
    primary key (kind, key)
  ) strict;
  pragma application_id = ${APPLICATION_ID};
  pragma user_version = ${SCHEMA_VERSION};
  commit;
`

/**
 * Makes sure that the file is a whole study of this schema; an empty one gets the tables, all or none of them.
 *
 * @throws EvenkeelError `store.damaged`, `store.foreign` or `store.version`.
 */
export function prepareSchema(database: Database, mode: 'read' | 'write'): void {
  const { path } = database
  const check = database.value('pragma quick_check(1)')
  if (check !== 'ok') {
    throw new EvenkeelError(
      'store.damaged',
      `cannot use ${path}: ${check}`,
      'restore it from a copy, or move it away to start again',
    )
  }
  if (mode === 'write' && database.value('select count(*) from sqlite_schema') === 0) database.exec(CREATE)
  if (database.value('pragma application_id') !== APPLICATION_ID) {
    throw new EvenkeelError('store.foreign', `${path} is an SQLite file, but not the results of a study`)
  }
  const version = Number(database.value('pragma user_version'))
  if (version !== SCHEMA_VERSION) {
    throw new EvenkeelError(
      'store.version',
      `${path} has schema version ${version}, this evenkeel reads ${SCHEMA_VERSION}`,
      'use the version of evenkeel that wrote it, or a newer one',
    )
  }
}
