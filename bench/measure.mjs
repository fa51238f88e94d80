/**
 * Comparisons on a machine that others use too: the sides take turns, round by round, so that a slow minute falls on all of
 * them, and the ratio is formed within each round.
 *
 * @typedef {object} Side
 * @property {string} name
 * @property {object[]} reports what the side's processes told, for each round
 * @property {number[][]} rounds the measured values of each round
 *
 * @typedef {object} Target
 * @property {'ratio' | 'value'} of the first side over the second, or the first side alone
 * @property {'<=' | '>='} rule
 * @property {number} bound
 *
 * @typedef {object} Row
 * @property {string} work what is measured, with the size of a round
 * @property {string} unit
 * @property {Target} target
 * @property {Side[]} sides evenkeel, then what it is measured against, then what is shown beside it
 * @property {string[]} notes shown under the table
 */

/**
 * Lets the sides take turns.
 *
 * @template Report
 * @param {number} rounds
 * @param {Record<string, (round: number) => Promise<Report>>} sides each measures once
 * @returns {Promise<{ name: string, reports: Report[] }[]>} a report for each round
 */
export async function takeTurns(rounds, sides) {
  const measured = Object.entries(sides).map(([name, measure]) => ({ name, measure, reports: [] }))
  for (let round = 0; round < rounds; round++) {
    for (const { measure, reports } of measured) reports.push(await measure(round))
  }
  return measured.map(({ name, reports }) => ({ name, reports }))
}

/**
 * The sides with the values that their reports hold.
 *
 * @template Report
 * @param {{ name: string, reports: Report[] }[]} sides
 * @param {(report: Report) => number[]} valuesOf
 * @returns {Side[]}
 */
export function pick(sides, valuesOf) {
  return sides.map((side) => ({ ...side, rounds: side.reports.map(valuesOf) }))
}

/** '30 of 1,000' where a round is cut short, else '1,000'. */
export function outOf(count, full) {
  return [...new Set([count, full])].map((number) => number.toLocaleString('en')).join(' of ')
}

/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
