import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './sqlite.ts'
import { openStore, type PhaseRecord, type StudyRecord, storeOn, type TrialRecord } from './store.ts'

let directory: string
let path: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evenkeel-store-'))
  path = join(directory, 'results.sqlite')
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

const study: StudyRecord = {
  name: 'digits',
  config: { rho: [1, 10] },
  configHash: 'abc',
  versions: { evenkeel: '0.1.0' },
}
const phase: PhaseRecord = { key: 'p1', parent: undefined, iterations: 20, curve: [{ iteration: 10, loss: 0.25 }] }
const trial = (key: string, result: unknown = { accuracy: 0.1 + 0.2 }): TrialRecord => ({
  key,
  cell: 'digits/step',
  dataset: 'digits',
  profile: { kind: 'step', rho: 10 },
  replicate: 0,
  method: 'baseline',
  phase: 'p1',
  result,
})

async function storeWithPhase() {
  const store = openStore(path, 'write')
  await store.savePhase(phase)
  return store
}

describe('records', () => {
  it('come back as they were saved, after closing and reopening', async () => {
    const store = openStore(path, 'write')
    const child: PhaseRecord = { key: 'p0', parent: 'p1', iterations: 5, curve: [{ iteration: 5, loss: Number.NaN }] }
    expect(await store.study()).toBeUndefined()
    await store.createStudy(study)
    await store.savePhase(phase)
    await store.savePhase(child)
    await store.saveTrial(trial('t1'))
    await store.saveTiming({ kind: 'trial', key: 't1', seconds: 1.5 })
    store.close()

    const reader = openStore(path, 'read')
    expect(await reader.study()).toStrictEqual(study)
    expect(await reader.phases()).toStrictEqual([child, phase])
    expect(await reader.trials()).toStrictEqual([trial('t1')])
    expect(await reader.timings()).toStrictEqual([{ kind: 'trial', key: 't1', seconds: 1.5 }])
    reader.close()
  })

  it('keep any numbers exactly', async () => {
    const store = await storeWithPhase()
    let index = 0
    const roundTrip = async (numbers: number[]) => {
      const key = String(index++)
      await store.saveTrial(trial(key, numbers))
      const saved = (await store.trials()).find((record) => record.key === key)
      expect(saved?.result).toStrictEqual(numbers)
    }
    await fc.assert(fc.asyncProperty(fc.array(fc.double()), roundTrip), { numRuns: 30 })
    store.close()
  })

  it('come in the order of their keys, whatever the order of saving', async () => {
    const keys = ['b', 'a10', 'Z', 'a2', 'é']
    const sorted = ['Z', 'a10', 'a2', 'b', 'é']
    for (const order of [keys, keys.toReversed()]) {
      const store = await storeWithPhase()
      for (const key of order) await store.saveTrial(trial(key))
      expect(await store.trialKeys()).toStrictEqual(sorted)
      expect((await store.trials()).map((record) => record.key)).toStrictEqual(sorted)
      store.close()
      rmSync(path)
    }
  })

  it('may be saved again when they are identical, in any order of properties', async () => {
    const store = await storeWithPhase()
    await store.createStudy(study)
    await store.createStudy(study)
    await store.savePhase(phase)
    await store.saveTrial(trial('t1', { recall: Number.NaN, accuracy: 0.5, skipped: undefined }))
    await store.saveTrial(trial('t1', { accuracy: 0.5, recall: Number.NaN }))
    expect(await store.trialKeys()).toStrictEqual(['t1'])
    store.close()
  })

  it('are refused when the key has another content, even by one bit', async () => {
    const store = await storeWithPhase()
    await store.createStudy(study)
    await store.saveTrial(trial('t1', { accuracy: 0.3 }))
    await expect(store.saveTrial(trial('t1', { accuracy: 0.1 + 0.2 }))).rejects.toMatchObject({
      code: 'store.conflict',
      message: `trial 't1' has another result in ${path}`,
    })
    await expect(store.saveTrial({ ...trial('t1', { accuracy: 0.3 }), method: 'focal' })).rejects.toMatchObject({
      code: 'store.conflict',
    })
    await expect(store.savePhase({ ...phase, iterations: 21 })).rejects.toMatchObject({ code: 'store.conflict' })
    await expect(store.createStudy({ ...study, configHash: 'abd' })).rejects.toMatchObject({
      code: 'store.conflict',
      message: `${path} holds another study, 'digits'`,
    })
    expect(await store.trials()).toStrictEqual([trial('t1', { accuracy: 0.3 })])
    store.close()
  })

  it('name phases that exist', async () => {
    const store = openStore(path, 'write')
    await expect(store.saveTrial(trial('t1'))).rejects.toThrow('FOREIGN KEY constraint failed')
    await expect(store.savePhase({ ...phase, parent: 'p0' })).rejects.toThrow('FOREIGN KEY constraint failed')
    expect(await store.trialKeys()).toStrictEqual([])
    store.close()
  })
})

