import { dot, line, type Markish, rectX } from '@observablehq/plot'
import { type ChartOptions, draw, emphasisLast, markerPaint, type Series, type Svg } from './chart.ts'

export interface RecallSeries extends Series {
  /** Recall in [0, 1] by class rank, most frequent class first; undefined where no replicate has one. */
  readonly recall: readonly (number | undefined)[]
}

export interface ClassRecallOptions extends ChartOptions {
  /** The minority classes are the last so many ranks; they stand on a shaded ground. 0 for profiles without a step. */
  readonly minorityClasses: number
  readonly emphasis: string | undefined
  /** Lower end of the axis, shared by the panels of a figure. */
  readonly lowest: number
}

/** More classes than this make markers a smear. */
const markersUpTo = 20

/** Recall by class rank, one line a method: where a method gives and where it takes. */
export function classRecall(series: readonly RecallSeries[], options: ClassRecallOptions): Svg {
  const classes = Math.max(1, ...series.map(({ recall }) => recall.length))
  const marks = emphasisLast(series, options.emphasis).flatMap(({ id, style, recall }): Markish[] => {
    const points = recall.flatMap((value, index) => (value === undefined ? [] : [{ rank: index + 1, value }]))
    const dash = style.dash === undefined ? {} : { strokeDasharray: style.dash }
    return [
      line(points, {
        x: 'rank',
        y: 'value',
        stroke: style.colour,
        strokeWidth: id === options.emphasis ? 2.6 : 1.4,
        ...dash,
      }),
      ...(classes <= markersUpTo
        ? [dot(points, { x: 'rank', y: 'value', r: 2.4, symbol: style.symbol, ...markerPaint(style) })]
        : []),
    ]
  })
  const minority =
    options.minorityClasses > 0 ? [{ from: classes - options.minorityClasses + 0.5, to: classes + 0.5 }] : []
  return draw(options, {
    height: 220,
    marginLeft: 36,
    marginRight: 8,
    marginTop: 24,
    marginBottom: 38,
    x: {
      domain: [0.5, classes + 0.5],
      label: 'class rank, most frequent first',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: rankTicks(classes),
      tickFormat: String,
      tickSize: 0,
    },
    y: { domain: [options.lowest, 1], label: 'Recall', labelArrow: 'none', grid: true, ticks: 5, tickSize: 0 },
    marks: [rectX(minority, { x1: 'from', x2: 'to', fill: 'var(--minority)', fillOpacity: 0.11 }), ...marks],
  })
}

/** Every rank up to 12 classes, else about five round ones. */
function rankTicks(classes: number): number[] {
  const step = classes <= 12 ? 1 : Math.ceil(classes / 25) * 5
  return Array.from({ length: classes }, (_, index) => index + 1).filter((rank) => rank === 1 || rank % step === 0)
}
