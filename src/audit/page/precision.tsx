import { Section } from '../../report/components/layout.tsx'
import { count } from '../../report/format.ts'
import type { AuditReport, ClassPrecision } from '../audit-report.ts'
import { shownClasses, TABLED_CLASSES } from '../pictures.ts'
import { points } from '../precision.ts'

const verdicts: Readonly<Record<ClassPrecision['verdict'], readonly [word: string, tone: string]>> = {
  impossible: ['Cannot be studied', 'bad'],
  nothing: ['Nothing', 'bad'],
  rough: ['Large differences alone', 'open'],
  sound: ['Within 10 points', 'good'],
}

/** What the images of each class can say of its recall, before anything is trained. */
export function Precision({ report }: { readonly report: AuditReport }) {
  const { classes, precision } = report
  return (
    <Section
      id="precision"
      title="What can be said of each class"
      lead={`A recall is measured on test images, and few of them say little, whatever the method. The light bar is how far it may be off in one split, the dark one at best, where every image is tested once. At least ${precision.testImages} independent test images bound it within ${points(precision.bound)} points.`}
    >
      <div class="framed">
        <table class="precision-table">
          <thead>
            <tr>
              <th scope="col">Class, and its images in one split</th>
              <th scope="col">Recall, off by ± points</th>
              <th scope="col">What can be said</th>
            </tr>
          </thead>
          <tbody>
            {shownClasses(classes, TABLED_CLASSES).map(({ name, split, precision: own }) => (
              <tr key={name}>
                <th scope="row">
                  {name}
                  <small>
                    train {count(split.train)}, selection {count(split.selection)}, test {count(split.test)}
                  </small>
                </th>
                <td>
                  <Reach precision={own} />
                </td>
                <td>
                  <span class={`verdict ${verdicts[own.verdict][1]}`}>{verdicts[own.verdict][0]}</span>
                  <small>{own.sentence}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {classes.length > TABLED_CLASSES ? (
        <p class="hint">{count(classes.length - TABLED_CLASSES)} classes between these are in the JSON report.</p>
      ) : null}
      <p class="hint">{precision.formula}</p>
    </Section>
  )
}

/** Half widths of up to 50 points, as bars from the left, and their numbers. */
function Reach({ precision: { inOneSplit, atBest } }: { readonly precision: ClassPrecision }) {
  if (inOneSplit === undefined || atBest === undefined) return <span class="missing">–</span>
  return (
    <span class="reach">
      <svg class="bar" viewBox="0 0 50 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width={(100 * inOneSplit).toFixed(1)} height="10" fill="var(--majority)" fill-opacity="0.3" />
        <rect width={(100 * atBest).toFixed(1)} height="10" fill="var(--majority)" />
      </svg>
      <span>
        {points(inOneSplit)} <span class="missing">· at best {points(atBest)}</span>
      </span>
    </span>
  )
}
