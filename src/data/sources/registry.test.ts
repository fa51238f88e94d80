import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openDataset, parseReference, resolveReference, sources } from './registry.ts'

const made: string[] = []

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true })
})

/** A new folder with these empty files. */
function folderWith(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-registry-'))
  made.push(folder)
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  return folder
}

const CLASSES = ['cat/1.jpg', 'dog/deep/2.PNG']
const IDX = ['train-images-idx3-ubyte.gz', 'train-labels.idx1-ubyte']

describe('every source', () => {
  it('can be listed: it says how it is named, what it takes and how a path is known to be its own', () => {
    expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length)
    for (const { id, title, usage, argument, options = {}, recognition } of sources) {
      expect(usage).toMatch(argument === undefined ? new RegExp(`^${id}$`) : new RegExp(`^${id}:(DIR|FILE|PATH)$`))
      const texts = [title, ...(argument === undefined ? [] : [argument]), ...Object.values(options)]
      for (const text of texts) expect(text).toMatch(/^\S.{10,140}[^.\s]$/)
      expect(typeof recognition === 'string' ? recognition : recognition.sign).toMatch(/^\S.{5,100}[^.\s]$/)
      const others = typeof recognition === 'string' ? [] : (recognition.outranks ?? [])
      for (const other of others) expect(sources.map((source) => source.id)).toContain(other)
    }
  })

  it('that takes a path gets what stands after the first colon, and says that it is not there', async () => {
    for (const { id } of sources.filter((source) => source.argument !== undefined)) {
      const error = await openDataset(`${id}:no/such:folder`).catch((reason) => reason)
      expect(error.code, id).toMatch(/^data\.(missing|manifest)$/)
      expect(error.message).toContain('no/such:folder')
    }
  })
})

describe('openDataset', () => {
  it('opens a dataset by its name', async () => {
    expect((await openDataset('digits')).labels).toHaveLength(1797)
  })

  it('opens what a path is recognised as', async () => {
    const folder = folderWith('set.npz')
    const archive = new URL('npz/fixtures/numpy.npz', import.meta.url)
    writeFileSync(join(folder, 'set.npz'), readFileSync(archive))
    expect((await openDataset(`${folder}/set.npz?layout=nhwc`)).labels).toHaveLength(7)
    await expect(openDataset(`${folder}/set.npz?side=8`)).rejects.toThrow("'npz' has no option 'side'")
  })

  it.each([
    ['digit', "there is no data source 'digit', nor a file or directory of that name", "did you mean 'digits'?"],
    ['fashion-mnsit:x', "there is no data source 'fashion-mnsit'", "did you mean 'fashion-mnist'?"],
    ['', "there is no data source '', nor a file or directory of that name", 'known: '],
    ['mnist', "'mnist' lacks its argument, write mnist:DIR", 'the directory of its four IDX files, plain or .gz'],
    ['idx:', "'idx:' lacks its argument, write idx:DIR", 'a directory with '],
    ['digits:data', "'digits' takes no argument, got 'data'", 'write digits'],
    ['image-folder:?side=9', "'image-folder:?side=9' lacks its argument, write image-folder:DIR", 'a directory with '],
  ])('refuses %j', async (reference, message, hint) => {
    const error = await openDataset(reference).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'data.source', message })
    expect(error.hint).toContain(hint)
  })

  it.each([
    ['digits?side=8', "'digits' takes no options, got 'side'", undefined],
    ['image-folder:x?size=8', "'image-folder' has no option 'size'", "did you mean 'side'?"],
    ['image-folder:x?side', "option 'side' of 'image-folder' lacks its value", 'side: length of the shorter side'],
    ['image-folder:x?side=8&crop=4&side=9', "option 'side' of 'image-folder' is given twice", undefined],
  ])('refuses the option in %j', async (reference, message, hint) => {
    const error = await openDataset(reference).catch((reason) => reason)
    expect(error).toMatchObject({ code: 'data.option', message })
    if (hint === undefined) expect(error.hint).toBeUndefined()
    else expect(error.hint).toContain(hint)
  })
})