describe('failures', () => {
  const failure = { job: 'j1', trials: ['t1', 't2'], attempt: 1, code: 'worker.crashed', reason: 'killed by SIGKILL' }

  it('are kept by job and attempt, the later record of an attempt replacing the earlier', async () => {
    const store = openStore(path, 'write')
    const second = { ...failure, attempt: 2, reason: 'killed by SIGSEGV' }
    await store.recordFailure(second)
    await store.recordFailure({ ...failure, reason: 'earlier' })
    await store.recordFailure(failure)
    expect(await store.failures()).toStrictEqual([failure, second])
    store.close()
  })

  it('stand apart when the trials of a job failed for different reasons', async () => {
    const store = openStore(path, 'write')
    const later = { ...failure, trials: ['t2'], reason: 'killed by SIGABRT' }
    await store.recordFailure(failure)
    await store.recordFailure(later)
    expect(await store.failures()).toStrictEqual([later, { ...failure, trials: ['t1'] }])
    store.close()
  })

  it('are forgotten trial by trial', async () => {
    const store = openStore(path, 'write')
    await store.recordFailure(failure)
    await store.clearFailures('t1')
    expect(await store.failures()).toStrictEqual([{ ...failure, trials: ['t2'] }])
    await store.clearFailures('t2')
    expect(await store.failures()).toStrictEqual([])
    store.close()
  })

  it('must concern a trial', async () => {
    const store = openStore(path, 'write')
    await expect(store.recordFailure({ ...failure, trials: [] })).rejects.toMatchObject({ code: 'store.value' })
    store.close()
  })
})

describe('a timing', () => {
  it('replaces the earlier one of its key', async () => {
    const store = openStore(path, 'write')
    await store.saveTiming({ kind: 'phase', key: 'p1', seconds: 3 })
    await store.saveTiming({ kind: 'phase', key: 'p1', seconds: 2.5 })
    expect(await store.timings()).toStrictEqual([{ kind: 'phase', key: 'p1', seconds: 2.5 }])
    store.close()
  })
})

describe('a file that cannot be used is one exact error', () => {
  const opening = (mode: 'read' | 'write') => () => openStore(path, mode).close()

  it('missing', () => {
    expect(opening('read')).toThrow(
      expect.objectContaining({ code: 'store.missing', message: `there are no results at ${path}` }),
    )
    expect(readdirSync(directory)).toStrictEqual([])
  })

  it('in a directory that does not exist', () => {
    path = join(directory, 'absent', 'results.sqlite')
    expect(opening('write')).toThrow(expect.objectContaining({ code: 'store.open' }))
  })

  it('not SQLite', () => {
    writeFileSync(path, 'key,accuracy\n'.repeat(500))
    const damaged = { code: 'store.damaged', message: `cannot use ${path}: file is not a database` }
    expect(opening('write')).toThrow(expect.objectContaining(damaged))
    expect(opening('read')).toThrow(expect.objectContaining(damaged))
  })

  it('cut short', async () => {
    const store = await storeWithPhase()
    for (let i = 0; i < 20; i++) await store.saveTrial(trial(`t${i}`, Array(500).fill(1 / 3)))
    store.close()
    const size = statSync(path).size
    for (const length of [50, 1000, Math.floor(size / 2), size - 4096]) {
      truncateSync(path, length)
      expect(opening('write'), `cut to ${length} bytes`).toThrow(expect.objectContaining({ code: 'store.damaged' }))
      rmSync(path)
      const again = await storeWithPhase()
      for (let i = 0; i < 20; i++) await again.saveTrial(trial(`t${i}`, Array(500).fill(1 / 3)))
      again.close()
    }
  })

  it('of another program', () => {
    const other = openDatabase(path, { timeout: 0 })
    other.exec('create table note (text)')
    other.close()
    const foreign = { code: 'store.foreign', message: `${path} is an SQLite file, but not the results of a study` }
    expect(opening('write')).toThrow(expect.objectContaining(foreign))
    expect(opening('read')).toThrow(expect.objectContaining(foreign))
  })

  it('of a newer schema', () => {
    openStore(path, 'write').close()
    const database = openDatabase(path, { timeout: 0 })
    database.exec('pragma user_version = 2')
    database.close()
    const message = `${path} has schema version 2, this evenkeel reads 1`
    expect(opening('read')).toThrow(expect.objectContaining({ code: 'store.version', message }))
  })
})

