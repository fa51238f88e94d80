import { median } from './measure.mjs'

const HEADER = ['work', 'evenkeel', 'peer', 'ratio (range, rounds)', 'target', 'met', 'PyTorch, channels last (ratio)']

/**
 * Markdown: a line for each row, with the medians over all values. The ratio is evenkeel / peer, of the medians within a
 * round: its median over rounds, and its range.
 *
 * @param {import('./measure.mjs').Row[]} rows
 */
export function table(rows) {
  const lines = [HEADER, HEADER.map(() => '---'), ...rows.map(cellsOf)]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function cellsOf({ work, unit, target, sides: [ours, peer, beside] }) {
  const show = ({ rounds }) => `${short(median(rounds.flat()))} ${unit}`
  const ratios = peer && ratiosOf(ours, peer)
  const reached = target.of === 'ratio' ? ratios && median(ratios) : median(ours.rounds.flat())
  return [
    work,
    show(ours),
    peer ? `${show(peer)}${peer.name === 'PyTorch' ? '' : ` (${peer.name})`}` : '',
    ratios ? `${digits(median(ratios))} (${range(ratios)}, ${ratios.length})` : '',
    `${target.rule} ${target.bound}${target.of === 'value' ? ` ${unit}` : ''}`,
    reached === undefined ? '' : isMet(target, reached) ? 'yes' : 'no',
    beside ? `${show(beside)} (${digits(median(ratiosOf(ours, beside)))})` : '',
  ]
}

/** One of the first side over the second for each round. */
function ratiosOf(one, other) {
  return one.rounds.map((values, round) => median(values) / median(other.rounds[round]))
}

function isMet({ rule, bound }, value) {
  return rule === '<=' ? value <= bound : value >= bound
}

function range(ratios) {
  return `${digits(Math.min(...ratios))} to ${digits(Math.max(...ratios))}`
}

/** Two decimals, or two digits that count. */
function digits(ratio) {
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2)
}

/** Three digits that count, or all of a whole number. */
function short(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
