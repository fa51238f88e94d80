/**
 * What the images of a class can say of its recall, whatever that will be: half the width of Wilson's 95 % interval at a recall of
 * 50 %, where it is widest,
 *
 *     (z / 2) / sqrt(n + z^2),    z = 1.96, n independent test images.
 *
 * It is about the test images alone: that training varies, too, comes on top. Images of one group, such as a patient, and those that
 * show the same are counted once, since a second one says little that the first did not.
 *
 * Source: Wilson 1927, J. Am. Stat. Assoc. 22:209-212.
 */
import type { Role } from '../data/index.ts'
import { plural } from '../report/format.ts'
import { wilsonLimits, wilsonTrials } from '../stats/index.ts'
import type { ClassPrecision, PrecisionAudit } from './audit-report.ts'

/** Half widths up to here are a statement; beyond the second one, the interval spans half of all that a recall can be. */
const SOUND = 0.1
const SPEAKS = 0.25

/** A class needs one for each role. */
export const LEAST_UNITS = 3

/** Half the widest 95 % interval of a recall that is measured on so many test images; undefined for none. */
export function halfWidthAtWorst(testImages: number): number | undefined {
  if (testImages === 0) return undefined
  const { lower, upper } = wilsonLimits(0.5, testImages)
  return (upper - lower) / 2
}

/** The same for every class. */
export const precisionAudit: PrecisionAudit = {
  testImages: wilsonTrials(0.5, SOUND),
  bound: SOUND,
  formula:
    'Half the 95 % interval of a recall measured on n independent test images, by Wilson’s formula where it is widest, at a recall ' +
    'of 50 %: (z / 2) / √(n + z²) with z = 1.96. Images of one group and images that show the same count once. What varies with ' +
    'the training comes on top.',
}

/** A class as its split has it. */
export interface ClassSize {
  /** Images that can be tested on, those of one group or that show the same counted once. */
  readonly units: number
  /** The same images, each counted. */
  readonly images: number
  readonly split: Readonly<Record<Role, number>>
  /** Whether the source names groups of images. */
  readonly hasGroups: boolean
  /** Whether the source itself says which images are tested on. */
  readonly hasOfficialTest: boolean
}

/** What can be said of the recall of a class, in numbers and in a sentence that promises no more than its images carry. */
export function classPrecision({ units, images, split, hasGroups, hasOfficialTest }: ClassSize): ClassPrecision {
  // As many of the units are tested as of their images, and one at least where any is.
  const testUnits = split.test === 0 ? 0 : Math.max(1, Math.round((units * split.test) / images))
  const inOneSplit = halfWidthAtWorst(testUnits)
  const atBest = halfWidthAtWorst(units)
  const isImpossible = atBest === undefined || split.train < 1 || (!hasOfficialTest && units < LEAST_UNITS)
  if (isImpossible) {
    return {
      units,
      inOneSplit,
      atBest,
      verdict: 'impossible',
      sentence: `${plural(units, hasGroups ? 'group' : 'independent image')} cannot be in training, selection and test at once: this class cannot be studied.`,
    }
  }
  const verdict = atBest <= SOUND ? 'sound' : atBest < SPEAKS ? 'rough' : 'nothing'
  const tested = hasOfficialTest
    ? plural(units, hasGroups ? 'test group' : 'test image')
    : `${plural(units, hasGroups ? 'group' : 'independent image')}, ${units < images ? 'about ' : ''}${testUnits} of them tested in a split`
  const sentences = {
    nothing:
      `${tested}: ${grain(testUnits, split.test)}. No statement about this class’s recall can be made; it takes at least ` +
      `${precisionAudit.testImages} independent images, each tested once, to bound it within 10 points.`,
    rough: `${tested}: at best its recall is known within ${points(atBest)} points either way, so only large differences can show.`,
    sound: `${tested}: at best its recall is known within ${points(atBest)} points either way.`,
  }
  return { units, inOneSplit, atBest, verdict, sentence: sentences[verdict] }
}

/** What a recall measured on a handful of images can be. */
function grain(testUnits: number, testImages: number): string {
  if (testUnits < testImages)
    return `its recall in a split says little more than that of ${plural(testUnits, 'image')} would`
  if (testUnits === 1) return 'its recall in a split can only be 0 or 1'
  return `its recall in a split moves in steps of ${Math.round(100 / testUnits)} points`
}

/** A half width in hundredths, rounded up: no more is promised than there is. */
export function points(halfWidth: number): string {
  return String(Math.ceil(100 * halfWidth))
}
