import type { Comparison } from '../study/comparison.ts'
import type { StudySummary } from '../study/reproduction/open-evidence.ts'
import { count } from './format.ts'

/** What has to be said wherever results are shown, in a few words. */
export interface Remark {
  readonly text: string
  /** The whole of it, for those who ask. */
  readonly more: string
  /** Whether the results flatter. */
  readonly isWarning: boolean
  /** Where the report says more. */
  readonly anchor: string
}

const flatters =
  'Of several runs the one that did best on the test images counts, as in the paper: the figures are too good by an unknown amount.'

/** Of the results of one study. */
export function remarksOn({ scale, testSelected }: Comparison): Remark[] {
  const anchor = 'advice'
  return [
    ...(testSelected ? [selectedOnTest(anchor)] : []),
    ...(scale
      ? [{ text: `${shareText(scale.share)} of ${scale.preset}`, more: scale.sentence, isWarning: false, anchor }]
      : []),
  ]
}

/** Of results that several studies enter. */
export function remarksOnStudies(studies: readonly StudySummary[]): Remark[] {
  const anchor = 'studies'
  const scaled = studies.flatMap(({ folder, scale }) => (scale === undefined ? [] : [`${folder}: ${scale}`]))
  return [
    ...(studies.some(({ testSelected }) => testSelected) ? [selectedOnTest(anchor)] : []),
    ...(scaled.length > 0
      ? [{ text: 'at the scale of the studies', more: scaled.join('\n'), isWarning: false, anchor }]
      : []),
  ]
}

/** A study in a line: its name, which part of an experiment it is, and what its figures must be read with. */
export function studyLine({ name, scale, testSelected, trials: { planned, done } }: StudySummary): string {
  const unfinished = done < planned ? ` ${done} of ${planned} trials are done.` : ''
  const selected = testSelected ? ' Selected on the test images.' : ''
  return `${name}: ${scale ?? 'none of the paper’s experiments.'}${selected}${unfinished}`
}

function selectedOnTest(anchor: string): Remark {
  return { text: 'selected on the test images', more: flatters, isWarning: true, anchor }
}

/** '1/560 of the training', '75 % of the training', 'all the training', '2.5 times the training'. */
function shareText(share: number): string {
  if (share > 1) return `${Number(share.toPrecision(2))} times the training`
  if (share === 1) return 'all the training'
  return share > 0.5 ? `${Math.floor(share * 100)} % of the training` : `1/${count(1 / share)} of the training`
}
