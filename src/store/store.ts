/**
 * Results that survive kill -9: one SQLite file a study.
 *
 * What a caller may rely on:
 * - A call that saves has resolved: the record is on the disk, whole, whatever happens to the process or the machine next.
 *   Before that it is there whole or not at all.
 * - Saving what is there already changes nothing; saving something else under the same key is refused, because results are
 *   bit-identical for the same key. So a job that runs twice is harmless.
 * - Numbers come back exactly, -0, NaN and the infinities included.
 * - Rows come in the order of their keys, never in the order in which workers finished.
 * - A full disk, a read-only file or a lock is an EvenkeelError, and leaves everything saved before intact.
 *
 * The write-ahead log with synchronous = full costs one disk flush a trial and lets a report, or any SQLite viewer, read
 * while a run writes. Closing puts the log away, so that a study at rest is one file, readable from a read-only disk.
 */
import { existsSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { type InsertQueryBuilder, type InsertResult, Kysely, SqliteDialect } from 'kysely'
import { EvenkeelError } from '../base/errors.ts'
import { decode, encode } from './exact-json.ts'
import { prepareSchema, type Tables } from './schema.ts'
import { type Database, openDatabase } from './sqlite.ts'

/** What the study is. `config` is any JSON value, `versions` names the software that made the results. */
export interface StudyRecord {
  readonly name: string
  readonly config: unknown
  readonly configHash: string
  readonly versions: Readonly<Record<string, string>>
}

/** One trained stretch of iterations, shared by every trial that begins with it. */
export interface PhaseRecord {
  readonly key: string
  /** The phase that it continues; undefined for one that starts from initial weights. */
  readonly parent: string | undefined
  readonly iterations: number
  readonly curve: readonly {
    readonly iteration: number
    readonly loss: number
    readonly accuracy?: { readonly train: number; readonly test: number }
  }[]
}

/** One dataset x imbalance x method x replicate, evaluated. `profile` and `result` are any JSON values. */
export interface TrialRecord {
  readonly key: string
  readonly cell: string
  readonly dataset: string
  readonly profile: unknown
  readonly replicate: number
  readonly method: string
  /** Key of its last phase, which must be saved before. */
  readonly phase: string
  readonly result: unknown
}

/** One attempt at a job that failed, and the trials that wait for it (at least one). */
export interface FailureRecord {
  readonly job: string
  readonly trials: readonly string[]
  /** From 1. */
  readonly attempt: number
  readonly code: string
  readonly reason: string
}

/** Wall time in seconds. It differs between two runs, so no result may hold it. */
export interface Timing {
  readonly kind: 'phase' | 'trial' | 'run'
  readonly key: string
  readonly seconds: number
}

export interface Store {
  /** The study, or undefined before `createStudy`. */
  study(): Promise<StudyRecord | undefined>
  /** @throws EvenkeelError `store.conflict` when the file holds another study. */
  createStudy(study: StudyRecord): Promise<void>
  /** @throws EvenkeelError `store.conflict` when the key has another content. */
  savePhase(phase: PhaseRecord): Promise<void>
  phases(): Promise<PhaseRecord[]>
  /** @throws EvenkeelError `store.conflict` when the key has another content. */
  saveTrial(trial: TrialRecord): Promise<void>
  trials(): Promise<TrialRecord[]>
  /** Keys of the finished trials, without reading their results. */
  trialKeys(): Promise<string[]>
  /** Replaces what an earlier run recorded for the same trial in the same attempt of the job. */
  recordFailure(failure: FailureRecord): Promise<void>
  failures(): Promise<FailureRecord[]>
  /** Forgets that this trial ever failed; a failure that concerned no other trial is gone. */
  clearFailures(trial: string): Promise<void>
  /** Replaces the earlier time of the same kind and key. */
  saveTiming(timing: Timing): Promise<void>
  timings(): Promise<Timing[]>
  close(): void
}

/**
 * Opens the results at `path`: 'write' creates them when there are none, 'read' changes nothing on the disk.
 *
 * @throws EvenkeelError `store.missing` (nothing to read), `store.damaged` (not SQLite, or cut short), `store.foreign` (not
 *   a study), `store.version` (other schema), `store.open`, `store.readonly`, `store.locked`, `store.full`, `store.disk`.
 */
export function openStore(path: string, mode: 'read' | 'write'): Store {
  if (mode === 'read' && !existsSync(path)) {
    throw new EvenkeelError('store.missing', `there are no results at ${path}`, 'run the study first')
  }
  const database = openDatabase(path, { readOnly: mode === 'read', timeout: 5000 })
  try {
    prepareSchema(database, mode)
    if (mode === 'write') database.exec('pragma journal_mode = wal; pragma synchronous = full')
  } catch (error) {
    database.close()
    throw error
  }
  return storeOn(database)
}

/** The store on an open database that has the tables. */
export function storeOn(database: Database): Store {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  return {
    async study() {
      const row = await db.selectFrom('study').selectAll().executeTakeFirst()
      return row && studyOf(row)
    },

    async createStudy(study) {
      const row = studyRow(study)
      if (await isNew(db.insertInto('study').values(row))) return
      const kept = await db.selectFrom('study').selectAll().executeTakeFirstOrThrow()
      requireSame(studyOf(kept), studyOf(row), `${database.path} holds another study, '${kept.name}'`)
    },

    async savePhase(phase) {
      const row = phaseRow(phase)
      if (await isNew(db.insertInto('phase').values(row))) return
      const kept = await db.selectFrom('phase').selectAll().where('key', '=', phase.key).executeTakeFirstOrThrow()
      requireSame(phaseOf(kept), phaseOf(row), `phase '${phase.key}' has another content in ${database.path}`)
    },

    async phases() {
      const rows = await db.selectFrom('phase').selectAll().orderBy('key').execute()
      return rows.map(phaseOf)
    },

    async saveTrial(trial) {
      const row = trialRow(trial)
      if (await isNew(db.insertInto('trial').values(row))) return
      const kept = await db.selectFrom('trial').selectAll().where('key', '=', trial.key).executeTakeFirstOrThrow()
      requireSame(trialOf(kept), trialOf(row), `trial '${trial.key}' has another result in ${database.path}`)
    },

    async trials() {
      const rows = await db.selectFrom('trial').selectAll().orderBy('key').execute()
      return rows.map(trialOf)
    },

    async trialKeys() {
      const rows = await db.selectFrom('trial').select('key').orderBy('key').execute()
      return rows.map((row) => row.key)
    },

    async recordFailure({ trials, ...failure }) {
      if (trials.length === 0) {
        throw new EvenkeelError('store.value', `the failure of job '${failure.job}' must name the trials it concerns`)
      }
      await db
        .replaceInto('failure')
        .values(trials.map((trial) => ({ ...failure, trial })))
        .execute()
    },

    async failures() {
      const rows = await db
        .selectFrom('failure')
        .selectAll()
        .orderBy('job')
        .orderBy('attempt')
        .orderBy('code')
        .orderBy('reason')
        .orderBy('trial')
        .execute()
      return failuresOf(rows)
    },

    async clearFailures(trial) {
      await db.deleteFrom('failure').where('trial', '=', trial).execute()
    },

    async saveTiming({ kind, key, seconds }) {
      await db.replaceInto('timing').values({ kind, key, seconds }).execute()
    },

    async timings() {
      const rows = await db.selectFrom('timing').selectAll().orderBy('kind').orderBy('key').execute()
      return rows.map((row) => ({ ...row }))
    },

    close() {
      putLogAway(database)
      database.close()
    },
  }
}

/** May fail without harm: a file that somebody still reads, or that we may only read, keeps its log. */
function putLogAway(database: Database): void {
  try {
    database.exec('pragma busy_timeout = 0; pragma journal_mode = delete')
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error
  }
}

/** Inserts unless the key is taken, and says whether it did. */
async function isNew<Table extends keyof Tables>(
  insert: InsertQueryBuilder<Tables, Table, InsertResult>,
): Promise<boolean> {
  const inserted = await insert.onConflict((conflict) => conflict.doNothing()).executeTakeFirstOrThrow()
  return inserted.numInsertedOrUpdatedRows === 1n
}

function requireSame(kept: unknown, given: unknown, sentence: string): void {
  if (isDeepStrictEqual(kept, given)) return
  throw new EvenkeelError(
    'store.conflict',
    sentence,
    'results are identical for the same key unless the software or the data changed: start a new study directory',
  )
}

function studyRow({ name, config, configHash, versions }: StudyRecord): Tables['study'] {
  return {
    id: 1,
    name,
    config: encode(config, 'study.config'),
    config_hash: configHash,
    versions: encode(versions, 'study.versions'),
  }
}

function studyOf(row: Tables['study']): StudyRecord {
  return {
    name: row.name,
    config: decode(row.config),
    configHash: row.config_hash,
    versions: decode(row.versions) as StudyRecord['versions'],
  }
}

function phaseRow({ key, parent, iterations, curve }: PhaseRecord): Tables['phase'] {
  return { key, parent: parent ?? null, iterations, curve: encode(curve, `phase '${key}': curve`) }
}

function phaseOf(row: Tables['phase']): PhaseRecord {
  return { ...row, parent: row.parent ?? undefined, curve: decode(row.curve) as PhaseRecord['curve'] }
}

function trialRow({ key, cell, dataset, profile, replicate, method, phase, result }: TrialRecord): Tables['trial'] {
  return {
    key,
    cell,
    dataset,
    profile: encode(profile, `trial '${key}': profile`),
    replicate,
    method,
    phase,
    result: encode(result, `trial '${key}': result`),
  }
}

function trialOf(row: Tables['trial']): TrialRecord {
  return { ...row, profile: decode(row.profile), result: decode(row.result) }
}

/** Joins the trials of one failure, whose rows stand together. */
function failuresOf(rows: readonly Tables['failure'][]): FailureRecord[] {
  const records: (FailureRecord & { trials: string[] })[] = []
  for (const { trial, ...failure } of rows) {
    const last = records.at(-1)
    if (last && isDeepStrictEqual({ ...failure, trials: last.trials }, last)) last.trials.push(trial)
    else records.push({ ...failure, trials: [trial] })
  }
  return records
}
