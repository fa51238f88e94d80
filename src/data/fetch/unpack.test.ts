import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ArchiveEntry, tarOf } from './fixtures/archive.ts'
import { unpack } from './unpack.ts'

let outside: string
let folder: string
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'evenkeel-unpack-'))
  folder = join(outside, 'in')
  await mkdir(folder)
})
afterEach(() => rm(outside, { recursive: true }))

async function archive(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'set.tar.gz')
  await writeFile(path, bytes)
  return path
}

const good: readonly ArchiveEntry[] = [
  { path: 'set/', type: 'Directory' },
  { path: 'set/a.bin', contents: 'a'.repeat(1000) },
  { path: 'set/deep/b.txt', contents: 'b' },
]

describe('unpack', () => {
  it.each([
    ['plain', tarOf(good)],
    ['gzipped', gzipSync(tarOf(good))],
  ])('puts the files of an archive into the directory, beside what is there, %s', async (_, bytes) => {
    await mkdir(join(folder, 'set'))
    await writeFile(join(folder, 'set', 'mine.txt'), 'kept')
    await writeFile(join(folder, 'set', 'a.bin'), 'half of i')
    await unpack(await archive(bytes), folder)
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
      ['set', 'set.tar.gz', 'set/a.bin', 'set/deep', 'set/deep/b.txt', 'set/mine.txt'].map((path) => join(path)),
    )
    expect(readFileSync(join(folder, 'set', 'a.bin'), 'utf8')).toBe('a'.repeat(1000))
  })

  it.each<[string, ArchiveEntry]>([
    ['a path that leads out', { path: '../evil', contents: 'x' }],
    ['a path that leads out later', { path: 'set/../../evil', contents: 'x' }],
    ['an absolute path', { path: '/tmp/evenkeel-evil', contents: 'x' }],
    ['a symbolic link', { path: 'set/evil', type: 'SymbolicLink', linkpath: '../..' }],
    ['a hard link', { path: 'set/evil', type: 'Link', linkpath: 'set/a.bin' }],
  ])('refuses the whole of an archive with %s', async (_, evil) => {
    const path = await archive(gzipSync(tarOf([...good, evil])))
    await expect(unpack(path, folder)).rejects.toMatchObject({
      code: 'data.archive',
      message: `${path} cannot be unpacked: it holds ${evil.path}, and only files and folders below its own root are taken`,
    })
    expect(readdirSync(folder)).toEqual(['set.tar.gz'])
    expect(readdirSync(outside)).toEqual(['in'])
    expect(existsSync('/tmp/evenkeel-evil')).toBe(false)
  })

  it.each([
    ['cut short', gzipSync(tarOf(good)).subarray(0, -20)],
    ['cut short before it was gzipped', gzipSync(tarOf(good).subarray(0, 1200))],
    ['no archive', Buffer.from('<html>'.repeat(200))],
  ])('keeps nothing of a file that is %s', async (_, bytes) => {
    const path = await archive(bytes)
    await expect(unpack(path, folder)).rejects.toMatchObject({
      code: 'data.archive',
      message: expect.stringContaining(`${path} cannot be unpacked: `),
    })
    expect(readdirSync(folder)).toEqual(['set.tar.gz'])
  })
})
