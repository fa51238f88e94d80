import type { CellSummary, Comparison } from '../study/comparison.ts'
import type { LineFigure, Page } from '../study/reproduction/page.ts'
import { metricLines } from './charts/metric-lines.ts'
import { newDocument, type ReportContext, reportContext } from './context.ts'
import { type Remark, remarksOnStudies } from './remarks.ts'
import type { ReproductionInput } from './reproduction-report.tsx'
import { metricFigures } from './sections/metric-figures.tsx'
import { pageStyles } from './sections/reproduction/analysis-page.tsx'
import { type ClassesProps, classesOf, classFigures, howToRead } from './sections/your-classes.tsx'
import { pictureRoom, standAlone } from './stand-alone.tsx'
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
      text: linePicture({ figure, heading: page.title, styles, remarks }),
    }))
  })
}

/**
 * The figures of one study: the classes of a set that is studied as it is, each chief metric against the imbalance ratio and the minority
 * fraction, and those of the paper's pages.
 */
export function studyFigureFiles(comparison: Comparison): FigureFile[] {
  const context = reportContext(comparison, {})
  const own = comparison.datasets.flatMap((dataset) => {
    const cells = comparison.cells.filter((cell) => cell.dataset === dataset.name)
    const among = comparison.datasets.length > 1 ? `${fileName(dataset.name)}-` : ''
    const heading = [...new Set([comparison.name, dataset.name])].join(', ')
    const classes = classesOf(context, cells).map((props) => ({
      name: `${among}classes.svg`,
      text: classesPicture(props, heading),
    }))
    return [...classes, ...metricFigureFiles(context, cells, { among, heading })]
  })
  return [...own, ...pageFigureFiles(comparison.reproduction.pages, context.remarks)]
}

interface Naming {
  /** What file names begin with. */
  readonly among: string
  readonly heading: string
}

function metricFigureFiles(
  context: ReportContext,
  cells: readonly CellSummary[],
  { among, heading }: Naming,
): FigureFile[] {
  return context.measures.flatMap((measure) =>
    (['rho', 'mu'] as const).flatMap((axis) =>
      metricFigures(context, measure, cells, axis).map((figure, index) => ({
        name: `${among}${fileName(measure.id)}-by-${axis}-${index + 1}.svg`,
        text: linePicture({ ...context, figure, heading }),
      })),
    ),
  )
}

function fileName(text: string): string {
  return text.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '')
}

/** Height of the drawing of a line figure, px. */
const lineHeight = 360

interface LinePictureProps {
  readonly figure: LineFigure
  readonly heading: string
  readonly styles: ReadonlyMap<string, LineStyle>
  readonly remarks: readonly Remark[]
  readonly emphasis?: string | undefined
}

function linePicture({ figure, heading, styles, remarks, emphasis }: LinePictureProps): string {
  const options = { document: newDocument(), width: pictureRoom, height: lineHeight, styles, emphasis }
  return standAlone({
    title: `${heading}: ${figure.y.label}, ${figure.caption}`,
    heading,
    caption: figure.caption,
    remarks,
    series: figure.lines.map(({ id, title }) => ({ id, title, style: styles.get(id)! })),
    emphasis,
    panels: [{ svg: metricLines(figure, options) }],
  })
}

function classesPicture(props: ClassesProps, heading: string): string {
  const { series, figures } = classFigures(props, pictureRoom, 'joined')
  const caption = `Recall by class, ${props.cell.profile.label} imbalance`
  return standAlone({
    title: `${heading}: ${caption}`,
    heading,
    caption,
    remarks: props.context.remarks,
    series,
    emphasis: props.context.emphasis,
    panels: figures,
    note: howToRead,
  })
}
