import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { readRows } from './rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-rows-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function rowsOf(path: string, mostRows?: number) {
  const rows: [line: number, ...values: unknown[]][] = []
  for await (const { line, values } of readRows(path, mostRows)) rows.push([line, ...values])
  return rows
}

const refused = (path: string, message: string, mostRows?: number) =>
  expect(rowsOf(path, mostRows)).rejects.toThrow(
    expect.objectContaining({ code: 'data.manifest', message: `${path}${message}` }),
  )

describe('rows of CSV', () => {
  it('are read with a mark at the beginning, either line ending, quotes, spaces and empty lines', async () => {
    const text = '\ufeffpath,label\r\na.png,"x, ""y"""\r\n\r\n b.png , z\n"c\nd.png","=1+1"'
    expect(await rowsOf(file('a.csv', text))).toEqual([
      [1, 'path', 'label'],
      [2, 'a.png', 'x, "y"'],
      [4, 'b.png', 'z'],
      [6, 'c\nd.png', '=1+1'],
    ])
  })

  it('are read across the chunks of a large file, gzipped too', async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `path-of-image-${i},Kätzchen`).join('\n')
    for (const path of [file('large.csv', text), file('large.csv.gz', gzipSync(text))]) {
      const rows = await rowsOf(path)
      expect([rows.length, rows.at(-1)]).toEqual([40_000, [40_000, 'path-of-image-39999', 'Kätzchen']])
      expect(rows.every(([, , label]) => label === 'Kätzchen')).toBe(true)
    }
  })

  it.each<[string, string, string]>([
    ['too few values', 'a,b\n1\n', ', line 2: there are 1 values for 2 columns'],
    ['too many', 'a,b\n1,2\n1,2,3\n', ', line 3: there are 3 values for 2 columns'],
    [
      'an open quote',
      'a,b\n1,"2\n3,4\n',
      ' is not sound CSV: Quote Not Closed: the parsing is finished with an opening quote at line 3',
    ],
    [
      'a quote within a value',
      'a,b\n1,2\u001b"\n',
      ' is not sound CSV: Invalid Opening Quote: a quote is found on field 1 at line 2, value is "2\\u001b"',
    ],
    ['an endless line', `a,b\n${'x'.repeat(3e6)},1\n`, ', line 2: the line is longer than 1 MiB'],
    ['endless commas', `a,b\n1,2\n${','.repeat(3e6)}`, ', line 3: the line is longer than 1 MiB'],
  ])('are refused with %s', async (_, text, message) => {
    await refused(file('wrong.csv', text), message)
  })

  it('are refused where quotes make an endless row of short lines', async () => {
    const path = file('wrong.csv', `a,b\n"${'x\n'.repeat(1e6)}`)
    await expect(rowsOf(path)).rejects.toThrow(expect.objectContaining({ code: 'data.manifest' }))
  })

  it('are refused above a number', async () => {
    const path = file('many.csv', 'a\n1\n2\n3\n')
    expect(await rowsOf(path, 3)).toHaveLength(4)
    await refused(path, ', line 4: there are more than 2 rows', 2)
  })
})

describe('rows of JSON Lines', () => {
  it('may have many keys', async () => {
    const line = JSON.stringify(Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, 0])))
    const started = performance.now()
    expect(await rowsOf(file('wide.jsonl', `${line}\n${line}\n`))).toHaveLength(3)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  it('are read in the order of the first line, and lack what is missing', async () => {
    const lines = ['\ufeff{"file_name":"a","label":1}', '', '{"label":null,"file_name":"b"}\r', '{"file_name":"c"}', '']
    expect(await rowsOf(file('a.jsonl', lines.join('\n')))).toEqual([
      [1, 'file_name', 'label'],
      [1, 'a', 1],
      [3, 'b', null],
      [4, 'c', undefined],
    ])
  })

  it('are read across the chunks of a large file', async () => {
    const text = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ path: `Kätzchen ${i}` })).join('\n')
    const rows = await rowsOf(file('large.jsonl', text))
    expect([rows.length, rows.at(-1)]).toEqual([20_001, [20_000, 'Kätzchen 19999']])
  })

  it.each<[string, string, string]>([
    ['no JSON', '{"a":1}\n{"a":1', ', line 2: this is not JSON'],
    ['no object', '[1]\n', ', line 1: this is not a JSON object'],
    ['null', '{"a":1}\nnull\n', ', line 2: this is not a JSON object'],
    ['another key', '{"a":1}\n{"a":1,"b\\n":2}', ", line 2: there is a 'b\\n', which the first line has not"],
    ['an endless line', `{"a":1}\n"${'x'.repeat(3e6)}"`, ', line 2: the line is longer than 1 MiB'],
  ])('are refused with %s', async (_, text, message) => {
    await refused(file('wrong.jsonl', text), message)
  })
})

it.each<[string, string]>([
  ['missing.csv', 'data.missing'],
  ['.', 'data.not-a-file'],
])('readRows refuses %s', async (name, code) => {
  await expect(rowsOf(join(folder, name))).rejects.toThrow(expect.objectContaining({ code }))
})
