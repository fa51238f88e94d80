import { Scroller, Section } from '../../report/components/layout.tsx'
import { count } from '../../report/format.ts'
import type { AuditReport, ClassAudit } from '../audit-report.ts'
import { tierMeanings } from '../classes.ts'
import { type Pictures, picturedClasses, shownClasses, TABLED_CLASSES } from '../pictures.ts'
import { Picture } from './picture.tsx'

/** Longer tables are closed until someone asks. */
const OPEN_UP_TO = 40

const lead = `Largest first; the rare ones, smaller than the mean class, in the second colour. Head: ${tierMeanings.head} in one split of a study; medium: ${tierMeanings.medium}; tail: ${tierMeanings.tail} (Liu et al. 2019).`

/** How many images each class has, and what they look like. */
export function Classes({ report, pictures }: { readonly report: AuditReport; readonly pictures: Pictures }) {
  const { classes } = report
  const pictured = picturedClasses(classes)
  const table = <ClassTable report={report} />
  return (
    <Section id="classes" title="Classes" lead={lead}>
      {classes.length <= OPEN_UP_TO ? (
        table
      ) : (
        <details>
          <summary>{tableTitle(classes.length)}</summary>
          {table}
        </details>
      )}
      <div class="class-cards">
        {pictured.map(({ name, images, examples }) => (
          <figure key={name} class="class-card">
            <figcaption>
              <b>{name}</b> <span>{count(images)}</span>
            </figcaption>
            <div class="strip">
              {examples.map((index) => (
                <Picture key={index} pictures={pictures} index={index} name={`an image of ${name}`} />
              ))}
            </div>
          </figure>
        ))}
      </div>
      {pictured.length < classes.length ? (
        <p class="hint">
          The {pictured.length / 2} largest and the {pictured.length / 2} smallest classes.
        </p>
      ) : null}
    </Section>
  )
}

function tableTitle(classes: number): string {
  const half = TABLED_CLASSES / 2
  return classes > TABLED_CLASSES
    ? `The ${half} largest and the ${half} smallest of ${count(classes)} classes`
    : `All ${count(classes)} classes`
}

function ClassTable({ report }: { readonly report: AuditReport }) {
  const { classes, hasOfficialTest } = report
  const most = Math.max(...classes.map(({ images }) => images))
  const roles = hasOfficialTest ? (['train', 'selection', 'test'] as const) : []
  return (
    <Scroller label="Images of each class">
      <table class="class-table">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              Images
            </th>
            <th scope="col">Tier</th>
            <th scope="col" class="wide">
              <span class="aloud">Size against the largest class</span>
            </th>
            {roles.map((role) => (
              <th key={role} scope="col" class="number">
                Official {role}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shownClasses(classes, TABLED_CLASSES).map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td class="number">{count(row.images)}</td>
              <td>{row.tier}</td>
              <td class="wide">
                <Bar row={row} most={most} />
              </td>
              {roles.map((role) => (
                <td key={role} class="number">
                  {count(row.official[role])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

function Bar({ row, most }: { readonly row: ClassAudit; readonly most: number }) {
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect
        width={Math.max(0.6, (100 * row.images) / most).toFixed(1)}
        height="10"
        fill={row.isMinority ? 'var(--minority)' : 'var(--majority)'}
      />
    </svg>
  )
}
