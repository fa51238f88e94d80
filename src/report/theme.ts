import type { MethodInfo } from '../study/comparison.ts'

/**
 * How a method looks, the same in every figure, legend and table. The hue tells what the network was shown (cool for
 * oversampled, warm for undersampled, neutral for the data as they are), the marker and the dash tell what was done
 * afterwards (circle and solid: nothing; square and dashed: second phase; triangle and dotted: thresholding). Either
 * half is enough to tell the methods apart, so the figures survive colour blindness and a grey printer.
 */
export interface MethodStyle {
  /** A CSS colour that follows the page's theme. */
  readonly colour: string
  /** SVG dash pattern; undefined is a solid line. */
  readonly dash: string | undefined
  readonly symbol: MarkerSymbol
  readonly hollow: boolean
}

export type MarkerSymbol = 'circle' | 'square' | 'triangle' | 'diamond' | 'star' | 'wye' | 'cross'

/** The method that every contrast is taken against. */
export const baselineId = 'baseline'

/** Colour pairs [light page, dark page], each with at least 3:1 contrast against its page. */
const palette = {
  ink: ['#2b2d33', '#e4e5e9'],
  grey: ['#7a7d87', '#a2a6b1'],
  blue: ['#0a62b4', '#62aef5'],
  cyan: ['#118c9b', '#3fc9d6'],
  violet: ['#5f4bc4', '#a99bff'],
  vermilion: ['#c8470f', '#ff9058'],
  amber: ['#a67600', '#eebc3c'],
  crimson: ['#b01e5b', '#ff7fb0'],
  green: ['#23794c', '#5fcb90'],
  pink: ['#b0479a', '#f09ddf'],
  olive: ['#6a7500', '#bccb3a'],
  brown: ['#85552b', '#d5a579'],
} as const

type Hue = keyof typeof palette

/** Custom properties of every hue, for the page's root. */
export const paletteCss = Object.entries(palette)
  .map(([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`)
  .join('\n  ')

type Shown = 'natural' | 'over' | 'under'
type Afterwards = 'nothing' | 'second-phase' | 'thresholding'

const hues: Record<Shown, Record<Afterwards, Hue>> = {
  natural: { nothing: 'ink', 'second-phase': 'brown', thresholding: 'grey' },
  over: { nothing: 'blue', 'second-phase': 'cyan', thresholding: 'violet' },
  under: { nothing: 'vermilion', 'second-phase': 'amber', thresholding: 'crimson' },
}

const marks: Record<Afterwards, Omit<MethodStyle, 'colour'>> = {
  nothing: { dash: undefined, symbol: 'circle', hollow: false },
  'second-phase': { dash: '6 3', symbol: 'square', hollow: true },
  thresholding: { dash: '1.5 3', symbol: 'triangle', hollow: false },
}

/** Methods outside the two families of sampling, in the order in which a study lists them. */
const others: readonly (readonly [Hue, MarkerSymbol])[] = [
  ['green', 'diamond'],
  ['pink', 'star'],
  ['olive', 'wye'],
  ['brown', 'cross'],
]

const isSampling = /oversampling|undersampling/

/** One style a method, by id: fixed for the named families, in order of appearance for the others. */
export function methodStyles(methods: readonly MethodInfo[]): ReadonlyMap<string, MethodStyle> {
  const strangers = methods.filter(
    ({ id }) => id !== baselineId && !isSampling.test(id) && !id.endsWith('thresholding'),
  )
  return new Map(
    methods.map((method) => {
      const position = strangers.indexOf(method)
      return [method.id, position < 0 ? familyStyle(method.id) : strangerStyle(position)]
    }),
  )
}

function familyStyle(id: string): MethodStyle {
  const shown = id.includes('oversampling') ? 'over' : id.includes('undersampling') ? 'under' : 'natural'
  const afterwards = id.startsWith('two-phase')
    ? 'second-phase'
    : id.endsWith('thresholding')
      ? 'thresholding'
      : 'nothing'
  return { colour: `var(--${hues[shown][afterwards]})`, ...marks[afterwards] }
}

function strangerStyle(position: number): MethodStyle {
  const [hue, symbol] = others[position % others.length]!
  const round = Math.floor(position / others.length)
  return {
    colour: `var(--${hue})`,
    dash: round === 0 ? undefined : `${3 + 4 * round} 3`,
    symbol,
    hollow: round % 2 === 1,
  }
}
