import fc from 'fast-check'
import { expect, it } from 'vitest'
import { printable } from './printable.ts'

it.each([
  ['two\nlines\r\n', 'two\\nlines\\r\\n'],
  ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
  ['\u009b2J\u007f\0', '\\u009b2J\\u007f\\u0000'],
  ['gpj.\u202efdp\u2028', 'gpj.\\u202efdp\\u2028'],
  ['cat\u200b\ufeff\u061c', 'cat\\u200b\\ufeff\\u061c'],
  ['half \ud83d', 'half \\ud83d'],
  ['Kätzchen \u{1f431} \\n', 'Kätzchen \u{1f431} \\n'],
])('printable shows %j as %j', (text, expected) => {
  expect(printable(text)).toBe(expected)
})

it('printable leaves nothing that a terminal obeys, and is done after once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text)
      expect(shown).not.toMatch(/\p{Cc}/u)
      expect(printable(shown)).toBe(shown)
    }),
  )
})
