import type { ComponentChildren } from 'preact'
import type { CellSummary, DatasetInfo } from '../../study/comparison.ts'
import type { ReportContext } from '../context.ts'
import type { Remark } from '../remarks.ts'
import { Remarks } from './remarks.tsx'

interface SectionProps {
  readonly id: string
  readonly title: string
  readonly lead?: ComponentChildren
  /** Of the results that the section shows. */
  readonly remarks?: readonly Remark[]
  /** 'page' begins a new sheet of paper in print. */
  readonly kind?: 'page'
  readonly children: ComponentChildren
}

/** A part of the page: heading, one paragraph that says what is to be seen, and the thing itself. */
export function Section({ id, title, lead, remarks = [], kind, children }: SectionProps) {
  return (
    <section id={id} class={kind} aria-labelledby={`${id}-title`}>
      <h2>
        <span id={`${id}-title`}>{title}</span>
        <Remarks remarks={remarks} />
      </h2>
      {lead === undefined ? null : <p class="lead">{lead}</p>}
      {children}
    </section>
  )
}

/** The heading of a part of a section that shows results. */
export function Subheading({
  remarks,
  children,
}: {
  readonly remarks: readonly Remark[]
  readonly children: ComponentChildren
}) {
  return (
    <h3>
      <span>{children}</span>
      <Remarks remarks={remarks} />
    </h3>
  )
}

/** What stands where there is nothing to draw. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}

interface PerDatasetProps {
  readonly context: ReportContext
  readonly children: (cells: readonly CellSummary[], dataset: DatasetInfo) => ComponentChildren
}

/** The same figure for each dataset, under its name where there are several. */
export function PerDataset({ context, children }: PerDatasetProps) {
  const { datasets, cells } = context.comparison
  return (
    <>
      {datasets.map((dataset) => (
        <div class="dataset" key={dataset.name}>
          {datasets.length > 1 ? <p class="dataset-name">{dataset.name}</p> : null}
          {children(
            cells.filter((cell) => cell.dataset === dataset.name),
            dataset,
          )}
        </div>
      ))}
    </>
  )
}

type PanelSize = 'small' | 'medium' | 'pair'

/** Small multiples in as many columns as there is room for. */
export function Panels({ size, children }: { readonly size: PanelSize; readonly children: ComponentChildren }) {
  return <div class={`panels ${size}`}>{children}</div>
}

/** One of the small multiples, its caption above it. */
export function Panel({
  caption,
  children,
}: {
  readonly caption: ComponentChildren
  readonly children: ComponentChildren
}) {
  return (
    <figure class="panel">
      <figcaption>{caption}</figcaption>
      {children}
    </figure>
  )
}

/** A table or figure wider than a phone scrolls by itself; the page never does. */
export function Scroller({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section class="scroller" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

/** Widths of the drawings, px; the page's columns are about as wide, so that type keeps its size. */
export const panelWidth = { small: 176, medium: 350, pair: 380 } as const
