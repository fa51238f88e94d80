import { expect, it } from 'vitest'
import { sampleMethods } from './fixtures/sample-comparison.ts'
import { methodStyles } from './theme.ts'

const methods = (ids: readonly string[]) => ids.map((id) => ({ id, title: id, source: '' }))

it('gives every method of the paper a look of its own', () => {
  const styles = [...methodStyles(methods(sampleMethods)).values()]
  expect(new Set(styles.map(({ colour }) => colour)).size).toBe(sampleMethods.length)
})

it('keeps a named method’s look whatever else is studied', () => {
  const alone = methodStyles(methods(['oversampling'])).get('oversampling')
  expect(methodStyles(methods(['focal', 'mixup', 'oversampling'])).get('oversampling')).toEqual(alone)
})

it('tells the families apart without colour', () => {
  const styles = methodStyles(methods(sampleMethods))
  const shape = (id: string) => `${styles.get(id)!.symbol} ${styles.get(id)!.dash}`
  expect(shape('two-phase-oversampling')).toBe(shape('two-phase-undersampling'))
  expect(shape('oversampling-thresholding')).toBe(shape('thresholding'))
  expect(new Set([shape('oversampling'), shape('two-phase-oversampling'), shape('thresholding')]).size).toBe(3)
})

it('tells eight strangers apart', () => {
  const styles = methodStyles(methods(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']))
  expect(new Set([...styles.values()].map((style) => JSON.stringify(style))).size).toBe(8)
})
