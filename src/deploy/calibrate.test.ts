import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../base/random.ts'
import { calibrate, fitTemperature } from './calibrate.ts'
import { logShift } from './priors.ts'

type Row = readonly number[]

const softmax = (row: Row) => {
  const weights = row.map((logit) => Math.exp(logit - Math.max(...row)))
  return weights.map((weight) => weight / weights.reduce((a, b) => a + b, 0))
}
const scaled = (row: Row, temperature: number, shift: Row) => softmax(row.map((z, c) => z / temperature + shift[c]!))
const scoresOf = (rows: readonly Row[]) => ({ values: rows.flat(), classes: rows[0]!.length })
const logLoss = (rows: readonly Row[], labels: Row, temperature: number, shift: Row) =>
  rows.reduce((total, row, n) => total - Math.log(scaled(row, temperature, shift)[labels[n]!]!), 0) / rows.length

/** Images whose labels are drawn from softmax(logits / temperature + shift). */
function drawn(count: number, temperature: number, shift: Row, seed: number) {
  const stream = random('calibrate test', seed)
  const rows = Array.from({ length: count }, () => shift.map(() => 4 * stream.normal()))
  const labels = rows.map((row) => {
    const probabilities = scaled(row, temperature, shift)
    const place = stream.uniform()
    let [label, sum] = [0, probabilities[0]!]
    while (sum < place && label < probabilities.length - 1) sum += probabilities[++label]!
    return label
  })
  return { rows, labels }
}

describe('fitTemperature', () => {
  it('of two classes with one margin is the margin over the log odds of being right', () => {
    // 75 of 100 right with logits 3 apart: 1 / (1 + e^(-3 / T)) = 3 / 4, so T = 3 / log 3.
    const labels = Array.from({ length: 100 }, (_, n) => (n < 75 ? 0 : 1))
    const { temperature, logLoss, reason } = fitTemperature(scoresOf(labels.map(() => [2, -1])), labels, [0, 0])
    expect(temperature).toBeCloseTo(3 / Math.log(3), 9)
    expect(logLoss!.before).toBeCloseTo(Math.log(1 + Math.exp(-3)) + 0.25 * 3, 12)
    expect(logLoss!.after).toBeCloseTo(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), 12)
    expect(reason).toBeUndefined()
  })

  it.each([
    [0.4, [0, 0, 0]],
    [1.7, [1, -2, 0.5]],
    [6, [-1, 0, 1]],
  ])('is the best of a fine grid, for labels drawn at T = %d', (truth, shift) => {
    const { rows, labels } = drawn(400, truth, shift, truth)
    const { temperature, logLoss: loss } = fitTemperature(scoresOf(rows), labels, shift)
    const grid = Array.from({ length: 600 }, (_, i) => 0.05 * 400 ** (i / 599))
    const losses = grid.map((t) => logLoss(rows, labels, t, shift))
    expect(loss!.after).toBeLessThanOrEqual(Math.min(...losses))
    expect(loss!.after).toBeCloseTo(logLoss(rows, labels, temperature, shift), 10)
    expect(Math.abs(Math.log(temperature / grid[losses.indexOf(Math.min(...losses))]!))).toBeLessThan(0.011)
    expect(Math.abs(Math.log(temperature / truth))).toBeLessThan(0.35)
  })

  it('stays in its range: 0.05 where the logits rank ever better, 20 where they say nothing', () => {
    const labels = Array.from({ length: 200 }, (_, n) => n % 2)
    // A wrong decision by the shift alone, which a lower T overrules.
    const right = labels.map((label) => (label === 0 ? [0.01, 0] : [0, 0.01]))
    expect(fitTemperature(scoresOf(right), labels, [0, 3]).temperature).toBe(0.05)
    const wrong = labels.map((label) => (label === 0 ? [0, 9] : [9, 0]))
    expect(fitTemperature(scoresOf(wrong), labels, [0, 0]).temperature).toBe(20)
  })

  it.each([
    [0, 0, 'there were no images for it'],
    [49, 20, '49 images are too few for it, 50 are needed'],
    [300, 4, '4 of 300 images are decided wrongly, and 5 are needed'],
  ])('stays 1 with %i images, %i of them wrong', (images, wrong, reason) => {
    const labels = Array.from({ length: images }, (_, n) => (n < wrong ? 1 : 0))
    const fit = fitTemperature({ values: labels.flatMap(() => [5, 0]), classes: 2 }, labels, [0, 0])
    expect(fit).toMatchObject({ temperature: 1, reason })
    expect(fit.logLoss?.after).toBe(fit.logLoss?.before)
    expect(fit.logLoss === undefined).toBe(images === 0)
  })

  it('is never worse than 1 on the images that it was fitted on', () => {
    const logit = fc.double({ min: -30, max: 30, noNaN: true })
    const example = fc.tuple(fc.tuple(logit, logit, logit), fc.integer({ min: 0, max: 2 }))
    const examples = fc.array(example, { minLength: 50, maxLength: 80 })
    fc.assert(
      fc.property(examples, fc.tuple(logit, logit, logit), (images, shift) => {
        const [rows, labels] = [images.map(([row]) => row), images.map(([, label]) => label)]
        const { temperature, logLoss: loss } = fitTemperature(scoresOf(rows), labels, shift)
        expect(temperature).toBeGreaterThanOrEqual(0.05)
        expect(temperature).toBeLessThanOrEqual(20)
        expect(loss!.after).toBeLessThanOrEqual(loss!.before)
      }),
      { numRuns: 40 },
    )
  })

  it('refuses sizes that do not fit', () => {
    expect(() => fitTemperature({ values: [1, 2, 3], classes: 2 }, [0], [0, 0])).toThrow(
      'logits [N, C], labels [N] and shifts [C] do not fit: 3 logits, 1 labels and 2 shifts',
    )
  })
})

