import { printable } from '../../base/printable.ts'
import { Empty, Section } from '../../report/components/layout.tsx'
import { count, plural } from '../../report/format.ts'
import type { AuditReport, DuplicateAudit } from '../audit-report.ts'
import { PICTURED_GROUPS, type Pictures, picturedMembers, sortedDuplicates } from '../pictures.ts'
import { Picture } from './picture.tsx'

const kinds: Readonly<Record<DuplicateAudit['kind'], string>> = {
  identical: 'identical files',
  exact: 'the same pixels',
  near: 'nearly the same',
}

/** The sorts of duplicates, worst first, and what each means. */
const sorts = {
  acrossLabels: ['One image, several labels', 'At least one label is wrong: look at each and keep one.'],
  acrossRoles: ['In two official sets', 'What is tested on was trained on, and results flatter.'],
  acrossGroups: ['In different groups', 'The groups may not be what they say; a study keeps these images in one role.'],
  same: ['The same image again, with one label', 'Remove all but one, unless they are meant.'],
  near: [
    'Nearly the same, with one label',
    'A study keeps each group in one role, so that no test image is known from training.',
  ],
} as const

/** Images that show the same, side by side. */
export function Duplicates({ report, pictures }: { readonly report: AuditReport; readonly pictures: Pictures }) {
  const sorted = sortedDuplicates(report)
  const found = Object.entries(sorts).filter(([sort]) => sorted[sort as keyof typeof sorts].length > 0)
  return (
    <Section
      id="duplicates"
      title="Duplicates"
      lead="Groups of images that show the same: identical files, the same pixels, or the same picture scaled, compressed or lit a little otherwise."
    >
      {found.length === 0 ? <Empty>No two images show the same.</Empty> : null}
      {found.map(([sort, [title, meaning]]) => (
        <Sort
          key={sort}
          title={title}
          meaning={meaning}
          groups={sorted[sort as keyof typeof sorts]}
          pictures={pictures}
        />
      ))}
    </Section>
  )
}

interface SortProps {
  readonly title: string
  readonly meaning: string
  readonly groups: readonly DuplicateAudit[]
  readonly pictures: Pictures
}

function Sort({ title, meaning, groups, pictures }: SortProps) {
  return (
    <>
      <h3>
        {title}: {plural(groups.length, 'group')}
      </h3>
      <p class="hint">{meaning}</p>
      <div class="duplicate-cards">
        {groups.slice(0, PICTURED_GROUPS).map((group) => (
          <Group key={group.members[0]!.index + group.kind} group={group} pictures={pictures} />
        ))}
      </div>
      {groups.length > PICTURED_GROUPS ? (
        <p class="hint">
          The first {PICTURED_GROUPS} of {count(groups.length)}; the JSON report names all.
        </p>
      ) : null}
    </>
  )
}

function Group({ group, pictures }: { readonly group: DuplicateAudit; readonly pictures: Pictures }) {
  const shown = picturedMembers(group)
  const rest = group.members.length - shown.length
  return (
    <figure class="duplicate-card">
      <div class="strip">
        {shown.map(({ index, name, label, role }) => (
          <div key={index} class="member">
            <Picture pictures={pictures} index={index} name={name} />
            <b>{label}</b>
            <small>{printable(name)}</small>
            {group.acrossRoles ? <small>{role}</small> : null}
          </div>
        ))}
      </div>
      <figcaption>
        {kinds[group.kind]}
        {rest > 0 ? `, and ${count(rest)} more` : ''}
      </figcaption>
    </figure>
  )
}