describe('resolveReference', () => {
  it.each([
    ['image-folder', CLASSES],
    ['image-folder', ['train/cat/1.jpg', 'train/dog/2.jpg', 'notes.txt']],
    ['image-folder', [...CLASSES, 'labels.csv', 'archive.npz']],
    ['manifest', [...CLASSES, 'metadata.csv']],
    ['manifest', ['metadata.jsonl', '1.jpg']],
    ['idx', IDX],
    ['cifar-10', ['data_batch_3.bin']],
    ['cifar-10', ['cifar-10-batches-bin/data_batch_1_first100.bin.gz']],
    ['cifar-100', ['cifar-100-binary/train.bin', 'cifar-100-binary/test.bin']],
    ['parquet', ['data/train-00000-of-00001.parquet', 'README.md']],
    ['parquet', ['test.parquet', 'data/x.parquet']],
  ])('recognises %s in a folder of %j', async (id, files) => {
    const folder = folderWith(...files)
    expect(await resolveReference(folder)).toBe(`${id}:${folder}`)
    expect(await resolveReference(`${folder}/?side=8&crop=4`)).toBe(`${id}:${folder}/?side=8&crop=4`)
  })

  it.each([
    ['manifest', 'rows.csv'],
    ['manifest', 'rows.jsonl.gz'],
    ['npz', 'set.NPZ'],
    ['parquet', 'part.parquet'],
  ])('recognises %s by the name of %s', async (id, file) => {
    const path = join(folderWith(file), file)
    expect(await resolveReference(path)).toBe(`${id}:${path}`)
  })

  it.each(['digits', 'digits?x=1', 'image-folder:nowhere?side=8', 'idx:C:\\mine'])(
    'leaves %j as it is',
    async (text) => {
      expect(await resolveReference(text)).toBe(text)
    },
  )

  it('takes a path for a path, whatever characters are in its name', async () => {
    const folder = folderWith(
      'what?/a?side=1/cat/1.png',
      'what?/a?side=1/dog/1.png',
      'what?/idx:b/c/1.png',
      'what?/idx:b/d/1.png',
    )
    const odd = join(folder, 'what?', 'a?side=1')
    const reference = await resolveReference(`${odd}?side=8`)
    expect(reference).toBe(`image-folder:${odd}?side=8`)
    expect(parseReference(reference)).toMatchObject({ argument: odd, options: { side: '8' } })
    expect(parseReference(`image-folder:${odd}`)).toMatchObject({ argument: odd, options: {} })
    expect(await resolveReference(join(folder, 'what?', 'idx:b'))).toMatch(/^image-folder:/)
  })

  it('takes no drive of Windows for a source', async () => {
    await expect(resolveReference('C:\\mine')).rejects.toMatchObject({
      code: 'data.missing',
      message: 'there is no file or directory C:\\mine',
    })
    expect(parseReference('image-folder:C:\\mine?side=8')).toMatchObject({
      argument: 'C:\\mine',
      options: { side: '8' },
    })
    await expect(resolveReference('./no/such?side=8')).rejects.toThrow('there is no file or directory ./no/such')
  })

  it.each([
    [
      ['1.dcm', '2.DCM', 'a/1.txt', 'notes.txt'],
      'a folder of 2 .dcm files, 1 .txt file, 1 folder',
      'looked for: binary batches of',
    ],
    [['LICENSE'], 'a folder of 1 file', 'a folder of images for each of two or more classes'],
    [['1.jpg', '2.jpg'], 'a folder of 2 .jpg files', 'images need their classes'],
    [['cat/1.png'], 'a folder of 1 folder', 'of at least two classes, and there is one'],
    [[], 'an empty folder', 'looked for: '],
    [
      ['data_batch_1', 'batches.meta'],
      'a folder of 1 .meta file, 1 file',
      'pickled Python objects are code and are not run',
    ],
  ])('says what is in a folder of %j', async (files, description, hint) => {
    const folder = folderWith(...files)
    const error = await resolveReference(folder).catch((reason) => reason)
    expect(error).toMatchObject({
      code: 'data.unrecognised',
      message: `no images are recognised in ${folder}, which is ${description}`,
    })
    expect(error.hint).toContain(hint)
  })

  it('shows nothing that a terminal obeys', () => {
    for (const reference of [
      'digits:\u001b[31m',
      'digits?\u001b[31m=1',
      'image-folder:?\u001b[31m=1',
      'image-folder:a?\u001b[31m=1',
    ]) {
      expect(() => parseReference(reference)).toThrow('\\u001b[31m')
    }
  })

  it('asks which of two is meant', async () => {
    const folder = folderWith(...CLASSES, ...IDX)
    await expect(resolveReference(`${folder}?side=8`)).rejects.toMatchObject({
      code: 'data.ambiguous',
      message:
        `${folder} has IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte), ` +
        'and a folder of images for each of two or more classes',
      hint: `say which is meant: idx:${folder}?side=8 or image-folder:${folder}?side=8`,
    })
  })
})
