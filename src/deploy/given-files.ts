import { readFile, stat } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import { didYouMean, EvenkeelError } from '../base/errors.ts'
import { printable } from '../base/printable.ts'
import type { CostMatrix } from '../metrics/index.ts'

/**
 * What a person says of a model's use, in a file: shares of the classes, and what mistakes cost. Classes go by their labels, in any
 * order; each must be there once.
 *
 *     shares:  {"cat": 0.9, "dog": 0.1}         cat,0.9             a row a class, a heading or none
 *     costs:   {"cat": {"cat": 0, "dog": 1},    ,cat,dog            a row a true class, a column a decided one
 *               "dog": {"cat": 5, "dog": 0}}    cat,0,1
 *                                               dog,5,0
 */

/** Nobody writes more by hand. */
const LARGEST_FILE = 16 * 2 ** 20

/**
 * Shares of the classes where a model will be used, [C] by label, summing to 1. The file's numbers are taken relative to their sum, so
 * that counts and percentages will do.
 *
 * @throws EvenkeelError `model.priors` for a file that cannot be read, an unknown or missing label, a share that is not > 0
 */
export async function readPriors(path: string, labels: readonly string[]): Promise<number[]> {
  const file = new GivenFile(path, 'model.priors')
  const content = await file.read()
  const entries = content instanceof Map ? content : file.rows(dropHeading(content))
  const shares = file.byLabel(entries, labels, 'shares').map((share, c) => {
    const value = file.number(share, `the share of ${quoted(labels[c]!)}`)
    return value > 0 ? value : file.refuse(`the share of ${quoted(labels[c]!)} must be > 0, got ${value}`)
  })
  const total = shares.reduce((sum, share) => sum + share, 0)
  return shares.map((share) => share / total)
}

/**
 * What it costs to take class i for j, [true][decided], in the person's own unit: finite numbers.
 *
 * @throws EvenkeelError `model.cost` for a file that cannot be read, an unknown or missing label in either direction, a cost that
 *   is no finite number
 */
export async function readCost(path: string, labels: readonly string[]): Promise<CostMatrix> {
  const file = new GivenFile(path, 'model.cost')
  const content = await file.read()
  const entries = content instanceof Map ? content : file.matrix(content)
  return file.byLabel(entries, labels, 'rows').map((row, i) => {
    const place = `the row of ${quoted(labels[i]!)}`
    if (!(row instanceof Map)) return file.refuse(`${place} must have a cost for each label`)
    const cost = (value: unknown, j: number) => file.number(value, `${place}, ${quoted(labels[j]!)},`)
    return file.byLabel(row, labels, `costs in ${place}`).map(cost)
  })
}

/** By label, in the file's order. */
type Entries = Map<string, unknown>

class GivenFile {
  readonly #path: string
  readonly #code: string

  constructor(path: string, code: string) {
    this.#path = path
    this.#code = code
  }

  refuse(what: string, hint?: string): never {
    throw new EvenkeelError(this.#code, `${this.#path}: ${what}`, hint)
  }

  /** An object of JSON, or the rows of a CSV file. */
  async read(): Promise<Entries | readonly (readonly string[])[]> {
    const text = await this.#text()
    if (/^\s*[{[]/.test(text)) return this.#json(text)
    try {
      return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true })
    } catch (cause) {
      return this.refuse(`it is neither JSON nor CSV (${(cause as Error).message})`)
    }
  }

  async #text(): Promise<string> {
    try {
      const { size } = await stat(this.#path)
      if (size > LARGEST_FILE) return this.refuse(`it has ${size} bytes, more than ${LARGEST_FILE}`)
      return await readFile(this.#path, 'utf8')
    } catch (cause) {
      if (cause instanceof EvenkeelError) throw cause
      const why =
        (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message
      return this.refuse(why)
    }
  }

  #json(text: string): Entries {
    let content: unknown
    try {
      content = JSON.parse(text, (_, value) => (isObject(value) ? new Map(Object.entries(value)) : value))
    } catch (cause) {
      return this.refuse(`it is not JSON (${(cause as Error).message})`)
    }
    return content instanceof Map ? content : this.refuse('it must be an object with a label for each class')
  }

  /** Rows of a label and a value. */
  rows(rows: readonly (readonly string[])[]): Entries {
    const wrong = rows.findIndex((row) => row.length !== 2)
    if (wrong >= 0) this.refuse(`a row must be a label and a number, got ${quoted(rows[wrong]!.join(','))}`)
    return this.#entries(rows.map(([label, value]) => [label!, value]))
  }

  /** Rows under a heading, by the label that begins them; cells by the heading. */
  matrix([heading = [], ...rows]: readonly (readonly string[])[]): Entries {
    const decided = heading.slice(1)
    return this.#entries(
      rows.map(([label = '', ...cells]) => {
        if (cells.length !== decided.length) {
          this.refuse(`the row of ${quoted(label)} has ${cells.length} costs under ${decided.length} labels`)
        }
        return [label, this.#entries(decided.map((name, j) => [name, cells[j]]))]
      }),
    )
  }

  #entries(pairs: readonly (readonly [label: string, value: unknown])[]): Entries {
    const entries = new Map(pairs)
    if (entries.size === pairs.length) return entries
    const [twice] = pairs.find(([label], i) => pairs.findIndex(([other]) => other === label) < i)!
    return this.refuse(`it has ${quoted(twice)} twice`)
  }

  /** The values in the order of the labels. */
  byLabel(entries: Entries, labels: readonly string[], what: string): unknown[] {
    const unknown = [...entries.keys()].find((label) => !labels.includes(label))
    if (unknown !== undefined) this.refuse(`there is no class ${quoted(unknown)}`, didYouMean(unknown, labels))
    const missing = labels.find((label) => !entries.has(label))
    if (missing !== undefined) this.refuse(`the ${what} lack ${quoted(missing)}`, 'every class must be there')
    return labels.map((label) => entries.get(label))
  }

  number(value: unknown, what: string): number {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value
    if (typeof number === 'number' && Number.isFinite(number)) return number
    return this.refuse(`${what} must be a finite number, got ${quoted(String(value ?? 'nothing'))}`)
  }
}

/** Without a first row that names the columns. */
function dropHeading(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const [, value = ''] = rows[0] ?? []
  return /^(prior|share|probability|weight|count)s?$/i.test(value) ? rows.slice(1) : rows
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function quoted(text: string): string {
  return `'${printable(text)}'`
}
