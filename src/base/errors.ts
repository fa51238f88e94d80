/**
 * One class for every mistake that a person can mend. The sentence gives subject, rule, value received and place;
 * the hint says what to do. The CLI prints both without a stack and exits with 2.
 *
 * @example
 *   throw new EvenkeelError('config.value', 'focal.gamma must be >= 0, got -1 (methods[2].gamma)', 'the paper uses 2')
 */
export class EvenkeelError extends Error {
  /** Stable identifier `<area>.<what>`, for programs; tests match on it. */
  readonly code: string
  readonly hint: string | undefined

  constructor(code: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EvenkeelError'
    this.code = code
    this.hint = hint
  }
}

/** Levenshtein distance, for "did you mean". */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}

/** A hint for a mistyped name: the nearest known one when it is near, otherwise the whole list. */
export function didYouMean(given: string, known: readonly string[]): string {
  const ranked = known
    .map((name) => ({ name, d: distance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.d - b.d || (a.name < b.name ? -1 : 1))
  const best = ranked[0]
  if (best && best.d <= Math.max(2, Math.floor(given.length / 3))) return `did you mean '${best.name}'?`
  return `known: ${known.join(', ')}`
}
