import { cell, frame, text } from '@observablehq/plot'
import { shorten } from '../format.ts'
import { type ChartOptions, draw, type Svg } from './chart.ts'

export interface ConfusionMatrixOptions extends ChartOptions {
  readonly classNames: readonly string[]
}

/** A share from which the ground is dark enough to need light print. */
const strong = 0.75

/** Shares [true][predicted] in [0, 1], rows summing to 1, printed as whole per cent; shares below 0.5 % stay blank. */
export function confusionMatrix(shares: readonly (readonly number[])[], options: ConfusionMatrixOptions): Svg {
  const classes = shares.length
  const entries = shares
    .flatMap((row, actual) => row.map((share, predicted) => ({ actual, predicted, share })))
    .filter(({ share }) => share >= 0.005)
  const order = Array.from({ length: classes }, (_, index) => index)
  const name = (index: number) => shorten(options.classNames[index] ?? String(index), 9)
  const longest = Math.max(1, ...order.map((index) => [...name(index)].length))
  const margin = 14 + longest * 6
  const band = { type: 'band', paddingInner: 0.04, paddingOuter: 0, round: false } as const
  const print = (select: (share: number) => boolean, fill: string) =>
    text(
      entries.filter(({ share }) => select(share)),
      {
        x: 'predicted',
        y: 'actual',
        text: (d) => String(Math.round(d.share * 100)),
        fill,
        fontSize: classes > 12 ? 7 : 10,
      },
    )
  return draw(options, {
    height: options.width - margin + 14 + (longest > 2 ? margin : 30),
    marginLeft: margin,
    marginRight: 6,
    marginTop: 8,
    marginBottom: longest > 2 ? margin : 24,
    x: {
      ...band,
      domain: order,
      label: null,
      tickFormat: name,
      tickSize: 0,
      ...(longest > 2 ? { tickRotate: -90 } : {}),
    },
    y: { ...band, domain: order, label: null, tickFormat: name, tickSize: 0 },
    marks: [
      frame({ fill: 'var(--ground)', stroke: 'none' }),
      cell(entries, {
        x: 'predicted',
        y: 'actual',
        fill: 'var(--blue)',
        fillOpacity: { value: 'share', scale: null },
      }),
      print((share) => share < strong, 'var(--ink-text)'),
      print((share) => share >= strong, 'var(--surface)'),
    ],
  })
}
