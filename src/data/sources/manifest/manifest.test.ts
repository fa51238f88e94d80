import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Dataset } from '../../dataset.ts'
import { folder, open, useOwnCache } from '../image-folder/fixtures/opening.ts'
import { png } from '../image-folder/fixtures/photos.ts'
import { looksLikeManifest } from './find.ts'
import { manifest, manifestOptions } from './manifest.ts'

useOwnCache()

/** A folder with a manifest, and a different image at each of the paths. */
async function set(paths: readonly string[], text: string, name = 'metadata.csv'): Promise<string> {
  const images = await Promise.all(paths.map(async (path, i) => [path, await png(i)] as const))
  return folder({ ...Object.fromEntries(images), [name]: text })
}

const sizes = { side: 8, crop: 6 }

/** Path, class, group and role of every image. */
function rowsOf({ labels, classNames, groups, nameOf, officialSelectionStart, officialTestStart }: Dataset): string[] {
  const roleOf = (i: number) =>
    i >= (officialTestStart ?? Infinity) ? 'test' : i >= (officialSelectionStart ?? Infinity) ? 'selection' : 'train'
  return [...labels].map((label, i) => [nameOf!(i), classNames[label], groups?.[i] ?? '-', roleOf(i)].join(' '))
}

const four = ['img/1.png', 'img/2.png', 'img/3.png', 'img/4.png']

describe('a manifest', () => {
  it('says class, group and split of the images of a folder', async () => {
    const directory = await set(
      [...four, 'img/5.png', 'img/6.png', 'img/extra.png'],
      'file_name,age,Class,patient,split\n' +
        'img/4.png,9,cat,p1,train\nimg/1.png,9,dog,p1,training\nimg/2.png,9,dog,p2,val\nimg/3.png,9,cat,p2,valid\n' +
        './img/6.png,9,dog,p3,TEST\nimg//5.png,9,cat,,test\n',
    )
    const dataset = await manifest(directory, sizes)
    expect(rowsOf(dataset)).toEqual([
      'img/4.png cat 0 train',
      'img/1.png dog 0 train',
      'img/3.png cat 1 selection',
      'img/2.png dog 1 selection',
      'img/5.png cat 2 test',
      'img/6.png dog 3 test',
    ])
    expect(dataset.notes).toEqual([
      `read from ${join(directory, 'metadata.csv')}: path from 'file_name', label from 'Class', group from 'patient', ` +
        "split from 'split'; not read: 'age'",
      '1 images in the same folders are not named and not read',
      '1 of 6 images have no group: each is taken for a group of its own',
    ])
  })

  it('may be any file of CSV or JSON Lines, with columns of any names', async () => {
    const lines = four.map((photo, i) => JSON.stringify({ photo, kind: 10 - i, fold: i % 2, label: null }))
    const directory = await set(four, lines.join('\n'), 'my labels.jsonl')
    const options = manifestOptions({ path: 'photo', label: 'KIND', split: 'none', side: '8', crop: '6' })
    const dataset = await manifest(join(directory, 'my labels.jsonl'), options)
    expect(dataset).toMatchObject({
      name: 'my labels',
      classNames: ['7', '8', '9', '10'],
      officialTestStart: undefined,
    })
    expect(dataset.groups).toBeUndefined()
    expect(dataset.notes[0]).toMatch(/: path from 'photo', label from 'kind'; not read: 'fold', 'label'$/)
    expect(
      (await manifest(join(directory, 'my labels.jsonl'), { ...options, split: undefined })).officialTestStart,
    ).toBeUndefined()
  })

  it('leaves classes to folders where no column says them, and splits too', async () => {
    const paths = ['cat/1.png', 'cat/deep/2.png', 'dog/1.png']
    const table = (list: string[]) => `image,subject\n${list.map((path, i) => `${path},s${i >> 1}`).join('\n')}`
    const plain = await manifest(await set(paths, table(paths)), sizes)
    expect(rowsOf(plain)).toEqual(['cat/1.png cat 0 train', 'cat/deep/2.png cat 0 train', 'dog/1.png dog 1 train'])
    expect(plain.notes.slice(1)).toEqual(['the first folder of each path is its class'])

    const splitPaths = ['train/cat/1.png', 'train/dog/1.png', 'val/cat/1.png', 'val/dog/1.png']
    const split = await manifest(await set(splitPaths, table(splitPaths)), sizes)
    expect(rowsOf(split)).toEqual([
      'train/cat/1.png cat 0 train',
      'train/dog/1.png dog 0 train',
      'val/cat/1.png cat 1 test',
      'val/dog/1.png dog 1 test',
    ])
    expect(split.notes.slice(1)).toEqual([
      'the first folder of each path says what the image is for',
      'the second folder of each path is its class',
      'the images that are named for selection are the official test set: there is no other',
    ])
  })

  it('shares the images of the cache with the folder, and has the content hash of the same images', async () => {
    const paths = ['a/1.png', 'a/2.png', 'b/1.png']
    const directory = await set(paths, `path,label\n${paths.map((path) => `${path},${path[0]}`).join('\n')}`)
    const { dataset } = await open(directory)
    let decoded = 0
    const progress = () => decoded++
    expect((await manifest(directory, { ...sizes, progress })).contentHash).toBe(dataset.contentHash)
    expect(decoded).toBe(0)
  })

  it('can be told from other paths', async () => {
    const directory = await set(['a/1.png', 'b/1.png'], '', 'metadata.jsonl')
    const plain = folder({ 'a/1.png': '', 'labels.txt': '' })
    const paths = [
      directory,
      join(directory, 'metadata.jsonl'),
      'none.CSV',
      'x.csv.gz',
      plain,
      join(plain, 'labels.txt'),
    ]
    expect(paths.map(looksLikeManifest)).toEqual([true, true, true, true, false, false])
  })
})

