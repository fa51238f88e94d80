import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { folderOf, jpeg, pattern, type png } from '../data/sources/image-folder/fixtures/photos.ts'
import { audit } from './audit.ts'
import { examine } from './examine.ts'

const shared = (name: string) => fileURLToPath(new URL(`../../../shared/data/${name}`, import.meta.url))

const made: string[] = []
const folder = (files: Parameters<typeof folderOf>[0]) => {
  const path = folderOf(files)
  made.push(path)
  return path
}

beforeAll(() => {
  process.env.EVENKEEL_CACHE = mkdtempSync(join(tmpdir(), 'evenkeel-cache-'))
})
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true })
})
afterAll(() => {
  rmSync(process.env.EVENKEEL_CACHE!, { recursive: true })
  delete process.env.EVENKEEL_CACHE
})

const audited = async (place: string) => audit({ ...(await examine(place)), minutes: 20 })

/** So many images of one class, all different, by path. */
async function images(name: string, count: number, make = jpeg): Promise<[string, Buffer][]> {
  return Promise.all(
    Array.from(
      { length: count },
      async (_, i) => [`${name}/${i}.jpg`, await make(name.length * 100 + i)] as [string, Buffer],
    ),
  )
}

describe('examine', () => {
  it('finds copies across labels, unreadable files and a class of two', async () => {
    const copy = await jpeg(7)
    const path = folder({
      ...Object.fromEntries([
        ...(await images('=SUM(A1)', 8)),
        ...(await images('many', 30)),
        ...(await images('two', 2)),
      ]),
      '=SUM(A1)/copy.jpg': copy,
      'many/copy.jpg': copy,
      'many/empty.jpg': '',
      'many/half.jpg': copy.subarray(0, copy.length / 2),
    })
    const { findings, unreadable, duplicates, classes, next, reference } = await audited(path)
    expect(reference).toBe(`image-folder:${path}?side=96&corrupt=skip`)
    expect(classes.map(({ name, images }) => [name, images])).toEqual([
      ['=SUM(A1)', 9],
      ['many', 31],
      ['two', 2],
    ])
    expect(unreadable).toEqual([
      { path: 'many/empty.jpg', reason: 'it is empty (0 bytes)' },
      { path: 'many/half.jpg', reason: 'it is damaged or cut short' },
    ])
    const conflicts = duplicates.filter(({ kind, acrossLabels }) => kind === 'identical' && acrossLabels)
    expect(conflicts.map(({ members }) => members.map(({ name }) => name))).toEqual([
      ['=SUM(A1)/copy.jpg', 'many/copy.jpg'],
    ])
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['class-too-small', 'label-conflict', 'unreadable']),
    )
    expect(next.map(({ command }) => command)).toEqual([
      `evenkeel audit '${path}?corrupt=skip'`,
      `evenkeel study '${path}?corrupt=skip' --minutes 20`,
    ])
  })

  it('finds images that are for training and for testing', async () => {
    const copy = await jpeg(3)
    const path = folder({
      'train/a/1.jpg': copy,
      'train/a/2.jpg': await jpeg(12),
      'train/b/1.jpg': await jpeg(13),
      'test/a/other-name.jpg': copy,
      'test/b/1.jpg': await jpeg(14),
    })
    const { findings, classes, duplicates } = await audited(path)
    expect(duplicates.find(({ kind }) => kind === 'identical')).toMatchObject({
      acrossRoles: true,
      acrossLabels: false,
    })
    expect(findings[0]).toMatchObject({ severity: 'error' })
    expect(findings.map(({ id }) => id)).toContain('role-leak')
    expect(classes[0]!.official).toEqual({ train: 2, selection: 0, test: 1 })
  })

  it('splits as a study would, and says where it cannot', async () => {
    const copy = await jpeg(5)
    const path = folder({
      ...Object.fromEntries([...(await images('train/a', 20)), ...(await images('test/bb', 2))]),
      ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`train/bb/${i}.jpg`, copy])),
      'test/a/1.jpg': await jpeg(1),
    })
    const { findings, classes } = await audited(path)
    expect(classes[0]!.split).toEqual({ train: 17, selection: 3, test: 1 })
    expect(findings.find(({ id }) => id === 'no-study')).toMatchObject({
      severity: 'error',
      sentence: expect.stringContaining("class 'bb'"),
    })
  })

  it('goes on where a class has no image that can be read', async () => {
    const path = folder({
      ...Object.fromEntries([...(await images('a', 10)), ...(await images('bb', 10))]),
      'broken/1.jpg': '',
      'empty/notes.txt': 'none yet',
    })
    const { findings, classes, next } = await audited(path)
    expect(classes.map(({ name, images }) => [name, images])).toEqual([
      ['a', 10],
      ['bb', 10],
      ['broken', 0],
      ['empty', 0],
    ])
    expect(findings[0]).toMatchObject({ severity: 'error', id: 'class-empty' })
    expect(findings[0]!.sentence).toBe("'broken' and 'empty' have no image that can be read.")
    expect(findings.filter(({ severity }) => severity === 'error')).toHaveLength(1)
    expect(next).toHaveLength(2)
  })

  it('reads formats and sizes by class, and sees images without colour', async () => {
    const grey = (seed: number) =>
      sharp(pattern(seed, 40, 40), { raw: { height: 40, width: 40, channels: 3 } })
        .greyscale()
        .png()
        .toBuffer()
    const path = folder(
      Object.fromEntries([...(await images('photo', 6)), ...(await images('scan', 6, grey as typeof png))]),
    )
    const { files, shortcuts, greyImages } = await audited(`image-folder:${path}?side=32`)
    expect(files!.formats).toEqual([
      { value: 'jpeg', images: 6 },
      { value: 'png', images: 6 },
    ])
    expect(greyImages).toBe(6)
    expect(shortcuts.map(({ label, property }) => `${label}: ${property}`)).toEqual([
      'photo: file format',
      'scan: file format',
      'photo: colour',
      'scan: colour',
      'photo: shorter side',
      'scan: shorter side',
      'photo: ratio of width to height',
      'scan: ratio of width to height',
    ])
    expect(files!.modes).toEqual([{ value: 'RGB', images: 12 }])
  })

  it('takes data that are no files as they are', async () => {
    const report = await audited('digits')
    expect(report.reference).toBe('digits')
    expect(report.files).toBeUndefined()
    expect(report.classes).toHaveLength(10)
    expect(report.duplicates[0]?.members[0]?.name ?? 'image 0').toMatch(/^image \d+$/)
  })
})

