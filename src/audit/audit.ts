import { EvenkeelError } from '../base/errors.ts'
import type { FileHeader } from '../data/sources/image-folder/headers.ts'
import { MANY_CLASSES } from '../study/reproduction/cells.ts'
import type { RuleReading } from '../study/reproduction/page.ts'
import { rulesFor } from '../study/reproduction/rules/registry.ts'
import type { AuditReport, ImbalanceAudit, StudyOutlook } from './audit-report.ts'
import { auditClasses, type ImagesAsSplit } from './classes.ts'
import { auditDuplicates } from './duplicates.ts'
import { auditFiles } from './files.ts'
import { bySeverity, findingsOf } from './findings.ts'
import { readings } from './literature.ts'
import { nextSteps } from './next-steps.ts'
import { precisionAudit } from './precision.ts'
import { findShortcuts } from './shortcuts.ts'

/** All that an audit is made of. */
export interface AuditInput extends ImagesAsSplit {
  /** What was opened, with the options it was opened with. */
  readonly reference: string
  /** What a person would write to study the same images. */
  readonly place: string
  /** [N] by example; undefined where an image is no file of its own. */
  readonly headers: readonly (FileHeader | undefined)[]
  /** [N], whether an image of three channels shows no colour. */
  readonly greyImages: readonly boolean[]
  /** What studies say of the paper's recommendations. */
  readonly studies: readonly Pick<RuleReading, 'id' | 'ours'>[]
  /** Minutes that a study may take. */
  readonly minutes: number
  /** How long it would take, where that was measured, or why it cannot be. */
  readonly study?: StudyOutlook | EvenkeelError | undefined
}

/** What is to be known of a dataset before it is studied. The same input gives the same report. */
export function audit(input: AuditInput): AuditReport {
  const { reference, dataset, split, duplicates, headers, greyImages, study } = input
  const { name, description, notes, contentHash, shape, classNames, labels, leftOut } = dataset
  const { classes, imbalance } = auditClasses(input)
  const examined = {
    classes,
    imbalance,
    groups: dataset.groups && new Set(dataset.groups).size,
    files: auditFiles(headers, labels, classNames.length),
    greyImages: greyImages.filter(Boolean).length,
    shortcuts: findShortcuts(headers, labels, classNames, greyImages),
    unreadable: leftOut,
    duplicates: auditDuplicates(dataset, duplicates, headers),
    images: labels.length,
  }
  const findings = bySeverity(
    findingsOf({ ...examined, obstacle: [split, study].find((one) => one instanceof EvenkeelError) }),
  )
  return {
    schemaVersion: 1,
    reference,
    name,
    description,
    notes,
    contentHash,
    shape,
    hasOfficialTest: dataset.officialTestStart !== undefined,
    ...examined,
    precision: precisionAudit,
    advice: adviceFor(imbalance, classes.length, input.studies),
    literature: classes.some(({ tier }) => tier === 'tail') ? readings : [],
    study: study instanceof EvenkeelError ? undefined : study,
    findings,
    next: nextSteps(input.place, input.minutes, findings),
  }
}

function adviceFor({ rho, mu }: ImbalanceAudit, classes: number, studies: AuditInput['studies']): RuleReading[] {
  const difficulty = classes >= MANY_CLASSES ? 'hard' : 'moderate'
  return rulesFor({ rho, mu, difficulty, time: 'enough' }).map(({ id, when, advice, source }) => {
    return { id, when, advice, source, ours: studies.find((study) => study.id === id)?.ours }
  })
}
