import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { folderOf, jpeg } from '../../data/sources/image-folder/fixtures/photos.ts'
import { exitCodes } from '../exit-codes.ts'
import { auditCommand } from './audit.ts'

let folder: string
let photos: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-audit-'))
  process.env.EVENKEEL_CACHE = join(folder, 'cache')
  const copy = await jpeg(1)
  photos = folderOf({
    ...Object.fromEntries(
      await Promise.all(Array.from({ length: 12 }, async (_, i) => [`cat/${i}.jpg`, await jpeg(10 + i)] as const)),
    ),
    'dog/copy.jpg': copy,
    'cat/copy.jpg': copy,
    'dog/1.jpg': await jpeg(40),
    'dog/2.jpg': await jpeg(41),
    'dog/red\u001b[31m.jpg': '',
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})
afterAll(() => {
  delete process.env.EVENKEEL_CACHE
  for (const path of [folder, photos]) rmSync(path, { recursive: true })
})

/** What the command prints, and the code it would end with. */
async function audited(...args: readonly string[]): Promise<{ text: string; exitCode: typeof process.exitCode }> {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  await auditCommand().parseAsync(args, { from: 'user' })
  return { text: written.join(''), exitCode: process.exitCode }
}

describe('evenkeel audit', () => {
  it('says how things stand, and ends with what to do', async () => {
    const { text, exitCode } = await audited(photos, '--no-estimate')
    expect(exitCode).toBeUndefined()
    for (const part of [
      'imbalance ratio rho 4.3',
      'unreadable files',
      'dog/red\\u001b[31m.jpg: it is empty',
      'with more than one label',
    ]) {
      expect(text).toContain(part)
    }
    expect(text).not.toContain('\u001b[31m.jpg')
    expect(text.indexOf('✕ error')).toBeGreaterThan(text.indexOf('findings'))
    expect(text.trimEnd().split('\n').at(-2)).toContain('evenkeel study')
  })

  it('measures how long a study takes', async () => {
    const { text } = await audited(`image-folder:${photos}?side=32`, '--minutes', '500', '--json')
    const { schemaVersion, study, findings } = JSON.parse(text)
    expect(schemaVersion).toBe(1)
    expect(study.minutes).toBe(500)
    expect(study.choices.join(' ')).toMatch(/The study: \d+ repeated splits x 8 methods, \d+ steps/)
    expect(findings[0]).toMatchObject({ severity: 'error', id: 'label-conflict' })
  })

  it('says why no study can be chosen', async () => {
    const { text } = await audited(`image-folder:${photos}?side=8&crop=4`, '--json')
    const { study, findings } = JSON.parse(text)
    expect(study).toBeUndefined()
    expect(findings.find(({ id }: { id: string }) => id === 'no-study').sentence).toContain('at least 5x5')
  })

  it('writes a page', async () => {
    const path = join(folder, 'audit.html')
    await audited(photos, '--no-estimate', '--html', path)
    expect(readFileSync(path, 'utf8')).toContain('data:image/webp;base64,')
  })

  it.each([
    [[], undefined],
    [['--fail-on', 'error'], exitCodes.failedCheck],
    [['--fail-on', 'warning'], exitCodes.failedCheck],
  ])('with %j ends as asked', async (flags, code) => {
    expect((await audited(photos, '--no-estimate', '--json', ...flags)).exitCode).toBe(code)
  })

  it('fails on nothing where nothing is found', async () => {
    expect((await audited('digits', '--no-estimate', '--json', '--fail-on', 'error')).exitCode).toBeUndefined()
  })

  it('refuses what it cannot open', async () => {
    await expect(audited(join(folder, 'nowhere'))).rejects.toMatchObject({ name: 'EvenkeelError' })
  })
})
