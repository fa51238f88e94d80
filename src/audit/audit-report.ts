/**
 * What an audit found of a dataset, as plain data that survives JSON: the one thing that the terminal, the page and other programs
 * read. It holds no clock and no machine, but for the time of a study where someone measured it.
 */
import type { LeftOut, Role } from '../data/index.ts'
import type { RuleReading } from '../study/reproduction/page.ts'

export interface AuditReport {
  readonly schemaVersion: 1
  /** What was opened, with the options it was opened with. */
  readonly reference: string
  readonly name: string
  readonly description: string
  /** What its source had to say, a sentence each. */
  readonly notes: readonly string[]
  readonly contentHash: string
  /** What networks see of an image when it is opened so. */
  readonly shape: readonly [channels: number, height: number, width: number]
  readonly images: number
  /** Groups, such as patients; undefined where the source names none. */
  readonly groups: number | undefined
  /** Whether the source says which images are for which role. */
  readonly hasOfficialTest: boolean
  /** By label. */
  readonly classes: readonly ClassAudit[]
  readonly imbalance: ImbalanceAudit
  /** Undefined where images are no files of their own. */
  readonly files: FilesAudit | undefined
  /** Images of three channels whose channels are the same. */
  readonly greyImages: number
  readonly shortcuts: readonly Shortcut[]
  /** Files that cannot be read, and why: all of them. */
  readonly unreadable: readonly LeftOut[]
  /** Every group of images that show the same. */
  readonly duplicates: readonly DuplicateAudit[]
  readonly precision: PrecisionAudit
  /** What the paper recommends for such an imbalance, and what our studies say of that. */
  readonly advice: readonly RuleReading[]
  /** What later papers did for rare classes; empty where no class is rare. */
  readonly literature: readonly Reading[]
  /** Undefined where nobody measured it. */
  readonly study: StudyOutlook | undefined
  /** Errors first, then warnings, then notes. */
  readonly findings: readonly Finding[]
  /** Command lines, and what each does. */
  readonly next: readonly NextStep[]
}

/** Many, medium or few training images: more than 100, 20 to 100, fewer than 20 (Liu et al. 2019, CVPR, section 4). */
export type Tier = 'head' | 'medium' | 'tail'

export interface ClassAudit {
  readonly name: string
  readonly images: number
  /** Images that the source itself gave each role; all are for training where it gives none. */
  readonly official: Readonly<Record<Role, number>>
  /** Images of each role in one split of a study with the usual shares. */
  readonly split: Readonly<Record<Role, number>>
  /** By the training images of such a split. */
  readonly tier: Tier
  /** Whether it is smaller than the mean class. */
  readonly isMinority: boolean
  readonly precision: ClassPrecision
  /** Dataset indices of its first images, for pictures. */
  readonly examples: readonly number[]
}

/** Over the images that are not in an official test or selection set. */
export interface ImbalanceAudit {
  /** Size of the largest class over that of the smallest that has images (Buda et al. 2018, section 3.1). */
  readonly rho: number
  /** Fraction of classes that are smaller than the mean class. */
  readonly mu: number
  readonly meanClass: number
}

/** How much the test images of a class can say of its recall. */
export interface ClassPrecision {
  /** Images that can be tested on, those of one group or that show the same counted once. */
  readonly units: number
  /** Half the widest 95 % interval of a recall, in [0, 1], measured on the test images of one split; undefined without any. */
  readonly inOneSplit: number | undefined
  /** The same where each of the units is tested once. */
  readonly atBest: number | undefined
  /** 'impossible': not in every role; 'nothing': the interval spans half of [0, 1] or more; 'rough'; 'sound': within 10 points. */
  readonly verdict: 'impossible' | 'nothing' | 'rough' | 'sound'
  readonly sentence: string
}

export interface PrecisionAudit {
  /** Independent test images that bound a recall within `bound` either way, whatever it is. */
  readonly testImages: number
  readonly bound: number
  /** How the half widths are computed, in words. */
  readonly formula: string
}

/** Smallest value, quartiles and largest value. */
export type Quartiles = readonly [least: number, lower: number, median: number, upper: number, greatest: number]

export interface Sizes {
  /** Pixels, as an image is shown. */
  readonly width: Quartiles
  readonly height: Quartiles
  /** Width over height. */
  readonly aspect: Quartiles
}

export interface FilesAudit {
  readonly bytes: number
  readonly sizes: Sizes
  /** Images by format, such as 'jpeg', and by colour mode, such as 'RGB': the most frequent first. */
  readonly formats: readonly Tally[]
  readonly modes: readonly Tally[]
  /** By label; undefined for a class without a file. */
  readonly byClass: readonly (
    | { readonly sizes: Sizes; readonly formats: readonly Tally[]; readonly modes: readonly Tally[] }
    | undefined
  )[]
}

export interface Tally {
  readonly value: string
  readonly images: number
}

/** Something beside what an image shows by which one class can be told: a network would learn that instead. */
export interface Shortcut {
  /** Of the class. */
  readonly label: string
  /** 'format', 'colour mode', 'shorter side', ... */
  readonly property: string
  /** 'png for 98 % of its images, and for 2 % of the others' */
  readonly sentence: string
}

export interface DuplicateAudit {
  /** 'identical': the same bytes; 'exact': the same pixels; 'near': the same picture, scaled, compressed or lit a little otherwise. */
  readonly kind: 'identical' | 'exact' | 'near'
  readonly members: readonly {
    readonly index: number
    readonly name: string
    readonly label: string
    readonly role: Role
  }[]
  readonly acrossLabels: boolean
  /** Between official roles. */
  readonly acrossRoles: boolean
  /** Between groups that the source names. */
  readonly acrossGroups: boolean
}

/** A remedy of the literature, with a number that its authors or a replication print. */
export interface Reading {
  readonly title: string
  readonly sentence: string
  readonly source: string
}

/** What a study of these images would be that takes so long. */
export interface StudyOutlook {
  readonly minutes: number
  /** What would be chosen and why, a sentence each. */
  readonly choices: readonly string[]
}

export type Severity = 'error' | 'warning' | 'note'

export interface Finding {
  readonly severity: Severity
  /** Stable, for programs: 'label-conflict'. */
  readonly id: string
  /** What is so, in one sentence. */
  readonly sentence: string
  /** What to do about it, in another. */
  readonly action: string
}

export interface NextStep {
  readonly command: string
  readonly effect: string
}