describe.skipIf(!existsSync(shared('wbc')))('blood cells of ../shared/data', () => {
  it('are 68 to 1, and three basophils say nothing', async () => {
    const { imbalance, classes, files, findings } = await audited(shared('wbc'))
    expect(imbalance.rho).toBeCloseTo(205 / 3, 12)
    expect(imbalance.mu).toBe(3 / 5)
    const basophil = classes.find(({ name }) => name === 'basophil')!
    expect(basophil).toMatchObject({ images: 3, tier: 'tail', split: { train: 1, selection: 1, test: 1 } })
    expect(basophil.precision.sentence).toContain('No statement about this class’s recall can be made')
    expect(files!.modes).toEqual([{ value: 'RGB', images: 348 }])
    expect(findings.map(({ id }) => id)).toContain('class-says-nothing')
  })
})

describe.skipIf(!existsSync(shared('trashnet-112')))('refuse of ../shared/data', () => {
  const conflicts = [
    ['glass/glass115.jpg', 'metal/metal91.jpg'],
    ['glass/glass176.jpg', 'plastic/plastic152.jpg'],
    ['glass/glass389.jpg', 'plastic/plastic332.jpg'],
  ]

  it('has three pairs of identical files with two labels, found among others', async () => {
    const others = ['cardboard', 'glass', 'metal', 'paper', 'plastic', 'trash'].flatMap((name) =>
      Array.from({ length: 25 }, (_, i) => `${name}/${name}${i + 1}.jpg`),
    )
    const read = (path: string) => [path, readFileSync(join(shared('trashnet-112'), path))] as const
    const { duplicates } = await audited(folder(Object.fromEntries([...others, ...conflicts.flat()].map(read))))
    const found = duplicates.filter(({ kind, acrossLabels }) => kind === 'identical' && acrossLabels)
    expect(found.map(({ members }) => members.map(({ name }) => name))).toEqual(conflicts)
  })
})
