import { Fragment } from 'preact'
import { renderToString } from 'preact-render-to-string'
import type { Series, Svg } from './charts/chart.ts'
import { Drawing } from './components/chart.tsx'
import { SwatchMarks } from './components/legend.tsx'
import type { Remark } from './remarks.ts'
import { style } from './style.css.ts'

/** What a picture shows, in the order in which it is read. */
export interface Picture {
  /** What a screen reader says. */
  readonly title: string
  readonly heading: string
  readonly caption: string
  readonly remarks: readonly Remark[]
  /** The legend. */
  readonly series: readonly Series[]
  /** Set in bold in the legend. */
  readonly emphasis?: string | undefined
  /** Side by side, `pictureRoom` wide together. */
  readonly panels: readonly PicturePanel[]
  /** How to read it, below the panels. */
  readonly note?: string
}

export interface PicturePanel {
  readonly caption?: string
  readonly svg: Svg
}

/** px */
const size = { width: 660, margin: 16, line: 18 } as const

/** Room for the panels of a picture, px. */
export const pictureRoom = size.width - 2 * size.margin

/** What a letter takes at 12 px, generously: no font is at hand to measure. */
const letter = 6.6

interface TextLine {
  readonly text: string
  /** px */
  readonly size: number
  readonly weight?: number
  readonly fill?: string
}

/** The text of an SVG file that needs nothing around it: light, with everything that a report's page would say beside the figure. */
export function standAlone({ title, heading, caption, remarks, series, emphasis, panels, note }: Picture): string {
  const head: TextLine[] = [
    ...lines(heading, { size: 15, weight: 650 }, pictureRoom / 8),
    ...lines(caption, { size: 12.5 }),
    ...remarks.flatMap(({ text, isWarning }) =>
      lines(isWarning ? `▲ ${text}` : text, { size: 12, fill: isWarning ? 'var(--warning)' : 'var(--muted)' }),
    ),
  ]
  const foot = note === undefined ? [] : lines(note, { size: 12, fill: 'var(--muted)' })
  const legend = legendPlaces(series, emphasis)
  const legendTop = size.margin + head.length * size.line + 8
  const panelsTop = legendTop + legend.rows * size.line + 6
  const chartsTop = panelsTop + (panels.some(({ caption }) => caption !== undefined) ? size.line : 0)
  const panelsBottom = chartsTop + Math.max(...panels.map(({ svg }) => extent(svg, 'height')))
  const footTop = panelsBottom + (foot.length > 0 ? 14 : 0)
  const height = footTop + foot.length * size.line + size.margin
  const picture = (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${size.width} ${height}`}
      width={size.width}
      height={height}
      role="img"
      fill="var(--ink-text)"
      font-family="system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
      font-size="12"
    >
      <title>{title}</title>
      <rect width={size.width} height={height} fill="var(--surface)" />
      <TextLines lines={head} top={size.margin} />
      {legend.places.map(({ entry, x, row }) => (
        <g key={entry.id} transform={`translate(${size.margin + x}, ${legendTop + row * size.line + 4})`}>
          <g transform="translate(14, 0)" fill="none">
            <SwatchMarks style={entry.style} />
          </g>
          <text x={34} y={4} font-weight={entry.id === emphasis ? 650 : 400}>
            {entry.title}
          </text>
        </g>
      ))}
      {panelPlaces(panels).map(({ caption, svg, left }) => (
        <Fragment key={left}>
          {caption === undefined ? null : (
            <TextLines lines={[{ text: caption, size: 12, weight: 600 }]} left={left} top={panelsTop} />
          )}
          <g transform={`translate(${left}, ${chartsTop})`} font-size="11.5" text-anchor="middle">
            <Drawing svg={svg} />
          </g>
        </Fragment>
      ))}
      <TextLines lines={foot} top={footTop} />
    </svg>
  )
  return `${lightOnly(withoutControls(renderToString(picture)))}\n`
}

interface TextLinesProps {
  readonly lines: readonly TextLine[]
  readonly left?: number
  readonly top: number
}

function TextLines({ lines, left = size.margin, top }: TextLinesProps) {
  return (
    <>
      {lines.map(({ text, size: letters, weight = 400, fill = 'var(--ink-text)' }, index) => (
        <text
          key={index}
          x={left}
          y={top + 10 + index * size.line}
          font-size={letters}
          font-weight={weight}
          fill={fill}
        >
          {text}
        </text>
      ))}
    </>
  )
}

/** A text broken at spaces into lines of at most so many letters, all of one look. */
function lines(text: string, look: Omit<TextLine, 'text'>, letters = pictureRoom / letter): TextLine[] {
  const broken: string[] = []
  for (const word of text.split(' ')) {
    const last = broken.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= letters) broken[broken.length - 1] = `${last} ${word}`
    else broken.push(word)
  }
  return broken.map((line) => ({ text: line, ...look }))
}

/** The names of the series in rows, as words in a paragraph. */
function legendPlaces(series: readonly Series[], emphasis: string | undefined) {
  const places: { entry: Series; x: number; row: number }[] = []
  let [x, row] = [0, 0]
  for (const entry of series) {
    const width = 34 + letter * (entry.id === emphasis ? 1.15 : 1) * [...entry.title].length + 16
    if (x > 0 && x + width > pictureRoom) [x, row] = [0, row + 1]
    places.push({ entry, x, row })
    x += width
  }
  return { places, rows: row + 1 }
}

function panelPlaces(panels: readonly PicturePanel[]) {
  let right: number = size.margin
  return panels.map((panel) => {
    const left = right
    right += extent(panel.svg, 'width')
    return { ...panel, left }
  })
}

/** px */
function extent(svg: Svg, side: 'width' | 'height'): number {
  return Number(svg.getAttribute(side))
}

/** The light value of every colour of the style sheet. */
const light = new Map(
  [...style.matchAll(/--([\w-]+): light-dark\((#\w+), #\w+\)/g)].map(([, name, value]) => [name!, value!]),
)

/** Colours as numbers: a picture in a document has no style sheet to ask. */
function lightOnly(svg: string): string {
  return svg
    .replaceAll('"currentColor"', '"var(--ink-text)"')
    .replace(/var\(--([\w-]+)\)/g, (whole, name) => light.get(name) ?? whole)
}

/** XML knows no control characters but these. */
function withoutControls(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}/gu, '')
}
