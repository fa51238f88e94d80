/** Tables for a terminal: columns in as many blocks as its width asks for. */

type Paint = 'bold' | 'dim' | 'green' | 'red'
export type Painter = (text: string, ...paints: readonly (Paint | false)[]) => string

const codes: Record<Paint, number> = { bold: 1, dim: 2, green: 32, red: 31 }
const gap = '  '

/** A column below its heading. */
export interface Column {
  /** Lines of the heading. */
  readonly heading: readonly string[]
  /** One text a row, painted, with its width on the screen. */
  readonly entries: readonly { readonly text: string; readonly width: number }[]
  readonly width: number
}

/** As many columns a block as fit beside the names, at least one. */
export function inBlocks(columns: readonly Column[], room: number): Column[][] {
  const blocks: Column[][] = []
  let left = 0
  for (const column of columns) {
    const needed = gap.length + column.width
    if (blocks.length === 0 || needed > left) {
      blocks.push([])
      left = room
    }
    blocks.at(-1)!.push(column)
    left -= needed
  }
  return blocks
}

/** The lines of a block: headings, then a row for each title. `corner` heads the titles. */
export function blockLines(
  columns: readonly Column[],
  corner: string,
  titles: readonly string[],
  names: number,
  paint: Painter,
): string[] {
  const height = Math.max(...columns.map(({ heading }) => heading.length))
  const headings = Array.from({ length: height }, (_, line) => {
    const cells = columns.map(({ heading, width }) => (heading[line - height + heading.length] ?? '').padStart(width))
    const first = (line === height - 1 ? corner : '').padEnd(names)
    return paint([first, ...cells].join(gap), 'dim')
  })
  const rows = titles.map((title, index) => {
    const cells = columns.map(({ entries, width }) => {
      const entry = entries[index]!
      return ' '.repeat(width - entry.width) + entry.text
    })
    return [title + ' '.repeat(names - length(title)), ...cells].join(gap).trimEnd()
  })
  return [...headings, ...rows]
}

export function painter(colour: boolean): Painter {
  return (text, ...paints) => {
    const wanted = paints.filter((paint) => paint !== false)
    if (!colour || wanted.length === 0 || text.trim() === '') return text
    return `\u001b[${wanted.map((paint) => codes[paint]).join(';')}m${text}\u001b[0m`
  }
}

/** A name must not steer the terminal. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '')
}

/** Characters that a text takes on the screen. */
export function length(text: string): number {
  return [...text].length
}
