import { line } from '@observablehq/plot'
import { count } from '../format.ts'
import { type ChartOptions, draw, paddedDomain, type Series, type Svg } from './chart.ts'

export interface LossSeries extends Series {
  readonly points: readonly { readonly iteration: number; readonly loss: number }[]
}

/** At most so many points a curve are drawn; each is the mean of its stretch. */
const resolution = 60

/** Mean training loss against iterations, one curve for each phase that was trained. */
export function lossCurves(curves: readonly LossSeries[], options: ChartOptions): Svg {
  const drawn = curves.map(({ style, points }) => ({ style, points: condensed(points.filter(isPositive)) }))
  const losses = drawn.flatMap(({ points }) => points.map(({ loss }) => Math.log10(loss)))
  const [low, high] = paddedDomain(losses)
  const last = Math.max(1, ...drawn.flatMap(({ points }) => points.map(({ iteration }) => iteration)))
  return draw(options, {
    height: 200,
    marginLeft: 44,
    marginRight: 14,
    marginTop: 24,
    marginBottom: 38,
    x: {
      domain: [0, last],
      label: 'iteration',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 4,
      tickFormat: count,
      tickSize: 4,
    },
    y: {
      type: 'log',
      domain: [10 ** low, 10 ** high],
      label: 'Training loss (log)',
      labelArrow: 'none',
      grid: true,
      ticks: roundValues(10 ** low, 10 ** high),
      tickFormat: String,
      tickSize: 0,
    },
    marks: drawn.map(({ style, points }) =>
      line(points, {
        x: 'iteration',
        y: 'loss',
        stroke: style.colour,
        strokeWidth: 1.6,
        ...(style.dash === undefined ? {} : { strokeDasharray: style.dash }),
      }),
    ),
  })
}

/** 1, 2 and 5 times the powers of ten between two positive numbers; the powers alone where that is too many. */
function roundValues(low: number, high: number): number[] {
  const decades = Array.from({ length: 40 }, (_, index) => index - 20)
  const within = (leads: readonly number[]) =>
    decades
      .flatMap((decade) => leads.map((lead) => Number(`${lead}e${decade}`)))
      .filter((value) => value >= low && value <= high)
  const fine = within([1, 2, 5])
  return fine.length <= 6 ? fine : within([1])
}

function isPositive(point: { readonly loss: number }): boolean {
  return Number.isFinite(point.loss) && point.loss > 0
}

function condensed(points: LossSeries['points']): LossSeries['points'] {
  const stretch = Math.ceil(points.length / resolution)
  if (stretch <= 1) return points
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  return Array.from({ length: Math.ceil(points.length / stretch) }, (_, index) => {
    const part = points.slice(index * stretch, (index + 1) * stretch)
    return { iteration: mean(part.map(({ iteration }) => iteration)), loss: mean(part.map(({ loss }) => loss)) }
  })
}
