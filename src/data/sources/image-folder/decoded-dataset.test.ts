import { beforeAll, describe, expect, it } from 'vitest'
import { decodedDataset, type ImageListing, type ListedImage, type ListedRole } from './decoded-dataset.ts'
import { imagesOf, useOwnCache } from './fixtures/opening.ts'
import { png } from './fixtures/photos.ts'

useOwnCache()

let bytes: Uint8Array[]
beforeAll(async () => {
  bytes = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((seed) => png(seed)))
})

/** An image in memory; the number in its path is that of its bytes. */
function image(path: string, label: number, role: ListedRole = 'train', group?: string): ListedImage {
  return { file: { path, size: 1, modified: 0, changed: 0 }, label, role, group }
}

function listing(...images: readonly ListedImage[]): ImageListing {
  return {
    name: 'set',
    place: 'here',
    root: '/nowhere/set',
    classNames: ['a', 'b'],
    images,
    notes: [],
    read: async ({ path }) => (path === 'bad' ? new Uint8Array(0) : bytes[Number(/\d+/.exec(path)![0])]!),
  }
}

const open = (given: ImageListing, corrupt?: 'skip') => decodedDataset(given, { side: 8, crop: 6, corrupt })
const namesOf = ({ labels, nameOf }: Awaited<ReturnType<typeof open>>) => [...labels].map((_, i) => nameOf!(i))

const roles = listing(
  image('7', 1, 'test'),
  image('3', 1),
  image('4', 0, 'selection', 'p'),
  image('2', 0, 'train', 'q'),
  image('6', 0, 'test', 'r'),
  image('5', 1, 'selection', 'p'),
  image('1', 0, 'train', 'q'),
)

describe('a decoded dataset', () => {
  it('is ordered by role, class and path, and numbers groups as they come', async () => {
    const dataset = await open(roles)
    expect(namesOf(dataset)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect([...dataset.labels]).toEqual([0, 0, 1, 0, 1, 0, 1])
    expect([...dataset.groups!]).toEqual([0, 0, 1, 2, 2, 3, 4])
    expect([dataset.officialSelectionStart, dataset.officialTestStart]).toEqual([3, 5])
    const { images } = await open(listing(image('3', 0), image('1', 1)))
    expect(images.count).toBe(2)
    expect(imagesOf({ ...dataset, images })[1]).toEqual(imagesOf(dataset)[0])
  })

  it('says how many images have no group where others have', async () => {
    expect((await open(roles)).notes).toContain('2 of 7 images have no group: each is taken for a group of its own')
    const { notes } = await open(listing(image('3', 0), image('1', 1)))
    expect(notes).toEqual([])
  })

  it('has a name that a terminal obeys nothing of', async () => {
    expect((await open({ ...roles, name: 'evil\u001b[31m\nname' })).name).toBe('evil\\u001b[31m\\nname')
  })

  it('has a content hash that groups and roles change, and their names do not', async () => {
    const change = (to: (given: ListedImage) => Partial<ListedImage>) =>
      open({ ...roles, images: roles.images.map((given) => ({ ...given, ...to(given) })) })
    const { contentHash } = await open(roles)
    expect((await change(({ group }) => ({ group: group && `patient ${group}` }))).contentHash).toBe(contentHash)
    const ungrouped = await change(() => ({ group: undefined }))
    const unselected = await change(({ role }) => ({ role: role === 'selection' ? 'train' : role, group: undefined }))
    expect([ungrouped.groups, unselected.officialSelectionStart]).toEqual([undefined, undefined])
    expect(new Set([contentHash, ungrouped.contentHash, unselected.contentHash]).size).toBe(3)
  })

  it('takes selection images for the test set where there is no other', async () => {
    const dataset = await open(
      listing(
        ...['1', '2'].map((path, label) => image(path, label)),
        image('3', 0, 'selection'),
        image('4', 1, 'selection'),
      ),
    )
    expect([dataset.officialSelectionStart, dataset.officialTestStart]).toEqual([undefined, 2])
    expect(dataset.notes).toEqual([
      'the images that are named for selection are the official test set: there is no other',
    ])
  })

  it('keeps names, groups and roles together where images are left out', async () => {
    const dataset = await open({ ...roles, images: [image('bad', 0, 'train', 'p0'), ...roles.images] }, 'skip')
    expect(namesOf(dataset)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect([...dataset.groups!]).toEqual([0, 0, 1, 2, 2, 3, 4])
    expect([dataset.officialSelectionStart, dataset.officialTestStart]).toEqual([3, 5])
  })

  it.each<[string, ImageListing, string, string]>([
    [
      'a class to train on',
      listing(image('1', 0), image('2', 1, 'test'), image('3', 0, 'test')),
      'data.classes',
      "class 'b' of here has no image to train on",
    ],
    [
      'a class to select on',
      listing(...roles.images.filter(({ file }) => file.path !== '5')),
      'data.classes',
      "class 'b' of here has no image to select on",
    ],
    [
      'a class to select on that can be decoded',
      listing(...roles.images.filter(({ file }) => file.path !== '5'), image('bad', 1, 'selection')),
      'data.corrupt',
      "class 'b' of here has no image to select on that can be decoded",
    ],
    [
      'a group with one role',
      listing(...roles.images, image('0', 0, 'train', 'p')),
      'data.group-split',
      "group 'p' of here has images to train on (0) and to select on (4)",
    ],
    [
      'names for classes that can be printed',
      { ...roles, classNames: ['a', 'b\n'] },
      'data.content',
      "dataset 'set': the class name 'b\\n' has a character that cannot be printed",
    ],
  ])('must have %s', async (_, given, code, message) => {
    await expect(open(given, 'skip')).rejects.toThrow(expect.objectContaining({ code, message }))
  })
})
