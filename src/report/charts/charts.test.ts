import { parseHTML } from 'linkedom'
import { describe, expect, it } from 'vitest'
import type { LineFigure } from '../../study/reproduction/page.ts'
import { lineStyles } from '../theme.ts'
import { paddedDomain } from './chart.ts'
import { classCounts } from './class-counts.ts'
import { classRecall } from './class-recall.ts'
import { confusionMatrix } from './confusion-matrix.ts'
import { intervalDots } from './interval-dots.ts'
import { lossCurves } from './loss-curves.ts'
import { metricLines } from './metric-lines.ts'
import { rankDiagram } from './rank-diagram.ts'

const options = { document: parseHTML('<html></html>').document, width: 350 }
const ids = ['baseline', 'oversampling', 'thresholding']
const styles = lineStyles(ids)
const series = ids.map((id) => ({ id, title: id, style: styles.get(id)! }))

const texts = (svg: Element) => [...svg.querySelectorAll('text')].map((text) => text.textContent)
const colours = (svg: Element, name: string) => svg.querySelectorAll(`[stroke="${name}"]`).length

describe('metricLines', () => {
  const along = (xs: readonly number[], scale: 'log' | 'linear' = 'log'): LineFigure => ({
    caption: 'step imbalance',
    x: { label: 'rho', scale },
    y: { label: 'AUC' },
    lines: series.map(({ id, title }) => ({
      id,
      title,
      points: xs.map((x) => ({ x, mean: 0.9, low: 0.88, high: 0.92 })),
    })),
  })
  const figure = along([10, 100, 1000])
  const looks = { ...options, styles, emphasis: 'baseline' }
  const whiskers = (svg: Element) => [...svg.querySelectorAll('[stroke-opacity="0.55"] line')]

  it('labels the values that were studied, and keeps intervals of one column apart', () => {
    const svg = metricLines(figure, looks)
    expect(texts(svg)).toEqual(expect.arrayContaining(['10', '100', '1000', 'rho', 'AUC']))
    expect(new Set(whiskers(svg).map((line) => line.getAttribute('x1'))).size).toBe(9)
  })

  it('paints the recommended method last and heavier', () => {
    const widths = [...metricLines(figure, looks).querySelectorAll('[stroke-linejoin]')].map((line) =>
      line.getAttribute('stroke-width'),
    )
    expect(widths).toEqual(['1.5', '1.5', '2.6'])
  })

  it('draws no whisker for a single replicate', () => {
    const lines = figure.lines.map((line) => ({
      ...line,
      points: line.points.map(({ x, mean }) => ({ x, mean, low: undefined, high: undefined })),
    }))
    expect(whiskers(metricLines({ ...figure, lines }, looks))).toHaveLength(0)
  })

  it('draws a line of many points as a curve with a band, in its place', () => {
    const iterations = Array.from({ length: 20 }, (_, k) => 500 * (k + 1))
    const svg = metricLines(along(iterations, 'linear'), looks)
    expect(whiskers(svg)).toHaveLength(0)
    expect(svg.querySelectorAll('[fill-opacity="0.13"] path')).toHaveLength(3)
    expect(svg.querySelectorAll('circle')).toHaveLength(0)
    expect(texts(svg)).toContain('10\u202f000')
  })

  it('shows the numbers under the pointer when asked to', () => {
    const titles = (svg: Element) => [...svg.querySelectorAll('title')].map((title) => title.textContent)
    expect(titles(metricLines(figure, looks))).toEqual([])
    expect(titles(metricLines(figure, { ...looks, notes: true }))).toContain(
      'oversampling\nstep imbalance\nrho: 100\n0.9000 (0.8800–0.9200)',
    )
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

describe('intervalDots', () => {
  const limits = { low: 0.8, high: 0.9, note: undefined }
  const dots = (svg: Element) => [...svg.querySelectorAll('[aria-label="dot"] path, [aria-label="dot"] circle')]

  it('has a row for each series', () => {
    const points = ids.map((id) => ({ series: id, mean: 0.85, ...limits }))
    const svg = intervalDots(points, { ...options, series, xLabel: 'AUC', reference: 0.85 })
    expect(texts(svg)).toEqual(expect.arrayContaining(ids))
    expect(dots(svg)).toHaveLength(3)
  })

  it('sets series of one row apart, and says why a row is empty', () => {
    const rows = [
      { id: '0', title: 'neutrophil' },
      { id: '1', title: 'basophil', empty: '1 test image: too few' },
    ]
    const points = ids.map((id) => ({ series: id, row: '0', mean: 0.85, ...limits }))
    const svg = intervalDots(points, { ...options, series, rows, xLabel: 'recall', reference: undefined })
    expect(texts(svg)).toEqual(expect.arrayContaining(['neutrophil', 'basophil', '1 test image: too few']))
    expect(texts(svg)).not.toContain('oversampling')
    const shifts = [...svg.querySelectorAll('[aria-label="dot"]')].map((group) => group.getAttribute('transform'))
    expect(new Set(shifts).size).toBe(3)
  })
})
