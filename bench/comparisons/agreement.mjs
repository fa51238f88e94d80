/**
 * Where both engines compute the same, they must agree, or the comparison means nothing.
 *
 * @template Report
 * @param {{ name: string, reports: Report[] }[]} sides evenkeel first; the first round is looked at
 * @param {string} what
 * @param {(report: Report) => number[]} valuesOf
 * @param {number} tolerance of the largest difference, relative to the largest value
 * @returns {string[]} a note for each of the others
 * @throws Error when they differ by more
 */
export function agreement([ours, ...others], what, valuesOf, tolerance) {
  const expected = valuesOf(ours.reports[0])
  const largest = Math.max(...expected.map(Math.abs))
  return others.map(({ name, reports: [report] }) => {
    const difference = Math.max(...valuesOf(report).map((value, i) => Math.abs(value - expected[i]))) / largest
    const found = `${name} ${report.version}: ${what} differ by at most ${difference.toExponential(1)} (relative)`
    if (!(difference <= tolerance)) throw new Error(`the engines disagree; ${found}, more than ${tolerance}`)
    return found
  })
}
