import { type PlotOptions, plot } from '@observablehq/plot'
import type { LineStyle } from '../theme.ts'

/** A figure as a pure function gives it; a page or a test decides what to do with it. */
export type Svg = ReturnType<typeof plot>

/** What every figure needs besides its data. In a browser `document` is the page's own. */
export interface ChartOptions {
  readonly document: NonNullable<PlotOptions['document']>
  /** Width of the drawing, px; it scales with its container. */
  readonly width: number
}

/** A method's name and looks, in the order in which it is drawn. */
export interface Series {
  readonly id: string
  readonly title: string
  readonly style: LineStyle
}

/** Plot with the house's frame: no clipping of labels, ticks as quiet as they can be. */
export function draw(options: ChartOptions, spec: PlotOptions): Svg {
  return plot({ document: options.document, width: options.width, ...spec })
}

/** The smallest interval around all values, widened by a share of its length; [0, 1] when there are none. */
export function paddedDomain(values: readonly number[], share = 0.06): [number, number] {
  const finite = values.filter((value) => Number.isFinite(value))
  if (finite.length === 0) return [0, 1]
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  const pad = high > low ? (high - low) * share : Math.max(Math.abs(high) * 0.05, 0.01)
  return [low - pad, high + pad]
}

/** Room for labels at the left of rows, px at a type size of 11 px; the widest that a panel can spare is 190. */
export function labelMargin(labels: readonly string[]): number {
  return Math.min(190, 16 + 6.1 * Math.max(0, ...labels.map((label) => [...label].length)))
}

/** Series in the order of painting: the emphasised one last, over the others. */
export function emphasisLast<T extends { readonly id: string }>(
  series: readonly T[],
  emphasis: string | undefined,
): T[] {
  return [...series.filter(({ id }) => id !== emphasis), ...series.filter(({ id }) => id === emphasis)]
}

/** Fill and outline of a marker: hollow ones show the page through. */
export function markerPaint(style: LineStyle): { fill: string; stroke: string; strokeWidth: number } {
  return { fill: style.hollow ? 'var(--surface)' : style.colour, stroke: style.colour, strokeWidth: 1.4 }
}