describe('calibrate', () => {
  const network = [1 / 3, 1 / 3, 1 / 3]
  const natural = [0.7, 0.25, 0.05]
  const { rows, labels } = drawn(3000, 2, logShift(network, natural), 7)

  it('finds the temperature of a network of balanced classes on images of natural ones', () => {
    const { temperature } = calibrate(scoresOf(rows), labels, { network, natural, deployment: network })
    expect(temperature).toBeGreaterThan(1.8)
    expect(temperature).toBeLessThan(2.2)
  })

  it('goes to the shares in use as by way of the natural ones, with one temperature for all', () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true })
    const at = (deployment: Row) =>
      calibrate(scoresOf(rows.slice(0, 60)), labels.slice(0, 60), { network, natural, deployment })
    const plain = at(natural)
    fc.assert(
      fc.property(fc.tuple(share, share, share), fc.nat(59), (weights, n) => {
        const total = weights.reduce((a, b) => a + b, 0)
        const deployment = weights.map((weight) => weight / total)
        const { temperature, logShift } = at(deployment)
        expect(temperature).toBe(plain.temperature)
        const atNatural = scaled(rows[n]!, temperature, plain.logShift)
        const moved = softmax(atNatural.map((p, c) => Math.log(p * (deployment[c]! / natural[c]!))))
        expect(scaled(rows[n]!, temperature, logShift)).toEqual(moved.map((p) => expect.closeTo(p, 9)))
      }),
      { numRuns: 30 },
    )
  })

  it('changes no decision where it shifts nothing', () => {
    const { temperature, logShift } = calibrate(scoresOf(rows), labels, { network, natural, deployment: network })
    expect(logShift).toEqual([0, 0, 0])
    for (const row of rows.slice(0, 200)) {
      const probabilities = scaled(row, temperature, logShift)
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(row.indexOf(Math.max(...row)))
    }
  })
})
