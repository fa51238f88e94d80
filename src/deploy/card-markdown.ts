import { dataTable, escaped } from '../report/markdown.ts'
import type { Block, Card } from './card-blocks.ts'

/** A card as Markdown. No name becomes markup. */
export function cardMarkdown({ title, lead, sections }: Card): string {
  const parts = [
    `# ${escaped(title)}`,
    escaped(lead),
    ...sections.flatMap((section) => [`## ${escaped(section.title)}`, ...section.blocks.map(blockText)]),
  ]
  return `${parts.join('\n\n')}\n`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text)
    case 'list':
      return block.items.map((item) => `- ${escaped(item)}`).join('\n')
    case 'table':
      return `*${escaped(block.table.caption)}*\n\n${dataTable(block.table)}`
    case 'code':
      return `\`\`\`${block.language}\n${block.code.trimEnd()}\n\`\`\``
  }
}
