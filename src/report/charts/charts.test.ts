import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import { methodStyles } from '../theme.ts'
import { paddedDomain } from './chart.ts'
import { classCounts } from './class-counts.ts'
import { classRecall } from './class-recall.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { lossCurves } from './loss-curves.ts'
import { metricLines } from './metric-lines.ts'
import { rankDiagram } from './rank-diagram.ts'

const options = { document: parseHTML('<html></html>').document, width: 350 }
const methods = ['baseline', 'oversampling', 'thresholding'].map((id) => ({ id, title: id, source: '' }))
const styles = methodStyles(methods)
const series = methods.map(({ id, title }) => ({ id, title, style: styles.get(id)! }))

const texts = (svg: Element) => [...svg.querySelectorAll('text')].map((text) => text.textContent)
const colours = (svg: Element, name: string) => svg.querySelectorAll(`[stroke="${name}"]`).length

describe('metricLines', () => {
  const points = [10, 100, 1000].flatMap((x) =>
    series.map(({ id }) => ({ series: id, x, mean: 0.9, low: 0.88, high: 0.92, note: undefined })),
  )
  const lines = { ...options, series, xLabel: 'rho', yLabel: 'AUC', emphasis: 'baseline' }

  it('labels the values that were studied, and keeps intervals of one column apart', () => {
    const svg = metricLines(points, { ...lines, xScale: 'log' })
    expect(texts(svg)).toEqual(expect.arrayContaining(['10', '100', '1000', 'rho', 'AUC']))
    const whiskers = [...svg.querySelectorAll('line')].map((line) => line.getAttribute('x1'))
    expect(new Set(whiskers).size).toBeGreaterThanOrEqual(points.length)
  })

  it('paints the recommended method last and heavier', () => {
    const widths = [...metricLines(points, { ...lines, xScale: 'log' }).querySelectorAll('[stroke-linejoin]')].map(
      (line) => line.getAttribute('stroke-width'),
    )
    expect(widths).toEqual(['1.5', '1.5', '2.6'])
  })

  it('draws no whisker for a single replicate', () => {
    const single = points.map((point) => ({ ...point, low: undefined, high: undefined }))
    const svg = metricLines(single, { ...lines, xScale: 'linear' })
    expect(svg.querySelectorAll('[stroke-opacity="0.55"] line')).toHaveLength(0)
  })
})

it('classCounts leaves a gap for a class without examples', () => {
  expect(classCounts([100, 10, 0], { ...options, largest: 100 }).querySelectorAll('rect')).toHaveLength(2)
})

it('classRecall shades the minority, and drops markers where they would smear', () => {
  const recall = (classes: number) => series.map((entry) => ({ ...entry, recall: Array(classes).fill(0.5) }))
  const drawn = (classes: number) =>
    classRecall(recall(classes), { ...options, minorityClasses: 2, emphasis: undefined, lowest: 0 })
  expect(drawn(10).querySelectorAll('rect')).toHaveLength(1)
  expect(drawn(10).querySelectorAll('circle')).toHaveLength(20)
  expect(drawn(100).querySelectorAll('circle')).toHaveLength(0)
})

it('confusionMatrix prints whole per cent and leaves small shares blank', () => {
  const svg = confusionMatrix(
    [
      [0.996, 0.004],
      [0.25, 0.75],
    ],
    { ...options, classNames: ['a', 'b'] },
  )
  expect(
    texts(svg)
      .filter((text) => /^\d+$/.test(text ?? ''))
      .sort(),
  ).toEqual(['100', '25', '75'])
})

it('rankDiagram joins each group of at least two by one bar', () => {
  const ranked = series.map((entry, index) => ({ ...entry, meanRank: index + 1 }))
  const groups = [['baseline', 'oversampling'], ['thresholding']]
  const svg = rankDiagram(ranked, { ...options, groups, criticalDifference: 1.2 })
  expect(svg.querySelectorAll('[stroke-width="3"]')).toHaveLength(1)
  expect(texts(svg)).toContain('critical difference 1.20')
})

it('lossCurves draws a long curve by means of stretches, and skips what a log axis cannot hold', () => {
  const points = Array.from({ length: 6000 }, (_, iteration) => ({ iteration, loss: iteration === 5 ? 0 : 1 }))
  const svg = lossCurves([{ ...series[0]!, points }], options)
  const path = svg.querySelector('[stroke-linejoin] path')?.getAttribute('d') ?? ''
  expect(path.split('L')).toHaveLength(60)
  expect(colours(svg, series[0]!.style.colour)).toBe(1)
})

it('paddedDomain holds every value and never collapses', () => {
  expect(paddedDomain([])).toEqual([0, 1])
  const [low, high] = paddedDomain([0.9, 0.9, Number.NaN])
  expect(low).toBeLessThan(0.9)
  expect(high).toBeGreaterThan(0.9)
})
