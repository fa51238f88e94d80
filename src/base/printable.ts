/** Control characters, line and paragraph separators, marks that turn the direction of text, spaces without width, halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' }

/**
 * Text of foreign origin, such as the name of a file, for a message: in one line, and nothing in it that a terminal obeys. What must
 * not be printed stands as in JSON, `\n` or `\u001b`; the rest, and so almost every text, is as it was.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}
