import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fitCommand } from './commands/fit.ts'
import { requireWritable } from './report-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-writable-'))
mkdirSync(join(folder, 'there'))
writeFileSync(join(folder, 'file'), '')
afterAll(() => rmSync(folder, { recursive: true }))

describe('requireWritable', () => {
  it.each(['new', 'there', 'there/new', 'new/below/it', 'file'])('takes %s, and makes nothing', async (path) => {
    await requireWritable(join(folder, path))
    expect(readdirSync(folder).sort()).toEqual(['file', 'there'])
  })

  it.each(['file/model', 'file/below/model'])('refuses %s', async (path) => {
    await expect(requireWritable(join(folder, path))).rejects.toThrow(
      expect.objectContaining({
        code: 'cli.write',
        message: expect.stringContaining(`cannot write ${folder}/${path}`),
      }),
    )
  })

  it('is asked before fit looks at an image', async () => {
    const args = ['no-such-images', '--out', join(folder, 'file', 'model')]
    await expect(fitCommand().parseAsync(args, { from: 'user' })).rejects.toThrow(
      expect.objectContaining({ code: 'cli.write' }),
    )
  })
})
