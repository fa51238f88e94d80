import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { resolveConfig } from '../config.ts'
import { runStudy } from '../run.ts'
import { requestOf, storedChoice } from './request.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-request-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a request', () => {
  it('is the same in any order, and without what was not asked', () => {
    const one = requestOf({ images: 'digits', minutes: 20, model: undefined })
    expect(one).toBe('{"images":"digits","minutes":20}')
    expect(requestOf({ minutes: 20, images: 'digits' })).toBe(one)
  })

  it('finds what was chosen for it before, as it was, and no other study', async () => {
    const directory = join(folder, 'own')
    const request = requestOf({ images: 'digits', minutes: 20 })
    expect(await storedChoice(directory, request)).toBeUndefined()
    const own = { minutes: 20, request, choices: ['This and that.'] }
    // The normal initialiser of a model is one that resolving completes.
    const config = resolveConfig({ model: 'resnet10', own })
    await runStudy(config, { directory, stop: AbortSignal.abort() })
    expect(await storedChoice(directory, request)).toEqual(config)
    const other = requestOf({ images: 'digits', minutes: 60, seed: 1 })
    await expect(storedChoice(directory, other)).rejects.toMatchObject({
      code: 'study.conflict',
      message: `${directory} holds a study that was asked for otherwise: minutes is 20 there and 60 here; seed is not said there and 1 here`,
    })
  })

  it('does not go on with a study that was asked for in full', async () => {
    const directory = join(folder, 'full')
    await runStudy(resolveConfig({}), { directory, stop: AbortSignal.abort() })
    await expect(storedChoice(directory, requestOf({ images: 'digits' }))).rejects.toThrow('holds another study')
  })
})
