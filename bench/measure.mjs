/**
 * Comparisons on a machine that others use too: two or more sides take turns, round by round, so that a slow minute falls on
 * all of them, and the ratio is formed within each round.
 *
 * @typedef {object} Side
 * @property {string} name
 * @property {number[][]} rounds the measured values of each round
 *
 * @typedef {object} Comparison
 * @property {string} title what is measured
 * @property {string} unit
 * @property {'lower' | 'higher'} better
 * @property {Side[]} sides the first is compared with each of the others
 * @property {string[]} [notes] shown under the table
 */

/**
 * Lets the sides take turns.
 *
 * @param {number} rounds
 * @param {Record<string, () => Promise<number[]>>} sides each measures once and returns its values
 * @returns {Promise<Side[]>}
 */
export async function takeTurns(rounds, sides) {
  const measured = Object.entries(sides).map(([name, measure]) => ({ name, measure, rounds: [] }))
  for (let round = 0; round < rounds; round++) {
    for (const side of measured) side.rounds.push(await side.measure())
  }
  return measured.map(({ name, rounds }) => ({ name, rounds }))
}

/** Seconds that `work` takes. */
export async function seconds(work) {
  const since = performance.now()
  await work()
  return (performance.now() - since) / 1000
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
