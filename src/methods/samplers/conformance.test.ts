import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ClassIndex, imbalanceRatio } from '../../data/dataset.ts'
import { samplerFrom, samplers } from './registry.ts'
import type { IndexStream, Sampler } from './sampler.ts'

/** Each registered sampler with its defaults and, where it has a level, at others. */
const cases: (readonly [string, Sampler])[] = Object.keys(samplers).flatMap((id) => {
  const { options } = samplerFrom(id)
  const levels = 'level' in options ? [{}, { level: 0 }, { level: 0.3 }] : [{}]
  return levels.map((changes) => [`${id} ${JSON.stringify(changes)}`, samplerFrom(id, changes)] as const)
})

/** [classes + 1] ends of the classes. */
function offsetsOf(counts: readonly number[]): Uint32Array {
  const offsets = new Uint32Array(counts.length + 1)
  counts.forEach((count, c) => {
    offsets[c + 1] = offsets[c]! + count
  })
  return offsets
}

/** Class 0 has examples 1000, 1001, ..., class 1 has 2000, 2001, ... */
function indexOf(counts: readonly number[]): ClassIndex {
  const order = Uint32Array.from(
    counts.flatMap((count, c) => Array.from({ length: count }, (_, k) => 1000 * (c + 1) + k)),
  )
  return { order, offsets: offsetsOf(counts), counts }
}

const classOf = (example: number) => Math.floor(example / 1000) - 1

function read(stream: IndexStream, start: number, length: number): Uint32Array {
  const out = new Uint32Array(length)
  stream.fill(out, start)
  return out
}

const someCounts = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 200 })), {
  minLength: 1,
  maxLength: 6,
})

/** Ten million examples in 100 classes of 150,000 down to 50,000. */
const manyCounts = Array.from({ length: 100 }, (_, c) => 150_000 - Math.round((c * 100_000) / 99))
const manyExamples: ClassIndex = {
  order: new Uint32Array(10_000_000),
  offsets: offsetsOf(manyCounts),
  counts: manyCounts,
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes on the heap and in arrays, garbage included. */
function memoryHeld(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

describe.each(cases)('%s', (_, sampler) => {
  it('gives each epoch the class counts that it promises, of examples of that class', () => {
    fc.assert(
      fc.property(someCounts, fc.integer({ min: 0, max: 3 }), (counts, epoch) => {
        const index = indexOf(counts)
        const stream = sampler.open(index, ['seed'])
        const promised = sampler.epochCounts(counts)
        expect(stream.epochLength).toBe(promised.reduce((sum, count) => sum + count, 0))
        const received = counts.map(() => 0)
        const examples = read(stream, epoch * stream.epochLength, stream.epochLength)
        expect(examples.every((example) => example % 1000 < counts[classOf(example)]!)).toBe(true)
        for (const example of examples) received[classOf(example)]!++
        expect(received).toEqual(promised)
      }),
      { numRuns: 40 },
    )
  })

  it('gives the same multiset in every epoch, in another order', () => {
    const stream = sampler.open(indexOf([60, 7, 1]), ['seed'])
    const epochs = [0, 1, 7].map((epoch) => read(stream, epoch * stream.epochLength, stream.epochLength))
    for (const epoch of epochs) expect(epoch.toSorted()).toEqual(epochs[0]!.toSorted())
    if (stream.epochLength > 5) expect(new Set(epochs.map(String)).size).toBe(3)
  })

  it('gives the same wherever reading starts and however much is read at once', () => {
    const chunks = fc.array(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(someCounts, fc.integer({ min: 0, max: 5000 }), chunks, (counts, start, lengths) => {
        const total = lengths.reduce((sum, length) => sum + length, 0)
        const whole = read(sampler.open(indexOf(counts), ['s', 2]), start, total)
        const stream = sampler.open(indexOf(counts), ['s', 2])
        let at = start
        const parts = lengths.flatMap((length) => {
          at += length
          return [...read(stream, at - length, length)]
        })
        expect(parts).toEqual([...whole])
      }),
      { numRuns: 40 },
    )
  })

  it('differs between seeds', () => {
    const draw = (...seed: (string | number)[]) => String(read(sampler.open(indexOf([300, 20, 20]), seed), 0, 60))
    expect(draw('a', 1)).toBe(draw('a', 1))
    expect(new Set([draw('a', 1), draw('a', 2), draw('b', 1), draw()]).size).toBe(4)
  })

  it('survives being written down as JSON', () => {
    const written = JSON.parse(JSON.stringify({ id: sampler.id, options: sampler.options }))
    const again = samplerFrom(written.id, written.options)
    expect(again.options).toEqual(sampler.options)
    const index = indexOf([90, 12])
    expect(read(again.open(index, ['s']), 0, 200)).toEqual(read(sampler.open(index, ['s']), 0, 200))
  })

  it('copes with classes of one example, with one class and with one example in all', () => {
    for (const counts of [[5, 1, 1], [1, 1], [9], [1]]) {
      const stream = sampler.open(indexOf(counts), ['s'])
      const seen = new Set([...read(stream, 0, stream.epochLength)].map(classOf))
      expect([...seen].sort()).toEqual([...counts.keys()])
    }
    expect([...read(sampler.open(indexOf([1]), ['s']), 3, 3)]).toEqual([1000, 1000, 1000])
  })

  it('refuses to sample from nothing', () => {
    expect(() => sampler.open(indexOf([]), ['s'])).toThrow(expect.objectContaining({ code: 'sampler.empty' }))
    expect(() => sampler.open(indexOf([0, 0]), ['s'])).toThrow(/no (training )?example/)
  })

  it('needs memory for the classes, not for the examples', () => {
    const batch = new Uint32Array(1024)
    collectGarbage()
    const before = memoryHeld()
    const stream = sampler.open(manyExamples, ['s'])
    const growth: number[] = []
    for (let start = 0; start < 2 * stream.epochLength; start += stream.epochLength / 8) {
      stream.fill(batch, Math.floor(start))
      growth.push(memoryHeld() - before)
    }
    expect(Math.max(...growth)).toBeLessThan(10_000_000) // a shuffled epoch would be 20 MB or more
  })
})

describe('level', () => {
  const counts = [1000, 10, 100, 1]

  it.each(['oversample', 'undersample'])('0 makes %s the natural stream, number for number', (id) => {
    const index = indexOf(counts)
    const length = 2 * 1111
    const natural = read(samplerFrom('natural').open(index, ['s']), 0, length)
    expect(read(samplerFrom(id, { level: 0 }).open(index, ['s']), 0, length)).toEqual(natural)
  })

  it('leaves the ratio rho^(1 - level), up to rounding', () => {
    expect(samplerFrom('oversample', { level: 0.5 }).epochCounts([10_000, 1, 500])).toEqual([10_000, 100, 500])
    expect(samplerFrom('undersample', { level: 0.5 }).epochCounts([10_000, 1, 500])).toEqual([100, 1, 100])
    expect(samplerFrom('oversample').epochCounts(counts)).toEqual([1000, 1000, 1000, 1000])
    expect(samplerFrom('undersample').epochCounts(counts)).toEqual([1, 1, 1, 1])
    const sizes = fc.array(fc.integer({ min: 100, max: 100_000 }), { minLength: 2, maxLength: 8 })
    const levels = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.constantFrom('oversample', 'undersample'), sizes, levels, (id, someSizes, level) => {
        const left = imbalanceRatio(samplerFrom(id, { level }).epochCounts(someSizes))
        expect(left / imbalanceRatio(someSizes) ** (1 - level)).toBeCloseTo(1, 1)
      }),
    )
  })

  it.each([-0.1, 1.1, Number.NaN])('refuses %d', (level) => {
    expect(() => samplerFrom('oversample', { level })).toThrow(`oversample.level must be between 0 and 1, got ${level}`)
    expect(() => samplerFrom('undersample', { level })).toThrow(
      `undersample.level must be between 0 and 1, got ${level}`,
    )
  })

  it('cannot balance a class without examples', () => {
    expect(() => samplerFrom('oversample').epochCounts([3, 0])).toThrow('class 1 has no training example')
    expect(samplerFrom('natural').epochCounts([3, 0])).toEqual([3, 0])
  })
})

