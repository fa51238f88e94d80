import { groupBy } from '../base/group-by.ts'

/**
 * How a method looks, the same in every figure, legend and table. The hue tells what the network was shown (cool for
 * oversampled, warm for undersampled, neutral for the data as they are), the marker and the dash tell what was done
 * afterwards (circle and solid: nothing; square and dashed: second phase; triangle and dotted: thresholding). Either
 * half is enough to tell the methods apart, so the figures survive colour blindness and a grey printer.
 *
 * Lines that are no methods have looks by the same rules. Those that differ in one number (`mu=0.1`, `mu=0.2`, ...) climb a ramp of
 * one hue, from faint to strong, and change their markers on the way.
 */
export interface LineStyle {
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

/** The ends of each ramp, [light page, dark page] from faint to strong; the faint ends keep the contrast of 3:1. */
const ramps = {
  blue: { faint: ['#4f92d3', '#3b78b8'], strong: ['#062a52', '#d8ecff'] },
  vermilion: { faint: ['#df7034', '#bb5a2a'], strong: ['#541a02', '#ffe3d3'] },
  violet: { faint: ['#9182e6', '#7667c9'], strong: ['#22145f', '#e6e0ff'] },
  green: { faint: ['#379868', '#2f8459'], strong: ['#06321b', '#d3f5e2'] },
} as const

type Ramp = keyof typeof ramps

/** The paper's grids have no more values than this on an axis; longer families share grades. */
const grades = 9

/** Every colour by name, [light page, dark page]: the hues, then each grade of each ramp, 'blue-1' the faintest. */
export const colours: ReadonlyMap<string, readonly [light: string, dark: string]> = new Map([
  ...Object.entries(palette),
  ...Object.entries(ramps).flatMap(([name, { faint, strong }]) =>
    Array.from({ length: grades }, (_, grade) => {
      const share = grade / (grades - 1)
      const pair = [blend(faint[0], strong[0], share), blend(faint[1], strong[1], share)] as const
      return [`${name}-${grade + 1}`, pair] as const
    }),
  ),
])

/** Custom properties of every colour, for the page's root. */
export const paletteCss = [...colours]
  .map(([name, [light, dark]]) => `--${name}: light-dark(${light}, ${dark});`)
  .join('\n  ')

/** Between two colours `#rrggbb`. */
function blend(from: string, to: string, share: number): string {
  const channel = (colour: string, at: number) => Number.parseInt(colour.slice(at, at + 2), 16)
  const mixed = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

type Shown = 'natural' | 'over' | 'under'
type Afterwards = 'nothing' | 'second-phase' | 'thresholding'

const hues: Record<Shown, Record<Afterwards, Hue>> = {
  natural: { nothing: 'ink', 'second-phase': 'brown', thresholding: 'grey' },
  over: { nothing: 'blue', 'second-phase': 'cyan', thresholding: 'violet' },
  under: { nothing: 'vermilion', 'second-phase': 'amber', thresholding: 'crimson' },
}

const marks: Record<Afterwards, Omit<LineStyle, 'colour'>> = {
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
const isNamed = (id: string) => /^baseline\b/.test(id) || isSampling.test(id) || /thresholding\b/.test(id)

/**
 * One style a line, by id: fixed for the named methods, by rank for ids that differ in one number, in order of appearance for the
 * others. Lines that would look the same (a method on training and on test images) differ in dash and filling.
 */
export function lineStyles(ids: readonly string[]): ReadonlyMap<string, LineStyle> {
  const families = orderedFamilies(ids)
  const strangers = ids.filter((id) => !families.has(id) && !isNamed(id))
  const styles = new Map<string, LineStyle>()
  const uses = new Map<string, number>()
  for (const id of ids) {
    const style = families.get(id) ?? (strangers.includes(id) ? strangerStyle(strangers.indexOf(id)) : namedStyle(id))
    const look = JSON.stringify(style)
    const earlier = uses.get(look) ?? 0
    uses.set(look, earlier + 1)
    styles.set(id, earlier === 0 ? style : { ...style, dash: `${2 + 3 * earlier} 3`, hollow: !style.hollow })
  }
  return styles
}

function namedStyle(id: string): LineStyle {
  const shown = id.includes('oversampling') ? 'over' : id.includes('undersampling') ? 'under' : 'natural'
  const afterwards = id.startsWith('two-phase')
    ? 'second-phase'
    : /thresholding\b/.test(id)
      ? 'thresholding'
      : 'nothing'
  return { colour: `var(--${hues[shown][afterwards]})`, ...marks[afterwards] }
}

function strangerStyle(position: number): LineStyle {
  const [hue, symbol] = others[position % others.length]!
  const round = Math.floor(position / others.length)
  return {
    colour: `var(--${hue})`,
    dash: round === 0 ? undefined : `${3 + 4 * round} 3`,
    symbol,
    hollow: round % 2 === 1,
  }
}

const lastNumber = /=(-?\d[\d.e+-]*)(?!.*=-?\d)/
const gradeSymbols: readonly MarkerSymbol[] = ['circle', 'square', 'triangle', 'diamond']

/** Styles of the ids that are alike but for their last number, two at least, by its rank. */
function orderedFamilies(ids: readonly string[]): Map<string, LineStyle> {
  const numbered = ids.filter((id) => lastNumber.test(id))
  const families = [...groupBy(numbered, (id) => id.replace(lastNumber, '=#'))].filter(([, own]) => own.length > 1)
  const free = (['violet', 'green'] as const).values()
  return new Map(
    families.flatMap(([family, own]) => {
      const ramp = rampOf(family) ?? free.next().value ?? 'violet'
      const numberOf = (id: string) => Number(lastNumber.exec(id)![1])
      const ascending = [...own].sort((a, b) => numberOf(a) - numberOf(b))
      return ascending.map((id, rank) => [id, gradeStyle(ramp, rank, ascending.length)] as const)
    }),
  )
}

function rampOf(family: string): Ramp | undefined {
  if (family.includes('oversampling')) return 'blue'
  return family.includes('undersampling') ? 'vermilion' : undefined
}

function gradeStyle(ramp: Ramp, rank: number, length: number): LineStyle {
  const grade = 1 + Math.round((rank / (length - 1)) * (grades - 1))
  const symbol = gradeSymbols[rank % gradeSymbols.length]!
  return { colour: `var(--${ramp}-${grade})`, dash: undefined, symbol, hollow: rank % 2 === 1 }
}
