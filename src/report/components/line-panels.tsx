import type { LineFigure } from '../../study/reproduction/page.ts'
import type { ChartOptions } from '../charts/chart.ts'
import { metricLines } from '../charts/metric-lines.ts'
import type { Remark } from '../remarks.ts'
import type { LineStyle } from '../theme.ts'
import { Chart } from './chart.tsx'
import { Panel, Panels, panelWidth } from './layout.tsx'
import { Remarks } from './remarks.tsx'

interface LinePanelsProps {
  readonly figures: readonly LineFigure[]
  readonly styles: ReadonlyMap<string, LineStyle>
  readonly document: ChartOptions['document']
  readonly remarks: readonly Remark[]
  readonly emphasis?: string | undefined
}

/** Figures with more points than this have no notes under the pointer: they would be most of the file. */
const notesUpTo = 240

/** Small multiples of lines; a legend stands above them. */
export function LinePanels({ figures, styles, document, remarks, emphasis }: LinePanelsProps) {
  const points = figures.reduce((sum, { lines }) => sum + lines.reduce((own, line) => own + line.points.length, 0), 0)
  return (
    <Panels size="medium">
      {figures.map((figure) => (
        <Panel
          key={figure.caption}
          caption={
            <>
              {figure.caption}
              <Remarks remarks={remarks.filter(({ isWarning }) => isWarning)} />
            </>
          }
        >
          <Chart
            svg={metricLines(figure, {
              document,
              width: panelWidth.medium,
              styles,
              emphasis,
              notes: points <= notesUpTo,
            })}
            title={`${figure.y.label}, ${figure.caption}`}
            description={`Against ${figure.x.label}: ${figure.lines.map(({ title }) => title).join(', ')}`}
          />
        </Panel>
      ))}
    </Panels>
  )
}
