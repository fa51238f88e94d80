import { describe, expect, it } from 'vitest'
import { initialise } from './initialisers.ts'
import type { Initialiser, Parameter } from './parameter.ts'

const [fanIn, fanOut] = [50, 400]
const weights = (name: string): Parameter => ({
  name,
  shape: [fanOut, fanIn],
  role: 'weights',
  fanIn,
  fanOut,
  start: undefined,
  learningRateMultiplier: 1,
  weightDecayMultiplier: 1,
})
const bias: Parameter = {
  ...weights('a.bias'),
  shape: [fanOut],
  role: 'bias',
  start: { kind: 'constant', value: 0 },
}
const seed = ['initialisers', 1]

/** Mean, standard deviation and kurtosis (3 for a normal distribution, 1.8 for a uniform one). */
function moments(values: Float32Array) {
  const moment = (k: number, centre: number) => values.reduce((sum, x) => sum + (x - centre) ** k, 0) / values.length
  const mean = moment(1, 0)
  const variance = moment(2, mean)
  return { mean, sd: Math.sqrt(variance), kurtosis: moment(4, mean) / variance ** 2 }
}

describe('initialise', () => {
  it.each<[Initialiser, sd: number, kurtosis: number]>([
    [{ kind: 'xavier' }, Math.sqrt(1 / fanIn), 1.8],
    [{ kind: 'he' }, Math.sqrt(2 / fanIn), 3],
    [{ kind: 'he', fan: 'out' }, Math.sqrt(2 / fanOut), 3],
    [{ kind: 'normal', sd: 0.01 }, 0.01, 3],
  ])('%j has its mean, deviation and form', (initialiser, sd, kurtosis) => {
    const drawn = moments(initialise([weights('a.weights')], initialiser, seed)['a.weights']!)
    expect(Math.abs(drawn.mean) / sd).toBeLessThan(0.03)
    expect(Math.abs(drawn.sd / sd - 1)).toBeLessThan(0.02)
    expect(Math.abs(drawn.kurtosis - kurtosis)).toBeLessThan(0.15)
  })

  it('xavier fills +-sqrt(3 / fanIn) and does not leave it', () => {
    const values = initialise([weights('a.weights')], { kind: 'xavier' }, seed)['a.weights']!
    const bound = Math.fround(Math.sqrt(3 / fanIn))
    const [least, greatest] = [Math.min(...values), Math.max(...values)]
    expect(least).toBeGreaterThanOrEqual(-bound)
    expect(greatest).toBeLessThanOrEqual(bound)
    expect(greatest - least).toBeGreaterThan(1.99 * bound)
  })

  it('starts biases at 0, and whatever says how it starts, as it says', () => {
    expect(initialise([bias], { kind: 'he' }, seed)['a.bias']).toEqual(new Float32Array(400))
    const ones = { ...bias, start: { kind: 'constant', value: 1 } } as const
    expect(initialise([ones], { kind: 'he' }, seed)['a.bias']).toEqual(new Float32Array(400).fill(1))
    const drawn = { ...weights('a.weights'), start: { kind: 'he' } } as const
    expect(initialise([drawn], { kind: 'xavier' }, seed)).toEqual(
      initialise([weights('a.weights')], { kind: 'he' }, seed),
    )
  })

  it('draws the same for the same seed and name, whatever else the network has', () => {
    const he = { kind: 'he' } as const
    const alone = initialise([weights('a.weights')], he, seed)
    const among = initialise([weights('new.weights'), bias, weights('a.weights')], he, seed)
    expect(among['a.weights']).toEqual(alone['a.weights'])
    expect(among['new.weights']).not.toEqual(alone['a.weights'])
    expect(initialise([weights('a.weights')], he, ['initialisers', 2])['a.weights']).not.toEqual(alone['a.weights'])
  })
})
