import type { Series } from '../charts/chart.ts'
import type { LineStyle, MarkerSymbol } from '../theme.ts'

/** Markers about the origin, as the figures draw them. */
const outlines: Record<MarkerSymbol, string> = {
  circle: 'M-3.4,0a3.4,3.4 0 1,0 6.8,0a3.4,3.4 0 1,0 -6.8,0Z',
  square: 'M-3,-3H3V3H-3Z',
  triangle: 'M0,-4.4L3.8,2.2H-3.8Z',
  diamond: 'M0,-4.8L2.8,0L0,4.8L-2.8,0Z',
  star: 'M0,-4.6L1.1,-1.5L4.4,-1.4L1.7,0.6L2.7,3.7L0,1.8L-2.7,3.7L-1.7,0.6L-4.4,-1.4L-1.1,-1.5Z',
  wye: 'M1,0.6V3.8H-1V0.6L-3.8,-1L-2.8,-2.7L0,-1.1L2.8,-2.7L3.8,-1Z',
  cross: 'M-3.6,-1.2H-1.2V-3.6H1.2V-1.2H3.6V1.2H1.2V3.6H-1.2V1.2H-3.6Z',
}

/** A method's line and marker, as small as a letter. */
export function Swatch({ style }: { readonly style: LineStyle }) {
  return (
    <svg class="swatch" viewBox="-14 -6 28 12" width="28" height="12" aria-hidden="true">
      <SwatchMarks style={style} />
    </svg>
  )
}

/** A line and a marker about the origin, 26 by 10 px. */
export function SwatchMarks({ style }: { readonly style: LineStyle }) {
  return (
    <>
      <path d="M-13,0H13" stroke={style.colour} stroke-width="1.8" stroke-dasharray={style.dash} />
      <path
        d={outlines[style.symbol]}
        fill={style.hollow ? 'var(--surface)' : style.colour}
        stroke={style.colour}
        stroke-width="1.4"
      />
    </>
  )
}

/** A method's name with its looks, as tables and captions set it. */
export function MethodName({ style, title }: { readonly style: LineStyle; readonly title: string }) {
  return (
    <span class="method">
      <Swatch style={style} />
      <span>{title}</span>
    </span>
  )
}

interface LegendProps {
  readonly series: readonly Series[]
  readonly emphasis?: string | undefined
}

/** Names of at most so many characters stand in a row even on a phone. */
const shortName = 12

/** Names beside their looks; the recommended method is set in bold, as its line is heavier. */
export function Legend({ series, emphasis }: LegendProps) {
  const isShort = series.every(({ title }) => title.length <= shortName)
  return (
    <ul class={isShort ? 'legend short' : 'legend'} aria-label="Legend">
      {series.map(({ id, title, style }) => (
        <li key={id} class={id === emphasis ? 'emphasis' : undefined}>
          <MethodName style={style} title={title} />
        </li>
      ))}
    </ul>
  )
}