describe('what is drawn', () => {
  it('oversample keeps every original and copies each about equally often', () => {
    const stream = samplerFrom('oversample').open(indexOf([900, 3]), ['s'])
    const epoch = read(stream, 0, stream.epochLength)
    expect(new Set(epoch).size).toBe(903)
    for (const example of [2000, 2001, 2002]) {
      const times = epoch.filter((other) => other === example).length
      expect(Math.abs(times - 300)).toBeLessThan(65) // 4.5 standard deviations
    }
  })

  it('undersample keeps each example of a large class in about as many seeds', () => {
    const times = Array<number>(20).fill(0)
    for (let seed = 0; seed < 1000; seed++) {
      const stream = samplerFrom('undersample').open(indexOf([20, 5]), [seed])
      for (const example of read(stream, 0, stream.epochLength)) if (example < 2000) times[example - 1000]!++
    }
    for (const t of times) expect(Math.abs(t - 250)).toBeLessThan(62) // 4.5 standard deviations
  })
})

describe('samplerFrom', () => {
  it.each([
    ['oversampel', {}, "there is no sampler 'oversampel'", "did you mean 'oversample'?"],
    ['toString', {}, "there is no sampler 'toString'", 'known: natural, oversample, undersample'],
    ['oversample', { lvel: 1 }, "the sampler 'oversample' has no option 'lvel'", "did you mean 'level'?"],
    ['natural', { level: 1 }, "the sampler 'natural' has no option 'level'", 'it takes no options'],
  ])('refuses %s %j', (id, options, message, hint) => {
    expect(() => samplerFrom(id, options)).toThrow(expect.objectContaining({ code: 'sampler.unknown', message, hint }))
  })
})
