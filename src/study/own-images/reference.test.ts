import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDataset } from '../../data/index.ts'
import { folderOf, jpeg, png } from '../../data/sources/image-folder/fixtures/photos.ts'
import { factsOf } from './facts.ts'
import { headersOf, leavesSizeOpen, nameOf, withSize } from './reference.ts'

describe('a reference', () => {
  it.each([
    ['image-folder:photos', true],
    ['image-folder:photos?corrupt=skip', true],
    ['image-folder:photos?side=96', false],
    ['image-folder:photos?corrupt=skip&crop=64', false],
    ['mnist:data/mnist', false],
    ['digits', false],
  ])('%s leaves the size open: %s', (reference, isOpen) => {
    expect(leavesSizeOpen(reference)).toBe(isOpen)
  })

  it('takes a size beside what it says already', () => {
    expect(withSize('image-folder:a', { side: 72, crop: 64 })).toBe('image-folder:a?side=72&crop=64')
    expect(withSize('image-folder:a?corrupt=skip', { side: 36, crop: 32 })).toBe(
      'image-folder:a?corrupt=skip&side=36&crop=32',
    )
  })

  it.each([
    ['digits', 'digits'],
    ['image-folder:data/my photos?corrupt=skip', 'my-photos'],
    ['image-folder:photos/', 'photos'],
    ['image-folder:.', basename(process.cwd()).replace(/[^\w.-]+/g, '-')],
    ['image-folder:/', 'image-folder'],
    ['npz:…/Zellen é.npz', 'Zellen-.npz'],
    ['image-folder:/tmp/..hidden', 'hidden'],
  ])('%s gives the name %s', (reference, name) => {
    expect(nameOf(reference)).toBe(name)
    expect(name).toMatch(/^[\w. -]+$/)
  })
})

describe('facts', () => {
  it('are the sizes and colours of the originals', async () => {
    const folder = folderOf({
      'cat/1.png': await png(1, 40, 60),
      'cat/2.png': await png(2, 90, 50),
      'cat/3.jpg': await jpeg(3, 48, 64),
      'dog/1.png': await png(4, 20, 20),
      'dog/2.png': await png(5, 60, 70),
    })
    const reference = `image-folder:${folder}`
    const dataset = await openDataset(withSize(reference, { side: 36, crop: 32 }))
    expect(await headersOf(reference, dataset, [0, 4])).toMatchObject([
      { width: 60, height: 40 },
      { width: 70, height: 60 },
    ])
    expect(await factsOf(reference, dataset)).toEqual({
      reference,
      classNames: ['cat', 'dog'],
      counts: [3, 2],
      shape: [3, 32, 32],
      storedSide: 36,
      maxPixel: 255,
      sizeIsOpen: true,
      medianSide: 48,
      isGrey: false,
      officialTest: 0,
      hasOfficialSelection: false,
    })
    const own = `${reference}?side=36&crop=32`
    expect(await factsOf(own, dataset)).toMatchObject({ sizeIsOpen: false, medianSide: undefined })
  })

  it('are none of the originals where images are no files', async () => {
    const dataset = await openDataset('digits')
    expect(await factsOf('digits', dataset)).toMatchObject({ isGrey: true, sizeIsOpen: false, storedSide: 8 })
    expect(await headersOf(`image-folder:${join('no', 'where')}`, dataset, [0])).toEqual([undefined])
  })
})
