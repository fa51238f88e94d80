import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { folderOf, png } from '../../data/sources/image-folder/fixtures/photos.ts'
import { writeMadeModel } from '../../deploy/fixtures/model-folder.ts'
import { exitCodes } from '../exit-codes.ts'
import { predictCommand } from './predict.ts'

let folder: string
let model: string
let photos: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-predict-'))
  model = join(folder, 'model')
  await writeMadeModel(model, { model: 'lenet5', input: [3, 12, 12], labels: ['ant', 'bee'] })
  photos = folderOf({ 'a.png': await png(1, 20, 20), 'b/c.png': await png(2, 14, 30), 'notes.txt': 'no image' })
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})
afterAll(() => {
  for (const path of [folder, photos]) rmSync(path, { recursive: true })
})

/** What the command prints on either stream. */
async function predict(...args: readonly string[]): Promise<{ text: string; notes: string }> {
  const written = { text: '', notes: '' }
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.text += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.notes += text
    return true
  })
  await predictCommand().parseAsync([model, ...args], { from: 'user' })
  return written
}

describe('evenkeel predict', () => {
  it('prints a row a file', async () => {
    const { text, notes } = await predict(photos)
    const [head, ...rows] = text.trimEnd().split('\n')
    expect(head).toBe('path,label,confidence,abstained,error,p_ant,p_bee')
    expect(rows).toHaveLength(2)
    expect(rows[1]).toMatch(/b\/c\.png,(ant|bee),0\.\d+,false,,0\.\d+,0\.\d+$/)
    expect(notes).toBe('2 images: 2 decided; 1 other file passed over\n')
    expect(process.exitCode).toBeUndefined()
  })

  it('takes a list from stdin, and prints one JSON document', async () => {
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(
      Readable.from([Buffer.from(`${photos}/a.png\0${photos}/b\0`)]) as unknown as typeof process.stdin,
    )
    const { text } = await predict('-', '--null', '--json', '--abstain-below', '1')
    const { schemaVersion, predictions, counts } = JSON.parse(text)
    expect([schemaVersion, counts]).toEqual([1, { files: 2, decided: 0, abstained: 2, failed: 0 }])
    expect(predictions.map((one: { path: string }) => one.path)).toEqual([`${photos}/a.png`, `${photos}/b/c.png`])
  })

  it('ends with 3 where files could not be read', async () => {
    const { text, notes } = await predict(join(photos, 'a.png'), join(photos, 'notes.txt'), 'nowhere.png')
    expect(text.split('\n').filter((row) => /no image of a known format|no such file/.test(row))).toHaveLength(2)
    expect(notes).toBe('3 images: 1 decided, 2 could not be read\n')
    expect(process.exitCode).toBe(exitCodes.failedParts)
  })

  it('writes a file when all is done, and none where something goes wrong', async () => {
    const out = join(folder, 'classes.csv')
    writeFileSync(out, 'before')
    await expect(predict(join(folder, 'model'), '--out', out)).rejects.toThrow(
      expect.objectContaining({ code: 'predict.nothing', message: expect.stringContaining('there is no image in ') }),
    )
    expect(readFileSync(out, 'utf8')).toBe('before')
    expect(readdirSync(folder).sort()).toEqual(['classes.csv', 'model'])
    const { text } = await predict(photos, '--out', out)
    expect(text).toBe('')
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(4)
    expect(readdirSync(folder).sort()).toEqual(['classes.csv', 'model'])
    await expect(predict(photos, '--out', join(folder, 'none', 'x.csv'))).rejects.toThrow(
      expect.objectContaining({ code: 'cli.write' }),
    )
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it.each([
    ['--abstain-below', '80'],
    ['--abstain-below', ''],
  ])('refuses %s %s', async (...args) => {
    await expect(predict(photos, ...args)).rejects.toThrow('It must be a number from 0 to 1')
  })
})
