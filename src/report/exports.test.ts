import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCsv, toJson } from './exports.ts'
import { sampleComparison } from './fixtures/sample-comparison.ts'

const comparison = sampleComparison()

/** A reader of RFC 4180, written from its grammar. */
function parseCsv(text: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let rest = text
  while (rest.length > 0) {
    const [whole, quoted, bare, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest)!
    record.push(quoted === undefined ? bare! : quoted.replaceAll('""', '"'))
    rest = rest.slice(whole.length)
    if (end === '\r\n') {
      records.push(record)
      record = []
    }
  }
  return records
}

describe('toCsv', () => {
  const [header, ...rows] = parseCsv(toCsv(comparison))
  const column = (row: readonly string[], name: string) => row[header!.indexOf(name)]

  it('has one row for each cell, method and metric, the two recalls included', () => {
    expect(rows).toHaveLength(comparison.cells.length * comparison.methods.length * (comparison.metrics.length + 2))
    for (const row of rows) expect(row).toHaveLength(header!.length)
  })

  it('gives the numbers back without loss', () => {
    const cell = comparison.cells[4]!
    const result = cell.results[1]!
    const row = rows.find(
      (candidate) =>
        column(candidate, 'cell') === cell.key &&
        column(candidate, 'method') === result.method &&
        column(candidate, 'metric') === 'accuracy',
    )!
    expect(Number(column(row, 'mean'))).toBe(result.metrics.accuracy!.mean)
    expect(Number(column(row, 'difference'))).toBe(result.contrast!.accuracy!.difference)
    expect(Number(column(row, 'p_holm'))).toBe(result.contrast!.accuracy!.pHolm)
  })

  it('leaves empty what does not exist', () => {
    const [, first] = parseCsv(toCsv(sampleComparison({ replicates: 1 })))
    expect(column(first!, 'low')).toBe('')
    expect(column(first!, 'difference')).toBe('')
  })

  it('says by which images the runs that count were picked, and which part of an experiment they are', () => {
    const [cell] = comparison.cells
    const searched = { ...cell!.results[1]!, method: 'oversampling(level=0.5)', learningRates: [0.05, 0.005] }
    const study = { ...comparison, cells: [{ ...cell!, further: [searched] }] }
    const selected = (options: Partial<typeof comparison>) => {
      const [, ...all] = parseCsv(toCsv({ ...study, ...options }))
      const methods = ['oversampling', 'oversampling(level=0.5)']
      return methods.map((method) => column(all.find((row) => column(row, 'method') === method)!, 'selected_on'))
    }
    expect(selected({})).toEqual(['', 'selection'])
    expect(selected({ testSelected: true })).toEqual(['test', 'test'])
    const scale = { preset: 'p', title: 'P', sentence: '5 of 50 replicates, 1/9 of the steps', share: 1 / 9 }
    const [, first] = parseCsv(toCsv({ ...study, scale }))
    expect(column(first!, 'scale')).toBe(scale.sentence)
  })

  it('keeps any name, and disarms those that a spreadsheet would run', () => {
    const study = sampleComparison({ rhos: [10], mus: [0.5], linearRhos: [], methods: ['baseline'] })
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const [, row] = parseCsv(toCsv({ ...study, name }))
        const field = column(row!, 'study')!
        expect(field.replace(/^'(?=[=+\-@\t\r])/, '')).toBe(name.replace(/^'(?=[=+\-@\t\r])/, ''))
        expect(field).not.toMatch(/^[=+\-@\t\r]/)
      }),
      { numRuns: 60, examples: [['=HYPERLINK("x")'], ['+1'], ['-1'], ['@SUM(A1)'], ['a"b,c\r\nd'], ['']] },
    )
  })
})

describe('toJson', () => {
  it('comes back as it was', () => {
    expect(JSON.parse(toJson(comparison))).toEqual(JSON.parse(JSON.stringify(comparison)))
  })

  it('puts the schema version first and does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(comparison).reverse()) as unknown as typeof comparison
    expect(toJson(reversed)).toBe(toJson(comparison))
    expect(toJson(comparison)).toMatch(/^\{\n {2}"schemaVersion": 2,\n/)
  })

  it('writes null for a number that is not finite', () => {
    expect(JSON.parse(toJson({ ...comparison, seed: Number.NaN })).seed).toBeNull()
  })

  it('reads any config', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (config) => {
        expect(JSON.parse(toJson({ ...comparison, cells: [], curves: [], config })).config).toEqual(
          JSON.parse(JSON.stringify(config)),
        )
      }),
    )
  })
})
