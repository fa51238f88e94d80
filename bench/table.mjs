import { median } from './measure.mjs'

const HEADER = ['', 'unit', 'one side', 'median (best)', 'other side', 'median (best)', 'times better (range, rounds)']

/**
 * Markdown: a row for the first side of each comparison against each of its others, with the medians and best values of all
 * rounds. "Times better" is the ratio of the medians within a round: its median over rounds, and its range.
 *
 * @param {import('./measure.mjs').Comparison[]} comparisons
 */
export function table(comparisons) {
  const rows = [HEADER, HEADER.map(() => '---'), ...comparisons.flatMap(rowsOf)]
  const notes = comparisons.flatMap((comparison) => comparison.notes ?? [])
  return [rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), ...notes].join('\n\n')
}

function rowsOf(comparison) {
  const {
    title,
    unit,
    sides: [first, ...others],
  } = comparison
  const ours = [title, unit, ...describe(first, comparison)]
  if (others.length === 0) return [[...ours, '', '', '']]
  return others.map((other) => [...ours, ...describe(other, comparison), timesBetter(first, other, comparison)])
}

function describe({ name, rounds }, { better }) {
  const values = rounds.flat()
  const best = values.reduce((a, b) => (better === 'lower' ? Math.min(a, b) : Math.max(a, b)))
  return [name, `${short(median(values))} (${short(best)})`]
}

function timesBetter(first, other, { better }) {
  const ratios = first.rounds.map((values, round) => {
    const [a, b] = [median(values), median(other.rounds[round])]
    return better === 'lower' ? b / a : a / b
  })
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}, ${ratios.length}`
  return `${median(ratios).toFixed(2)} (${range})`
}

/** Three digits that count, or all of a whole number. */
function short(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