describe('a manifest is refused', () => {
  const head = 'path,label,split\n'

  it.each<[string, string, string]>([
    [
      'without a column of paths',
      'a,b\u001b\n1,2',
      " has no column with the paths of images; its columns are 'a', 'b\\u001b'",
    ],
    ['with a column twice', 'path,Label,label\n1,2,3', " has two columns 'Label'"],
    ['without a row', head, ' names no image'],
    ['that is empty', '\n', ' names no image'],
    [
      'with an absolute path',
      `${head}/etc/passwd,a,train`,
      ", line 2: '/etc/passwd' must be a path below the folder of this file, without '..'",
    ],
    [
      'with a drive',
      `${head}C:\\1.png,a,train`,
      ", line 2: 'C:\\1.png' must be a path below the folder of this file, without '..'",
    ],
    [
      'with a way out',
      `${head}img/../../1.png,a,train`,
      ", line 2: 'img/../../1.png' must be a path below the folder of this file, without '..'",
    ],
    [
      'with another way out',
      `${head}img\\..\\1.png,a,train`,
      ", line 2: 'img\\..\\1.png' must be a path below the folder of this file, without '..'",
    ],
    [
      'with a newline in a path',
      `${head}"img/1\n.png",a,train`,
      ", line 3: the path 'img/1\\n.png' has a character that cannot be printed",
    ],
    [
      'with NUL in a path',
      `${head}img/1.png\0.txt,a,train`,
      ", line 2: the path 'img/1.png\\u0000.txt' has a character that cannot be printed",
    ],
    ['with an empty path', `${head},a,train`, ', line 2: the path is empty'],
    ['with a missing file', `${head}img/1.png,a,train\nimg/9.png,a,train`, ", line 3: there is no file 'img/9.png'"],
    ['with a folder', `${head}img,a,train`, ", line 2: 'img' is no file"],
    [
      'with a path twice',
      `${head}img/1.png,a,train\n./img/1.png,a,train`,
      ", line 3: 'img/1.png' is named in line 2 already",
    ],
    ['with an empty label', `${head}img/1.png," ",train`, ', line 2: the label is empty'],
    [
      'with a label that cannot be printed',
      `${head}img/1.png,"a\nb",train`,
      ", line 3: the label 'a\\nb' has a character that cannot be printed",
    ],
    [
      'with an unknown split',
      `${head}img/1.png,a,hold\u0007out`,
      ", line 2: the split must be one of train, training, val, valid, validation, selection, dev, test, testing, got 'hold\\u0007out'",
    ],
    ['with a ragged row', `${head}img/1.png,a`, ', line 2: there are 2 values for 3 columns'],
    [
      'without labels or folders',
      'path\nimg/1.png\n1.png',
      ", line 3: no column says the label, and '1.png' is in no folder of a class",
    ],
  ])('%s', async (_, text, message) => {
    const directory = await set([...four, '1.png'], text)
    await expect(manifest(directory, sizes)).rejects.toThrow(
      expect.objectContaining({ code: 'data.manifest', message: `${join(directory, 'metadata.csv')}${message}` }),
    )
  })

  it('with a value that is no text', async () => {
    const directory = await set(four, '{"path":"img/1.png","label":{"a":1}}', 'metadata.jsonl')
    await expect(manifest(directory)).rejects.toThrow(
      expect.objectContaining({
        code: 'data.manifest',
        message: `${join(directory, 'metadata.jsonl')}, line 1: the label must be text or a number`,
      }),
    )
  })

  it('where a column is asked for that there is not', async () => {
    const directory = await set(four, 'path,kind\nimg/1.png,a')
    await expect(manifest(directory, { label: 'species' })).rejects.toThrow(
      expect.objectContaining({
        code: 'data.manifest',
        message: `${join(directory, 'metadata.csv')} has no column 'species' (option label); its columns are 'path', 'kind'`,
      }),
    )
  })

  it('where there is none, or two', async () => {
    const without = folder({ 'a/1.png': '' })
    await expect(manifest(without)).rejects.toThrow(
      `expected a .csv or .jsonl file, or a folder with metadata.csv or metadata.jsonl, got ${without}`,
    )
    const both = folder({ 'metadata.csv': '', 'metadata.jsonl': '' })
    await expect(manifest(both)).rejects.toThrow(`${both} has both metadata.csv and metadata.jsonl`)
  })

  it.skipIf(process.platform === 'win32')('with a link out of its folder', async () => {
    const directory = await set(four, `${head}img/link.png,a,train`)
    const elsewhere = await set(['1.png'], '')
    const link = join(directory, 'img/link.png')
    const refused = (message: string) =>
      expect(manifest(directory)).rejects.toThrow(
        expect.objectContaining({
          code: 'data.manifest',
          message: `${join(directory, 'metadata.csv')}, line 2: ${message}`,
        }),
      )
    symlinkSync(join(elsewhere, '1.png'), link)
    await refused(`'img/link.png' is a link that leads out of ${directory}`)
    rmSync(link)
    symlinkSync('nowhere.png', link)
    await refused("there is no file 'img/link.png'")
    // A folder on the way may be the link.
    symlinkSync(elsewhere, join(directory, 'out'))
    writeFileSync(join(directory, 'metadata.csv'), `${head}out/1.png,a,train`)
    await refused(`'out/1.png' is a link that leads out of ${directory}`)
  })

  it('with a group in two official roles', async () => {
    const rows = 'img/1.png,a,p1,train\nimg/2.png,b,p2,train\nimg/3.png,a,p2,test\nimg/4.png,b,p3,test'
    const directory = await set(four, `path,label,group,split\n${rows}`)
    await expect(manifest(directory)).rejects.toThrow(
      expect.objectContaining({
        code: 'data.group-split',
        message: `group 'p2' of ${directory} has images to train on (img/2.png) and to test on (img/3.png)`,
      }),
    )
  })

  it('with a class that an official set lacks', async () => {
    const rows = 'img/1.png,a,train\nimg/2.png,b,train\nimg/3.png,a,test'
    const directory = await set(four, head + rows)
    await expect(manifest(directory)).rejects.toThrow(
      expect.objectContaining({ code: 'data.classes', message: `class 'b' of ${directory} has no image to test on` }),
    )
  })
})
