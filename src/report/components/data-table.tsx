import type { Table } from '../../study/reproduction/page.ts'
import type { Remark } from '../remarks.ts'
import { tableCells } from '../table-cells.ts'
import { Scroller } from './layout.tsx'
import { Remarks } from './remarks.tsx'

interface DataTableProps {
  readonly table: Table
  readonly remarks: readonly Remark[]
}

/** Longer tables are closed until someone asks. */
const openUpTo = 20

/** A table of texts, counts and estimates; the first column names the row. */
export function DataTable({ table, remarks }: DataTableProps) {
  const { caption, columns, rows } = table
  const cells = tableCells(table)
  const numberAt = (at: number) => (cells.isNumeric[at] ? 'number' : undefined)
  const content = (
    <Scroller label={caption}>
      <table class="data">
        <caption>
          {caption}
          <Remarks remarks={remarks} />
        </caption>
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th key={column} scope="col" class={numberAt(at)}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.rows.map(([first, ...others], index) => (
            <tr key={index}>
              <th scope="row">{first?.text}</th>
              {others.map(({ text, limits }, at) => (
                <td key={columns[at + 1]} class={numberAt(at + 1)}>
                  {text}
                  {limits === undefined ? null : <small>{limits}</small>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
  if (rows.length <= openUpTo) return content
  return (
    <details>
      <summary>
        {caption}: {rows.length} rows
      </summary>
      {content}
    </details>
  )
}