describe('a failing disk leaves earlier results intact', () => {
  it('full', async () => {
    const store = await storeWithPhase()
    store.close()
    const small = openDatabase(path, { timeout: 0 })
    small.exec('pragma journal_mode = wal; pragma max_page_count = 30')
    const full = storeOn(small)
    const saved: string[] = []
    const fill = async () => {
      for (let i = 100; i < 200; i++) {
        await full.saveTrial(trial(`t${i}`, 'x'.repeat(9000)))
        saved.push(`t${i}`)
      }
    }
    await expect(fill()).rejects.toMatchObject({
      code: 'store.full',
      message: `cannot use ${path}: database or disk is full`,
      hint: 'free some space and run again: everything saved so far is intact',
    })
    expect(saved.length).toBeGreaterThan(0)
    full.close()

    const reopened = openStore(path, 'write')
    expect(await reopened.trialKeys()).toStrictEqual(saved)
    await reopened.saveTrial(trial('t999'))
    reopened.close()
  })

  it('read-only: results can be read and nothing else', async () => {
    const store = await storeWithPhase()
    await store.saveTrial(trial('t1'))
    store.close()
    chmodSync(path, 0o444)
    chmodSync(directory, 0o555)
    // Permissions do not bind root, so a root process steps down to 'nobody' for a moment.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65534)
    try {
      expect(() => openStore(path, 'write')).toThrow(expect.objectContaining({ code: 'store.readonly' }))
      expect(() => openStore(join(directory, 'new.sqlite'), 'write')).toThrow(
        expect.objectContaining({ code: 'store.open' }),
      )
      const reader = openStore(path, 'read')
      expect(await reader.trialKeys()).toStrictEqual(['t1'])
      await expect(reader.saveTrial(trial('t2'))).rejects.toMatchObject({ code: 'store.readonly' })
      reader.close()
    } finally {
      if (isRoot) process.seteuid?.(0)
      chmodSync(directory, 0o755)
    }
    expect(readdirSync(directory)).toStrictEqual(['results.sqlite'])
  })

  it('locked by another writer', async () => {
    const store = await storeWithPhase()
    const other = openDatabase(path, { timeout: 0 })
    other.exec('begin immediate')
    const blocked = storeOn(openDatabase(path, { timeout: 0 }))
    await expect(blocked.saveTrial(trial('t1'))).rejects.toMatchObject({ code: 'store.locked' })
    other.exec('rollback')
    await blocked.saveTrial(trial('t1'))
    expect(await store.trialKeys()).toStrictEqual(['t1'])
    for (const each of [blocked, other, store]) each.close()
  })
})

describe('a reader', () => {
  it('does not stop a writer, and may outlive it', async () => {
    const store = await storeWithPhase()
    await store.saveTrial(trial('t1'))
    const viewer = openDatabase(path, { readOnly: true, timeout: 0 })
    viewer.exec('begin')
    expect(viewer.value('select count(*) from trial')).toBe(1)
    await store.saveTrial(trial('t2'))
    expect(viewer.value('select count(*) from trial')).toBe(1)
    store.close()
    viewer.exec('commit')
    expect(viewer.value('select count(*) from trial')).toBe(2)
    viewer.close()
  })
})

describe('kill -9', () => {
  it.each([1, 25, 60])(
    'after %i acknowledged trials loses none of them and leaves none half-written',
    async (count) => {
      const writer = spawn(
        process.execPath,
        [fileURLToPath(new URL('./fixtures/writer.mjs', import.meta.url)), directory],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      const acknowledged: string[] = []
      for await (const key of createInterface(writer.stdout)) {
        if (acknowledged.push(key) === count) writer.kill('SIGKILL')
      }
      if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')
      expect(writer.signalCode).toBe('SIGKILL')
      expect(existsSync(`${path}-wal`)).toBe(true)

      const store = openStore(path, 'write')
      const trials = await store.trials()
      expect(trials.map((record) => record.key).slice(0, acknowledged.length)).toStrictEqual(acknowledged)
      expect(trials.length).toBeLessThanOrEqual(acknowledged.length + 1)
      trials.forEach((record, i) => {
        expect(record.result).toStrictEqual({ index: i, confusion: Array(400).fill(i / 3) })
      })
      store.close()
    },
  )
})
