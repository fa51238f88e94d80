import { DataTable } from '../report/components/data-table.tsx'
import { renderDocument } from '../report/components/document.tsx'
import { Section } from '../report/components/layout.tsx'
import type { Block, Card } from './card-blocks.ts'

/** A card as one HTML file that needs nothing else, with the looks of a report. */
export function cardPage({ title, lead, sections }: Card): string {
  return renderDocument({
    title,
    contents: sections.map(({ id, name }) => [id, name] as const),
    children: (
      <>
        <section class="headline">
          <p class="lead">{lead}</p>
        </section>
        {sections.map(({ id, title: heading, blocks }) => (
          <Section key={id} id={id} title={heading}>
            {blocks.map((block, at) => (
              <BlockView key={at} block={block} />
            ))}
          </Section>
        ))}
      </>
    ),
  })
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'text':
      return <p class="paragraph">{block.text}</p>
    case 'list':
      return (
        <ul class="reasons">
          {block.items.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ul>
      )
    case 'table':
      return <DataTable table={block.table} remarks={[]} />
    case 'code':
      return (
        <pre>
          <code>{block.code.trimEnd()}</code>
        </pre>
      )
  }
}
