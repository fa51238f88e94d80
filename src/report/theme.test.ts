import { expect, it } from 'vitest'
import { sampleMethods } from './fixtures/sample-comparison.ts'
import { colours, lineStyles } from './theme.ts'

it('gives every method of the paper a look of its own', () => {
  const styles = [...lineStyles(sampleMethods).values()]
  expect(new Set(styles.map(({ colour }) => colour)).size).toBe(sampleMethods.length)
})

it('keeps a named method’s look whatever else is studied', () => {
  const alone = lineStyles(['oversampling']).get('oversampling')
  const among = ['focal', 'mixup', 'oversampling', 'oversampling(level=0.25)', 'oversampling(level=0.5)']
  expect(lineStyles(among).get('oversampling')).toEqual(alone)
})

it('tells the families apart without colour', () => {
  const styles = lineStyles(sampleMethods)
  const shape = (id: string) => `${styles.get(id)!.symbol} ${styles.get(id)!.dash}`
  expect(shape('two-phase-oversampling')).toBe(shape('two-phase-undersampling'))
  expect(shape('oversampling-thresholding')).toBe(shape('thresholding'))
  expect(new Set([shape('oversampling'), shape('two-phase-oversampling'), shape('thresholding')]).size).toBe(3)
})

it.each([
  ['eight strangers', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']],
  [
    'a method on training and on test images',
    ['baseline/training', 'baseline/test', 'oversampling/training', 'oversampling/test'],
  ],
  ['one level of sampling and the whole', ['oversampling', 'oversampling(level=0.5)', 'undersampling(level=0.5)']],
  [
    'the paper’s grid with its linear profiles',
    [...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenths) => `mu=${tenths / 10}`), 'linear'],
  ],
])('tells %s apart', (_, ids) => {
  const styles = [...lineStyles(ids).values()]
  expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(ids.length)
})

it('sets ids that differ in one number on a ramp, by the number', () => {
  const styles = lineStyles(['rho=1000', 'rho=50', 'rho=100', 'oversampling(level=0.5)', 'oversampling(level=0.25)'])
  const colourOf = (id: string) => styles.get(id)!.colour
  expect(['rho=50', 'rho=100', 'rho=1000'].map(colourOf)).toEqual([
    'var(--violet-1)',
    'var(--violet-5)',
    'var(--violet-9)',
  ])
  expect(['oversampling(level=0.25)', 'oversampling(level=0.5)'].map(colourOf)).toEqual([
    'var(--blue-1)',
    'var(--blue-9)',
  ])
})

/** Of WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances of two colours `#rrggbb`. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) =>
    [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, channel) => sum + value * [0.2126, 0.7152, 0.0722][channel]!, 0)
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high! + 0.05) / (low! + 0.05)
}

it.each([...colours])('%s stands out from the panels, light and dark', (_, [light, dark]) => {
  expect(contrast(light, '#ffffff')).toBeGreaterThanOrEqual(3)
  expect(contrast(dark, '#1a1b1f')).toBeGreaterThanOrEqual(3)
})

it.each(['blue', 'vermilion', 'violet', 'green'])('%s grows stronger from grade to grade', (ramp) => {
  const grades = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((grade) => colours.get(`${ramp}-${grade}`)!)
  for (const [page, ground] of ['#ffffff', '#1a1b1f'].entries()) {
    const strengths = grades.map((pair) => contrast(pair[page]!, ground))
    expect(strengths).toEqual([...strengths].sort((a, b) => a - b))
  }
})
