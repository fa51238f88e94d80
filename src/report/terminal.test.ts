import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { compare } from '../study/compare.ts'
import { ownStudy } from '../study/fixtures/own-study.ts'
import { sampleComparison } from './fixtures/sample-comparison.ts'
import { renderTable } from './terminal.ts'

const comparison = sampleComparison()
const wide = { colour: false, width: 400 }

describe('renderTable', () => {
  it('has one row a method with mean, half-width and mark', () => {
    const lines = renderTable(sampleComparison({ rhos: [1000], mus: [0.8], linearRhos: [] }), wide).split('\n')
    const row = lines.find((line) => line.startsWith('oversampling '))
    expect(row).toMatch(/^oversampling +0\.\d{3} ±0\.\d{3}▲$/)
  })

  it('ends with mean ranks and the advice', () => {
    const text = renderTable(comparison, wide)
    expect(text).toContain('mean rank over 11 cells, critical difference 3.17')
    expect(text.trimEnd().endsWith(comparison.advice.headline)).toBe(true)
  })

  it.each([40, 60, 80, 100, 200])('breaks the columns into blocks at width %i', (width) => {
    const text = renderTable(comparison, { colour: false, width })
    const table = text.slice(text.indexOf('\n\n'), text.indexOf('mean rank'))
    const widest = Math.max(...table.split('\n').map((line) => [...line].length))
    const narrowest = 28 + 2 + 14
    expect(widest).toBeLessThanOrEqual(Math.max(width, narrowest))
    expect(table.match(/^baseline/gm)!.length).toBeGreaterThanOrEqual(width < 200 ? 2 : 1)
  })

  it('says the same with colour, and no more without', () => {
    const coloured = renderTable(comparison, { colour: true, width: 100 })
    expect(stripVTControlCharacters(coloured)).toBe(renderTable(comparison, { colour: false, width: 100 }))
    expect(coloured).toContain('\u001b[1m')
  })

  it('sets the best mean of a cell in bold', () => {
    const study = sampleComparison({ rhos: [1000], mus: [0.8], linearRhos: [], methods: ['baseline', 'oversampling'] })
    const text = renderTable(study, { colour: true, width: 100 })
    const best = study.cells[0]!.results[1]!.metrics.rocAuc!.mean.toFixed(3)
    expect(text).toMatch(new RegExp(`oversampling +\\u001b\\[1m${best}`))
  })

  it('has a row for each class of a set of one’s own', () => {
    const gain = (method: string, label: number) => (method === 'oversampling' ? (label === 0 ? -1.5 : 2.2) : 0)
    const lines = renderTable(compare(ownStudy({ gain })), { colour: false, width: 100 }).split('\n')
    const row = (name: string) => lines.find((line) => line.startsWith(name))
    expect(row('neutrophil')).toMatch(
      /^neutrophil +\d+ \(\d+–\d+\) +\d+ \(\d+–\d+\) +[-−]\d+ \([-−]\d+ to [-−]\d+\)▼ +205 +62$/,
    )
    expect(row('basophil')).toMatch(/^basophil +\d of 5 tests +\d of 5 tests +nothing can be said +3 +1$/)
    expect(renderTable(comparison, wide)).not.toContain('Classes')
  })

  it('shows another metric, and knows which way is better', () => {
    const study = sampleComparison({ rhos: [1000], mus: [0.8], linearRhos: [] })
    const text = renderTable(study, { ...wide, metric: 'logLoss' })
    expect(text).toContain('Log loss, lower is better')
    expect(text).toMatch(/^oversampling .*▲$/m)
  })

  it('refuses a metric that the study does not have', () => {
    expect(() => renderTable(comparison, { ...wide, metric: 'auc' })).toThrow("the study has no metric 'auc'")
  })

  it('stands with a single replicate, with no replicate and with no cell', () => {
    expect(renderTable(sampleComparison({ replicates: 1 }), wide)).not.toMatch(/±\d|NaN|undefined/)
    expect(renderTable(sampleComparison({ replicates: 0 }), wide)).toMatch(/^baseline +–/m)
    expect(renderTable(sampleComparison({ rhos: [], linearRhos: [] }), wide)).toContain('no cells')
  })

  it('lets no name steer the terminal', () => {
    const name = '\u001b[2Jevil\u0007'
    const hostile = { ...comparison, methods: comparison.methods.map((method) => ({ ...method, title: name })) }
    const classNames = [name, `${name} b`]
    const own = compare(ownStudy({ classNames, images: [100, 50], methods: ['oversampling'] }))
    expect(renderTable(own, wide)).toMatch(/^\\u001b\[2Jevil\\u0007 +\d/m)
    const controls = renderTable(hostile, wide).match(/\p{Cc}/gu)
    expect(new Set(controls)).toEqual(new Set(['\n']))
  })
})
