import { printable } from '../../base/printable.ts'
import { renderDocument } from '../../report/components/document.tsx'
import { KeyNumbers } from '../../report/components/key-numbers.tsx'
import { count, plural } from '../../report/format.ts'
import { Rules } from '../../report/sections/reproduction/rules.tsx'
import type { AuditReport } from '../audit-report.ts'
import { type Pictures, sortedDuplicates } from '../pictures.ts'
import { percent } from '../words.ts'
import { Classes } from './classes.tsx'
import { Duplicates } from './duplicates.tsx'
import { Files } from './files.tsx'
import { Findings } from './findings.tsx'
import { Literature } from './literature.tsx'
import { Next } from './next.tsx'
import { Precision } from './precision.tsx'
import { rules } from './rules.css.ts'

/** An audit as one HTML file that needs nothing else. The same report and pictures give the same bytes. */
export function renderAuditPage(report: AuditReport, pictures: Pictures): string {
  const contents = [
    ['findings', 'Findings'],
    ['classes', 'Classes'],
    ['precision', 'What they can say'],
    ['files', 'Files'],
    ['duplicates', 'Duplicates'],
    ...(report.advice.length > 0 ? ([['rules', 'Advice']] as const) : []),
    ['next', 'Next'],
  ] as const
  return renderDocument({
    title: `${printable(report.name)}: audit`,
    contents,
    rules,
    children: (
      <>
        <Findings report={report} />
        <KeyNumbers numbers={keyNumbers(report)} />
        <Classes report={report} pictures={pictures} />
        <Precision report={report} />
        <Files report={report} />
        <Duplicates report={report} pictures={pictures} />
        {report.advice.length > 0 ? (
          <Rules
            rules={report.advice}
            remarks={[]}
            runs="Our runs"
            lead="What the paper recommends for such an imbalance, and what our studies of its images say of that. They are not your images: a study of these is the better witness."
          />
        ) : null}
        <Literature report={report} />
        <Next report={report} />
      </>
    ),
  })
}

function keyNumbers(report: AuditReport) {
  const { images, classes, groups, imbalance, unreadable } = report
  const { acrossLabels, acrossRoles, acrossGroups, same, near } = sortedDuplicates(report)
  const crossing = acrossLabels.length + acrossRoles.length + acrossGroups.length
  const minority = classes.filter(({ isMinority }) => isMinority).length
  return [
    { name: 'Images', value: count(images), note: groups === undefined ? undefined : `in ${plural(groups, 'group')}` },
    { name: 'Classes', value: count(classes.length), note: `${count(minority)} smaller than the mean` },
    { name: 'Imbalance ratio ρ', value: imbalance.rho.toFixed(1), note: 'largest over smallest class' },
    { name: 'Minority fraction μ', value: percent(imbalance.mu), note: 'classes below the mean size' },
    {
      name: 'Groups of duplicates',
      value: count(crossing + same.length + near.length),
      note: crossing > 0 ? `${count(crossing)} across labels or sets` : 'none across labels or sets',
    },
    { name: 'Unreadable files', value: count(unreadable.length) },
  ]
}
