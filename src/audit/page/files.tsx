import { printable } from '../../base/printable.ts'
import { DataTable } from '../../report/components/data-table.tsx'
import { Empty, Section } from '../../report/components/layout.tsx'
import { count } from '../../report/format.ts'
import type { Table } from '../../study/reproduction/page.ts'
import type { AuditReport, Quartiles, Tally } from '../audit-report.ts'
import { shownClasses, TABLED_CLASSES } from '../pictures.ts'

/** So many files are named; the JSON report names all. */
const NAMED = 200

/** Sizes, formats and colour modes; what tells classes apart beside their pictures; and what cannot be read. */
export function Files({ report }: { readonly report: AuditReport }) {
  const { files, shortcuts, unreadable, notes } = report
  return (
    <Section
      id="files"
      title="Files"
      lead="What the headers of the files say. Where classes differ in it, a network can tell them apart without looking at what the images show."
    >
      {files ? (
        <DataTable table={fileTable(report)} remarks={[]} />
      ) : (
        <Empty>The images are no files of their own.</Empty>
      )}
      {files ? <p class="hint">{shortcuts.length === 0 ? noShortcut : null}</p> : null}
      {shortcuts.length > 0 ? (
        <ul class="notes" aria-label="Shortcuts">
          {shortcuts.map(({ label, property, sentence }) => (
            <li key={label + property}>
              <b>{label}</b>, {property}: {sentence}.
            </li>
          ))}
        </ul>
      ) : null}
      {unreadable.length > 0 ? <DataTable table={unreadableTable(unreadable)} remarks={[]} /> : null}
      {notes.length > 0 ? (
        <ul class="notes" aria-label="Notes of the source">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      ) : null}
    </Section>
  )
}

const noShortcut =
  'No class can be told by format, colour mode, colour, size or aspect ratio alone (looked for: a value in half more of its images than of the others, an area under the ROC curve of 0.95 or more).'

/** A row for each class, or one for all where they are alike. */
function fileTable({ files, classes }: AuditReport): Table {
  const ofAll = described(files!)
  const labelOf = new Map(classes.map((one, label) => [one, label]))
  const rows = shownClasses(classes, TABLED_CLASSES).map((one) => {
    const own = files!.byClass[labelOf.get(one)!]
    return [one.name, ...(own ? described(own) : ofAll.map(() => undefined))]
  })
  const areAlike = rows.every(([, ...row]) => row.every((text, at) => text === ofAll[at]))
  return {
    caption: areAlike
      ? 'All classes are alike'
      : `Median, and least to greatest${classes.length > TABLED_CLASSES ? `, of the ${TABLED_CLASSES / 2} largest and as many of the smallest classes` : ''}`,
    columns: ['Class', 'Width', 'Height', 'Width over height', 'Format', 'Colour mode'],
    rows: [['all', ...ofAll], ...(areAlike ? [] : rows)],
  }
}

function described({ sizes, formats, modes }: Pick<NonNullable<AuditReport['files']>, 'sizes' | 'formats' | 'modes'>) {
  return [range(sizes.width, 0), range(sizes.height, 0), range(sizes.aspect, 2), tallies(formats), tallies(modes)]
}

function range([least, , median, , greatest]: Quartiles, decimals: number): string {
  const text = (value: number) => (decimals === 0 ? count(value) : value.toFixed(decimals))
  return least === greatest ? text(median) : `${text(median)} (${text(least)}–${text(greatest)})`
}

function tallies(list: readonly Tally[]): string {
  return list.length === 1 ? list[0]!.value : list.map(({ value, images }) => `${value} ${count(images)}`).join(' · ')
}

function unreadableTable(unreadable: AuditReport['unreadable']): Table {
  return {
    caption: unreadable.length > NAMED ? `The first ${NAMED} files that cannot be read` : 'Files that cannot be read',
    columns: ['File', 'Reason'],
    rows: unreadable.slice(0, NAMED).map(({ path, reason }) => [printable(path), reason]),
  }
}
