import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockStudy } from './lock.ts'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

const running = (pid: number | undefined) =>
  expect.objectContaining({
    code: 'store.running',
    message: `another evenkeel process (pid ${pid}) is running the study in ${directory}`,
  })

it('admits one holder at a time, and the next after release', () => {
  const first = lockStudy(directory)
  expect(() => lockStudy(directory)).toThrow(running(process.pid))
  first.release()
  first.release()
  const second = lockStudy(directory)
  expect(() => lockStudy(directory)).toThrow(running(process.pid))
  second.release()
})

it('does not bind another study', () => {
  const other = mkdtempSync(join(tmpdir(), 'evenkeel-lock-'))
  const locks = [lockStudy(directory), lockStudy(other)]
  for (const lock of locks) lock.release()
  rmSync(other, { recursive: true })
})

it('ends with its process, even by kill -9', async () => {
  const fixture = fileURLToPath(new URL('./fixtures/writer.mjs', import.meta.url))
  const holder = spawn(process.execPath, [fixture, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(holder.stdout, 'data')
  expect(() => lockStudy(directory)).toThrow(running(holder.pid))
  const exit = once(holder, 'exit')
  holder.kill('SIGKILL')
  await exit
  lockStudy(directory).release()
})

it('needs a directory', () => {
  expect(() => lockStudy(join(directory, 'absent'))).toThrow(expect.objectContaining({ code: 'store.open' }))
})
