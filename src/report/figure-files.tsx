import { renderToString } from 'preact-render-to-string'
import type { Comparison } from '../study/comparison.ts'
import type { LineFigure, Page } from '../study/reproduction/page.ts'
import { metricLines } from './charts/metric-lines.ts'
import { Drawing } from './components/chart.tsx'
import { SwatchMarks } from './components/legend.tsx'
import { newDocument, reportContext } from './context.ts'
import { type Remark, remarksOnStudies } from './remarks.ts'
import type { ReproductionInput } from './reproduction-report.tsx'
import { metricFigures } from './sections/metric-figures.tsx'
import { pageStyles } from './sections/reproduction/analysis-page.tsx'
import { style } from './style.css.ts'
import type { LineStyle } from './theme.ts'

/**
 * A picture that stands alone, for documents that show SVG files: light, with title, remarks and legend inside. The same figure gives
 * the same bytes.
 */
export interface FigureFile {
  /** 'effect-of-rho-1.svg' */
  readonly name: string
  readonly text: string
}

/** The figures of a report over several studies. */
export function reproductionFigureFiles({ studies, reproduction }: ReproductionInput): FigureFile[] {
  return pageFigureFiles(reproduction.pages, remarksOnStudies(studies))
}

/** The figures of the paper's pages, numbered within each. */
function pageFigureFiles(pages: readonly Page[], remarks: readonly Remark[]): FigureFile[] {
  return pages.flatMap((page) => {
    const styles = pageStyles(page)
    return page.figures.map((figure, index) => ({
      name: `${page.id}-${index + 1}.svg`,
      text: standAlone({ figure, heading: page.title, styles, remarks }),
    }))
  })
}

/** The figures of one study: those of the paper's pages, and each chief metric against the imbalance ratio and the minority fraction. */
export function studyFigureFiles(comparison: Comparison): FigureFile[] {
  const context = reportContext(comparison, {})
  const { styles, remarks, emphasis, measures } = context
  const own = comparison.datasets.flatMap((dataset) => {
    const cells = comparison.cells.filter((cell) => cell.dataset === dataset.name)
    const among = comparison.datasets.length > 1 ? `${fileName(dataset.name)}-` : ''
    return measures.flatMap((measure) =>
      (['rho', 'mu'] as const).flatMap((axis) =>
        metricFigures(context, measure, cells, axis).map((figure, index) => ({
          name: `${among}${fileName(measure.id)}-by-${axis}-${index + 1}.svg`,
          text: standAlone({ figure, heading: `${comparison.name}, ${dataset.name}`, styles, remarks, emphasis }),
        })),
      ),
    )
  })
  return [...own, ...pageFigureFiles(comparison.reproduction.pages, remarks)]
}

function fileName(text: string): string {
  return text.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '')
}

interface StandAloneProps {
  readonly figure: LineFigure
  readonly heading: string
  readonly styles: ReadonlyMap<string, LineStyle>
  readonly remarks: readonly Remark[]
  readonly emphasis?: string | undefined
}

/** px */
const size = { width: 660, chart: 360, margin: 16, line: 18 } as const

/** What a letter takes at 12 px, generously: no font is at hand to measure. */
const letter = 6.6

function standAlone({ figure, heading, styles, remarks, emphasis }: StandAloneProps): string {
  const document = newDocument()
  const room = size.width - 2 * size.margin
  const legend = legendPlaces(figure, room, emphasis)
  const head = [
    ...wrapped(heading, room / 8).map((text) => ({ text, size: 15, weight: 650, fill: 'var(--ink-text)' })),
    ...wrapped(figure.caption, room / letter).map((text) => ({
      text,
      size: 12.5,
      weight: 400,
      fill: 'var(--ink-text)',
    })),
    ...remarks.flatMap(({ text, isWarning }) =>
      wrapped(isWarning ? `▲ ${text}` : text, room / letter).map((text) => ({
        text,
        size: 12,
        weight: 400,
        fill: isWarning ? 'var(--warning)' : 'var(--muted)',
      })),
    ),
  ]
  const legendTop = size.margin + head.length * size.line + 8
  const chartTop = legendTop + legend.rows * size.line + 6
  const height = chartTop + size.chart + size.margin
  const svg = metricLines(figure, { document, width: room, height: size.chart, styles, emphasis })
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
      <title>{`${heading}: ${figure.y.label}, ${figure.caption}`}</title>
      <rect width={size.width} height={height} fill="var(--surface)" />
      {head.map(({ text, size: letters, weight, fill }, index) => (
        <text
          key={index}
          x={size.margin}
          y={size.margin + 10 + index * size.line}
          font-size={letters}
          font-weight={weight}
          fill={fill}
        >
          {text}
        </text>
      ))}
      {legend.places.map(({ line, x, row }) => (
        <g key={line.id} transform={`translate(${size.margin + x}, ${legendTop + row * size.line + 4})`}>
          <g transform="translate(14, 0)" fill="none">
            <SwatchMarks style={styles.get(line.id)!} />
          </g>
          <text x={34} y={4} font-weight={line.id === emphasis ? 650 : 400}>
            {line.title}
          </text>
        </g>
      ))}
      <g transform={`translate(${size.margin}, ${chartTop})`} font-size="11.5" text-anchor="middle">
        <Drawing svg={svg} />
      </g>
    </svg>
  )
  return `${lightOnly(withoutControls(renderToString(picture)))}\n`
}

/** The lines' names in rows, as words in a paragraph. */
function legendPlaces({ lines }: LineFigure, room: number, emphasis: string | undefined) {
  const places: { line: LineFigure['lines'][number]; x: number; row: number }[] = []
  let [x, row] = [0, 0]
  for (const line of lines) {
    const width = 34 + letter * (line.id === emphasis ? 1.15 : 1) * [...line.title].length + 16
    if (x > 0 && x + width > room) [x, row] = [0, row + 1]
    places.push({ line, x, row })
    x += width
  }
  return { places, rows: row + 1 }
}

/** Lines of at most so many letters, broken at spaces. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
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
