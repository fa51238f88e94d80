import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { folderOf } from './fixtures/photos.ts'
import { byCodePoint, listImages } from './listing.ts'

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true })
})

function folder(...paths: string[]): string {
  const directory = folderOf(Object.fromEntries(paths.map((path) => [path, 'x'])))
  made.push(directory)
  return directory
}

const pathsOf = (directory: string) =>
  listImages(directory).classes.map(({ name, train, test }) => [name, train.map(pathOf), test.map(pathOf)])
const pathOf = ({ path }: { path: string }) => path

describe('listImages', () => {
  it('takes sub-folders for classes, classes and files by code point, deeper folders with their class', () => {
    const directory = folder(
      'b/10.png',
      'b/9.JPG',
      'b/A.jpeg',
      'B/x.webp',
      '\u{1f431}/1.png',
      '\uff21/1.png',
      'b/9/1.gif',
    )
    expect(pathsOf(directory)).toEqual([
      ['B', ['B/x.webp'], []],
      ['b', ['b/10.png', 'b/9.JPG', 'b/9/1.gif', 'b/A.jpeg'], []],
      ['\uff21', ['\uff21/1.png'], []],
      ['\u{1f431}', ['\u{1f431}/1.png'], []],
    ])
  })

  it('describes a file by what changes with it', () => {
    const { classes } = listImages(folder('a/1.png', 'b/1.png'))
    expect(classes[0]!.train).toEqual([
      { path: 'a/1.png', size: 1, modified: expect.any(Number), changed: expect.any(Number) },
    ])
  })

  it('counts what it does not read', () => {
    const directory = folder(
      'a/1.png',
      'b/1.png',
      'a/Thumbs.db',
      'a/.DS_Store',
      '.git/x',
      'README',
      'c.bmp',
      'cover.jpg',
    )
    expect(listImages(directory).notes).toEqual([
      '6 other files are not read: 1 .bmp, 1 .db, 2 hidden, 1 outside the folders of classes, 1 without extension',
    ])
  })

  it.each(['test', 'val', 'valid', 'validation'])('takes %s/ alone beside train/ for the official test set', (name) => {
    const directory = folder('train/a/1.png', 'train/b/1.png', `${name}/a/2.png`, `${name}/b/3.png`)
    expect(pathsOf(directory)).toEqual([
      ['a', ['train/a/1.png'], [`${name}/a/2.png`]],
      ['b', ['train/b/1.png'], [`${name}/b/3.png`]],
    ])
    expect(listImages(directory).notes).toEqual([`the official test set is ${name}/`])
  })

  it.each(['val', 'valid', 'validation'])(
    'takes %s/ beside train/ and test/ for the official selection set',
    (name) => {
      const names = ['train', 'test', name].flatMap((part) => [`${part}/a/1.png`, `${part}/b/1.png`])
      const { classes, notes } = listImages(folder(...names))
      expect(classes[1]!.selection.map(pathOf)).toEqual([`${name}/b/1.png`])
      expect(classes[1]!.test.map(pathOf)).toEqual(['test/b/1.png'])
      expect(notes).toEqual([`the official selection set is ${name}/`, 'the official test set is test/'])
    },
  )

  it('takes one selection set of several, and no set without classes', () => {
    const names = ['train', 'val', 'valid', 'test'].flatMap((part) => [`${part}/a/1.png`, `${part}/b/1.png`])
    expect(listImages(folder(...names)).notes).toEqual([
      'the official selection set is val/',
      'the official test set is test/',
      'valid/ is not read',
    ])
    const unlabelled = folder('train/a/1.png', 'train/b/1.png', 'val/a/2.png', 'val/b/3.png', 'test/4.png')
    expect(pathsOf(unlabelled)[0]).toEqual(['a', ['train/a/1.png'], ['val/a/2.png']])
    expect(listImages(unlabelled).notes).toEqual(['the official test set is val/', 'test/ is not read'])
    const alone = folder('train/a/1.png', 'train/b/1.png')
    expect(pathsOf(alone)).toHaveLength(2)
  })

  it('does not take what lies beside train/ and a test set for classes', () => {
    const directory = folder(
      'train/a/1.png',
      'train/b/1.png',
      'val/a/2.png',
      'val/b/3.png',
      'extra/1.png',
      'boxes/1.xml',
    )
    expect(pathsOf(directory).map(([name]) => name)).toEqual(['a', 'b'])
    expect(listImages(directory).notes).toEqual([
      'the official test set is val/',
      'boxes/ is not read',
      'extra/ is not read',
      '1 other files are not read: 1 .xml',
    ])
  })

  it('takes a class that is called train for what it is', () => {
    expect(pathsOf(folder('train/1.png', 'bus/1.png')).map(([name]) => name)).toEqual(['bus', 'train'])
    expect(pathsOf(folder('train/a/1.png', 'bus/1.png')).map(([name]) => name)).toEqual(['bus', 'train'])
  })

  it.each<[string, string[], string]>([
    ['no class', ['1.png'], 'DIR must have a sub-folder for each of at least 2 classes, got none'],
    ['one class', ['a/1.png'], "DIR must have a sub-folder for each of at least 2 classes, got only 'a'"],
    ['an empty class', ['a/1.png', 'b/1.txt'], "class 'b' has no image in DIR/b"],
    [
      'a test set that lacks a class',
      ['train/a/1.png', 'train/b/1.png', 'val/a/1.png'],
      "DIR/val must have the classes of train/, but it lacks 'b'",
    ],
    [
      'a test set with an empty class',
      ['train/a/1.png', 'train/b/1.png', 'val/a/1.png', 'val/b/notes.txt'],
      "DIR/val must have the classes of train/, but it lacks 'b'",
    ],
    [
      'a selection set that lacks a class',
      ['train/a/1.png', 'train/b/1.png', 'valid/a/1.png', 'test/a/1.png', 'test/b/1.png'],
      "DIR/valid must have the classes of train/, but it lacks 'b'",
    ],
    [
      'a test set with another class',
      ['train/a/1.png', 'train/b/1.png', 'val/a/1.png', 'val/b/1.png', 'val/c/1.png'],
      "DIR/val must have the classes of train/, but it has 'c', which train/ has not",
    ],
  ])('refuses %s', (_, paths, message) => {
    const directory = folder(...paths)
    expect(() => listImages(directory)).toThrow(
      expect.objectContaining({ code: 'data.image-folder', message: message.replace('DIR', directory) }),
    )
  })

  it('refuses a directory that is not there, and a file', () => {
    const directory = folder('a/1.png')
    expect(() => listImages(join(directory, 'no'))).toThrow(`there is no directory ${directory}/no`)
    expect(() => listImages(join(directory, 'a/1.png'))).toThrow('expected a directory with images, got a file')
  })

  it('follows links to files of the folder and no others', () => {
    const directory = folder('a/1.png', 'b/1.png')
    symlinkSync('../a/1.png', join(directory, 'b/2.png'))
    expect(pathsOf(directory)[1]).toEqual(['b', ['b/1.png', 'b/2.png'], []])
    const elsewhere = folder('1.png')
    const refused = (target: string, path: string, whither: string) => {
      symlinkSync(target, join(directory, path))
      expect(() => listImages(directory)).toThrow(
        expect.objectContaining({
          code: 'data.link',
          message: `${join(directory, path)} is a link that leads ${whither}`,
        }),
      )
      rmSync(join(directory, path))
    }
    refused(join(elsewhere, '1.png'), 'b/3.png', `out of ${directory}`)
    refused(elsewhere, 'c', `out of ${directory}`)
    refused('a', 'c', 'to a folder')
    refused('.', 'a/loop', 'to a folder')
    refused('none.png', 'b/4.png', 'nowhere')
    symlinkSync('/nowhere/notes.txt', join(directory, 'b/notes.txt'))
    expect(listImages(directory).notes).toEqual(['1 other files are not read: 1 .txt'])
  })

  it.skipIf(process.platform === 'win32')('leaves out a pipe that is called an image', () => {
    const directory = folder('a/1.png', 'b/1.png')
    execFileSync('mkfifo', [join(directory, 'b/2.png')])
    expect(pathsOf(directory)[1]).toEqual(['b', ['b/1.png'], []])
    expect(listImages(directory).notes).toEqual(['1 other files are not read: 1 device or pipe'])
  })

  it('reads a folder that is itself reached by a link', () => {
    const directory = folder('a/1.png', 'b/1.png')
    const links = folder('x')
    symlinkSync(directory, join(links, 'photos'))
    expect(listImages(join(links, 'photos')).root).toBe(directory)
    mkdirSync(join(directory, 'c'))
    writeFileSync(join(directory, 'c/1.png'), 'x')
    expect(listImages(join(links, 'photos')).classes).toHaveLength(3)
  })

  const shared = fileURLToPath(new URL('../../../../../shared/data/trashnet-112', import.meta.url))
  it.skipIf(!existsSync(shared))('finds the photographs of trashnet (needs ../shared)', () => {
    const { classes, notes } = listImages(shared)
    expect(classes.map(({ name, train }) => [name, train.length])).toEqual([
      ['cardboard', 403],
      ['glass', 501],
      ['metal', 410],
      ['paper', 594],
      ['plastic', 482],
      ['trash', 137],
    ])
    expect(notes).toEqual([])
  })
})

it('byCodePoint puts what lies outside the first plane last', () => {
  expect(['\u{1f431}', '\uff21', 'b', 'a\u{1f431}', 'a', 'ab', 'B'].sort(byCodePoint)).toEqual([
    'B',
    'a',
    'ab',
    'a\u{1f431}',
    'b',
    '\uff21',
    '\u{1f431}',
  ])
})
