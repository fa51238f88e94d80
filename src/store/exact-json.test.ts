import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, encode } from './exact-json.ts'

describe('exact JSON', () => {
  it('gives back every double, bit for bit', () => {
    fc.assert(fc.property(fc.double(), (x) => Object.is(decode(encode(x, 'x')), x)))
  })

  it('gives back every JSON value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => isDeepStrictEqual(decode(encode(value, 'x')), value)))
  })

  it('writes finite numbers as JSON does, and the others as an object', () => {
    expect(encode({ loss: [0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY] }, 'x')).toBe(
      '{"loss":[0.1,{"$number":"-0"},{"$number":"NaN"},{"$number":"-Infinity"}]}',
    )
  })

  it('takes undefined properties for absent', () => {
    expect(encode({ a: undefined, b: 1 }, 'x')).toBe('{"b":1}')
  })

  it.each([
    [{ recall: new Float32Array(2) }, 'result.recall must be plain JSON, got Float32Array'],
    [[1, [undefined]], 'result[1][0] must be plain JSON, got undefined'],
    [new Date(0), 'result must be plain JSON, got Date'],
    [{ count: 3n }, 'result.count must be plain JSON, got bigint'],
    [{ loss: () => 0 }, 'result.loss must be plain JSON, got function'],
    [{ $number: 'NaN' }, "result must be plain JSON, got an object with the reserved key '$number'"],
  ])('refuses %o', (value, sentence) => {
    expect(() => encode(value, 'result')).toThrow(expect.objectContaining({ code: 'store.value', message: sentence }))
  })
})
