import { styleText } from 'node:util'

/** Results go to stdout, all else to stderr. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** The one JSON document of a command that was asked for --json. */
export function printJson(document: Readonly<Record<string, unknown>>): void {
  print(JSON.stringify({ schemaVersion: 1, ...document }, null, 2))
}

type Style = Parameters<typeof styleText>[0]
type Stream = NodeJS.WriteStream

/** Paints text where the stream shows colours: NO_COLOR, FORCE_COLOR, TERM=dumb and pipes are respected. */
export function paint(style: Style, text: string, stream: Stream = process.stdout): string {
  return styleText(style, text, { stream })
}

export function hasColours(stream: Stream): boolean {
  return paint('bold', '-', stream) !== '-'
}

/** Characters a line; pipes get as many as a wide terminal. */
export function widthOf(stream: Stream): number {
  // A terminal that does not know its width says 0.
  return stream.columns || 120
}

/** Whether a line may be drawn again and again. */
export function isInteractive(stream: Pick<Stream, 'isTTY'>): boolean {
  return stream.isTTY === true && process.env.TERM !== 'dumb' && process.env.CI === undefined
}

/** Rows in aligned columns, two spaces apart; numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)))
  const pad = (cell: string | number, i: number) =>
    typeof cell === 'number' ? String(cell).padStart(widths[i]!) : cell.padEnd(widths[i]!)
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n')
}

/** Paragraphs broken at spaces, so that no line is longer than `width`; `indent` stands before each. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && indent.length + last.length + 1 + word.length <= width)
      lines.push(`${lines.pop()} ${word}`)
    else lines.push(word)
  }
  return lines.map((line) => indent + line).join('\n')
}
