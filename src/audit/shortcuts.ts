/**
 * Properties of the files by which one class can be told from the others, whatever its images show: a network may learn these instead
 * (shortcuts, Geirhos et al. 2020), and fails where they are gone.
 */
import { groupBy } from '../base/group-by.ts'
import type { FileHeader } from '../data/sources/image-folder/headers.ts'
import { midRanks } from '../stats/index.ts'
import type { Shortcut } from './audit-report.ts'
import { quartiles, tally } from './files.ts'
import { percent } from './words.ts'

/** Fewer images than this may be alike by chance. */
const LEAST_IMAGES = 5

/** A value tells a class where its share of the class is so much above its share of the others. */
const TELLING_DIFFERENCE = 0.5

/** A number tells a class by the area under its ROC curve: how often the class has the greater one, or the less. */
const TELLING_AREA = 0.95

/** What a file has beside its picture. */
interface FileProperties {
  readonly label: number
  readonly header: FileHeader
  /** Whether the image shows no colour. */
  readonly isGrey: boolean
}

const values: Readonly<Record<string, (file: FileProperties) => string>> = {
  'file format': ({ header }) => header.format,
  'colour mode': ({ header }) => header.mode,
  colour: ({ isGrey }) => (isGrey ? 'absent' : 'present'),
}

const numbers: Readonly<Record<string, (file: FileProperties) => number>> = {
  'shorter side': ({ header }) => Math.min(header.width, header.height),
  'ratio of width to height': ({ header }) => header.width / header.height,
}

/**
 * The shortcuts of a dataset, property by property.
 *
 * @param headers [N] by example
 * @param greyImages [N], whether an image shows no colour
 */
export function findShortcuts(
  headers: readonly (FileHeader | undefined)[],
  labels: Uint16Array,
  classNames: readonly string[],
  greyImages: readonly boolean[],
): Shortcut[] {
  const files = headers.flatMap((header, i) => (header ? [{ label: labels[i]!, header, isGrey: greyImages[i]! }] : []))
  const classes = [...groupBy([...files.keys()], (i) => files[i]!.label)]
    .map(([label, members]) => ({ label: classNames[label]!, members }))
    .filter(({ members }) => members.length >= LEAST_IMAGES && files.length - members.length >= LEAST_IMAGES)
  return [
    ...Object.entries(values).flatMap(([property, of]) => tellingValues(property, files.map(of), classes)),
    ...Object.entries(numbers).flatMap(([property, of]) => tellingNumbers(property, files.map(of), classes)),
  ]
}

/** A class, and the files that are its images. */
interface ClassMembers {
  readonly label: string
  readonly members: readonly number[]
}

function tellingValues(property: string, all: readonly string[], classes: readonly ClassMembers[]): Shortcut[] {
  const total = new Map(tally(all).map(({ value, images }) => [value, images]))
  return classes.flatMap(({ label, members }) => {
    const [{ value, images }] = tally(members.map((i) => all[i]!)) as [{ value: string; images: number }]
    const here = images / members.length
    const there = (total.get(value)! - images) / (all.length - members.length)
    if (here - there < TELLING_DIFFERENCE) return []
    return [
      { label, property, sentence: `${value} in ${percent(here)} of its images and ${percent(there)} of the others` },
    ]
  })
}

function tellingNumbers(property: string, all: readonly number[], classes: readonly ClassMembers[]): Shortcut[] {
  const ranks = midRanks(all)
  const [, , usual] = quartiles(all)
  return classes.flatMap(({ label, members }) => {
    const own = members.length
    const sum = members.reduce((total, i) => total + ranks[i]!, 0)
    // Mann and Whitney 1947: the chance that a number of ours is greater than one of the others, ties counting half.
    const area = (sum - (own * (own + 1)) / 2) / (own * (all.length - own))
    if (Math.max(area, 1 - area) < TELLING_AREA) return []
    const [, , median] = quartiles(members.map((i) => all[i]!))
    const text = (value: number) => Number(value.toPrecision(3))
    return [
      {
        label,
        property,
        sentence: `${area > 0.5 ? 'greater' : 'less'} than that of the others, ${text(median)} against ${text(usual)} over all (medians)`,
      },
    ]
  })
}
