/** Which arrays of an archive are the images, labels and groups of which role. */
import { didYouMean, EvenkeelError } from '../../../base/errors.ts'
import { printable } from '../../../base/printable.ts'
import type { Role } from '../../dataset.ts'
import { openNpy } from './npy.ts'
import type { ZipEntry } from './zip.ts'

/** The entries of an archive by the names of their arrays. */
export type Archive = ReadonlyMap<string, ZipEntry>

/** Names of the arrays of a role. */
export interface Part {
  readonly role: Role
  readonly x: string
  readonly y: string
  /** There or not. */
  readonly groups: string
}

/** Which arrays a person names. */
export interface ArrayChoice {
  /** Array of images. @defaultValue found by its name, with those of the official sets */
  readonly x?: string | undefined
  /** Array of labels. @defaultValue found by its name, with those of the official sets */
  readonly y?: string | undefined
}

/** What arrays of images and of labels are called. */
const STEMS = [
  ['x', 'y'],
  ['X', 'y'],
  ['images', 'labels'],
] as const

/** What a role is called in the name of an array. */
const ROLES: readonly (readonly [role: Role, word: string])[] = [
  ['train', 'train'],
  ['selection', 'val'],
  ['test', 'test'],
]

/** How a name is made; the first says no role, and is of archives without official sets. */
const FORMS: readonly ((stem: string, word: string) => string)[] = [
  (stem) => stem,
  (stem, word) => `${stem}_${word}`,
  (stem, word) => `${word}_${stem}`,
]

/** How many arrays are described in an error. */
const DESCRIBED = 20

/**
 * The parts of an archive in the order of a dataset's examples: one to train on, and those of the official sets that there are. A
 * selection set without a test set is one to test on.
 *
 * @throws EvenkeelError `data.npz` with a list of the arrays where the images or labels are not among them
 */
export async function findParts(path: string, archive: Archive, { x, y }: ArrayChoice): Promise<readonly Part[]> {
  if (x !== undefined || y !== undefined) return [await chosenPart(path, archive, x, y)]
  for (const [images, labels] of STEMS) {
    for (const form of FORMS) {
      const parts = ROLES.map(([role, word]) => ({
        role,
        x: form(images, word),
        y: form(labels, word),
        groups: form('groups', word),
      })).filter((part, i, all) => archive.has(part.x) && archive.has(part.y) && part.x !== all[i - 1]?.x)
      if (parts[0]?.role !== 'train') continue
      const hasTest = parts.some(({ role }) => role === 'test')
      return parts.map((part) => (part.role === 'selection' && !hasTest ? { ...part, role: 'test' } : part))
    }
  }
  throw new EvenkeelError(
    'data.npz',
    `${printable(path)} has no arrays of images and labels that are called as usual; it has ${await described(archive)}`,
    'name them with the options x and y, such as x=images&y=labels',
  )
}

async function chosenPart(path: string, archive: Archive, x = 'x', y = 'y'): Promise<Part> {
  const missing = [x, y].find((name) => !archive.has(name))
  if (missing === undefined) return { role: 'train', x, y, groups: 'groups' }
  throw new EvenkeelError(
    'data.npz',
    `${printable(path)} has no array '${printable(missing)}'; it has ${await described(archive)}`,
    didYouMean(missing, [...archive.keys()].map(printable)),
  )
}

/** "x (|u1, 60000 x 28 x 28), y (<i8, 60000)" */
async function described(archive: Archive): Promise<string> {
  const texts: string[] = []
  for (const entry of [...archive.values()].slice(0, DESCRIBED)) {
    const { name, dtype, shape } = await openNpy(entry)
    texts.push(`${printable(name)} (${dtype}, ${shape.join(' x ') || 'a single item'})`)
  }
  if (archive.size > DESCRIBED) texts.push(`${archive.size - DESCRIBED} more`)
  return texts.join(', ') || 'no arrays'
}
