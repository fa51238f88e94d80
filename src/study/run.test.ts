import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { resolveConfig } from './config.ts'
import { runStudy } from './run.ts'
import { studyFiles } from './study-files.ts'

const directory = mkdtempSync(join(tmpdir(), 'evenkeel-run-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

it('removes what workers that were killed left half written, and keeps checkpoints', async () => {
  const checkpoints = studyFiles.checkpoints(directory)
  mkdirSync(checkpoints)
  for (const name of ['0123.checkpoint', '0123.checkpoint.4711', '89ab.checkpoint.12']) {
    writeFileSync(join(checkpoints, name), 'half')
  }
  const config = resolveConfig({ replicates: 1, training: { iterations: 5 } })
  // Asked to stop before anything starts.
  const { status, done } = await runStudy(config, { directory, stop: AbortSignal.abort() })
  expect({ status, done }).toEqual({ status: 'stopped', done: 0 })
  expect(readdirSync(checkpoints)).toEqual(['0123.checkpoint'])
})
