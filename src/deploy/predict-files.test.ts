import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesOf, filesAt, type NamedFile, pathsIn } from './predict-files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), path)
  }
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

describe('filesAt', () => {
  it('takes files as they are named, and of folders all images by code point', async () => {
    write('b/2.JPG', 'b/10.png', 'b/a/x.webp', 'b/notes.txt', 'b/.hidden.png', 'B.gif', 'plain')
    const others: string[] = []
    const paths = ['plain', 'B.gif', 'b'].map((name) => join(folder, name))
    const found = await all(filesAt(paths, { onOther: (path) => others.push(path) }))
    const below = (...names: string[]) => names.map((name) => ({ path: join(folder, name), fault: undefined }))
    expect(found).toEqual(below('plain', 'B.gif', 'b/10.png', 'b/2.JPG', 'b/a/x.webp'))
    expect(others).toEqual([join(folder, 'b/notes.txt')])
  })

  it('says of what cannot be read why not, and goes on', async () => {
    write('in/a.png', 'out/secret.png')
    symlinkSync('a.png', join(folder, 'in/again.png'))
    symlinkSync('../out/secret.png', join(folder, 'in/leak.png'))
    symlinkSync('nothing.png', join(folder, 'in/lost.png'))
    symlinkSync('..', join(folder, 'in/round.png'))
    execFileSync('mkfifo', [join(folder, 'in/pipe.png')])
    const found = await all(filesAt([join(folder, 'none'), join(folder, 'in'), join(folder, 'in/pipe.png')]))
    const named = found.map(({ path, fault }: NamedFile) => [path.slice(folder.length + 1), fault])
    const special = 'it is neither a file nor a folder'
    expect(named).toEqual([
      ['none', 'there is no such file'],
      ['in/a.png', undefined],
      ['in/again.png', undefined],
      ['in/leak.png', expect.stringContaining('it is a link that leads out of ')],
      ['in/lost.png', 'it is a link that leads nowhere'],
      ['in/pipe.png', special],
      ['in/round.png', expect.stringContaining('it is a link that leads out of ')],
      ['in/pipe.png', special],
    ])
  })
})

describe('pathsIn', () => {
  it.each([
    ['\n', 'a.png\r\nb c.png\n\nlast.png', ['a.png', 'b c.png', 'last.png']],
    ['\0', 'a\nb.png\0c.png\r\0\0', ['a\nb.png', 'c.png\r']],
  ] as const)('reads a list with %j between paths', async (separator, text, paths) => {
    const bytes = Buffer.from(text)
    expect(await all(pathsIn(parts([bytes]), separator))).toEqual(paths)
    expect(await all(pathsIn(parts([...bytes].map((byte) => Uint8Array.of(byte))), separator))).toEqual(paths)
  })

  it('gives back what was listed, wherever it is cut', async () => {
    const path = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/\0/.test(text))
    await fc.assert(
      fc.asyncProperty(fc.array(path), fc.integer({ min: 1, max: 7 }), async (paths, size) => {
        const bytes = Buffer.from(paths.map((one) => `${one}\0`).join(''))
        const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        )
        expect(await all(pathsIn(parts(cut), '\0'))).toEqual(paths)
      }),
      { numRuns: 30 },
    )
  })

  it('refuses what is no list of paths', async () => {
    const endless = Array.from({ length: 10 }, () => Buffer.alloc(10_000, 'x'))
    await expect(all(pathsIn(parts(endless), '\n'))).rejects.toThrow(
      expect.objectContaining({ code: 'predict.list', message: expect.stringContaining('longer than 65536') }),
    )
  })
})

it('bytesOf gives the bytes of a file, or why there are none', async () => {
  write('a')
  expect(await bytesOf(join(folder, 'a'))).toEqual(Buffer.from('a'))
  expect(await bytesOf(join(folder, 'b'))).toEqual({ fault: 'there is no such file' })
  expect(await bytesOf(folder)).toEqual({ fault: 'it cannot be read (EISDIR)' })
})

async function* parts(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* chunks
}
