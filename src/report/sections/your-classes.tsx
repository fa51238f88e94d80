import type { CellSummary, ClassEffect, ClassResult, Contrast } from '../../study/comparison.ts'
import type { Series, Svg } from '../charts/chart.ts'
import { type IntervalPoint, intervalDots, rowMargin } from '../charts/interval-dots.ts'
import { Chart } from '../components/chart.tsx'
import { Panel, Panels, PerDataset, panelWidth, Scroller, Section } from '../components/layout.tsx'
import { Legend, MethodName } from '../components/legend.tsx'
import type { ReportContext } from '../context.ts'
import { count, fixed, interval, plural, signed } from '../format.ts'
import { classResult, remedyOf } from '../own-classes.ts'
import { baselineId } from '../theme.ts'

/** A set that is studied as it is, and what its classes have in each method. */
export interface ClassesProps {
  readonly context: ReportContext
  readonly cell: CellSummary
  readonly effects: readonly ClassEffect[]
  /** The method that is set beside the baseline. */
  readonly remedy: string
}

/** How the figures of the classes are read. */
export const howToRead =
  'Recall is the share of a class’s test images that is named right. Dots are means over the splits, whiskers 95 % intervals: what the true value may be. Where the whisker of a change crosses the dashed line, chance may explain it; among several classes, it may explain one that comes near.'

/** What a remedy does for each class of a set that is studied as it is. Nothing where no cell has such classes. */
export function YourClasses({ context }: { readonly context: ReportContext }) {
  if (classesOf(context, context.comparison.cells).length === 0) return null
  return (
    <Section id="your-classes" title="Your classes" remarks={context.remarks} lead={howToRead}>
      <PerDataset context={context}>
        {(cells) => classesOf(context, cells).map((props) => <OneSet key={props.cell.key} {...props} />)}
      </PerDataset>
    </Section>
  )
}

/** Of cells, those whose classes go by their names. Nothing where no method is set beside the baseline. */
export function classesOf(context: ReportContext, cells: readonly CellSummary[]): ClassesProps[] {
  const remedy = remedyOf(context.comparison)
  if (remedy === undefined) return []
  return cells.flatMap((cell) => (cell.classEffects ? [{ context, cell, effects: cell.classEffects, remedy }] : []))
}

const widened = 'widened for the images that they share, and never narrower than one test image allows.'
const ofTheseImages =
  'with these very test images, which all of them test: other test images may show something else. Where each recall lies within the interval of the other, nothing is found.'

function OneSet(props: ClassesProps) {
  const { context, cell } = props
  const { series, figures } = classFigures(props, panelWidth.pair, 'apart')
  return (
    <>
      <Legend series={series} emphasis={context.emphasis} />
      <Panels size="pair">
        {figures.map(({ caption, title, description, svg }) => (
          <Panel key={caption} caption={caption}>
            <Chart svg={svg} title={`${title}, ${cell.profile.label}`} description={description} />
          </Panel>
        ))}
      </Panels>
      <Table {...props} />
      <p class="hint">
        The interval of a recall is Wilson’s for the test images of one split, since splits test the same images again;
        images of one group, or of the same thing, count as one. The interval of a change is that of a t test over the
        splits, {cell.testToTrain ? widened : ofTheseImages} <b>▲ ▼</b> are found better and worse, counting that
        several classes are looked at. Where fewer than five images of a class are tested in a split, only the tests are
        counted.
      </p>
      <p class="hint">
        How many images a class needs: its recall <i>p</i> is known within ±10 points from the smallest number <i>n</i>{' '}
        of test images on for which 1.96 √(<i>n p</i>(1 − <i>p</i>) + 0.96) / (<i>n</i> + 3.84) ≤ 0.1, which is half of
        Wilson’s interval; with <i>t</i> of its <i>i</i> images tested it takes <i>n i</i> / <i>t</i> images in all. For{' '}
        <i>p</i> stands the value nearest to one half that the interval leaves possible.
      </p>
      <EveryMethod {...props} />
    </>
  )
}

interface ClassFigures {
  /** Those that are drawn: the baseline and the remedy. */
  readonly series: readonly Series[]
  readonly figures: readonly ClassFigure[]
}

interface ClassFigure {
  readonly caption: string
  /** What a screen reader says instead of the drawing. */
  readonly title: string
  readonly description: string
  readonly svg: Svg
}

/**
 * Recall by class, and its change against the baseline. `width` is that of each where they stand apart, px; joined, both share it, with
 * the names of the classes at the left of the first and equal room for what is drawn.
 */
export function classFigures(
  { context, effects, remedy }: ClassesProps,
  width: number,
  arrangement: 'apart' | 'joined',
): ClassFigures {
  const series = context.series.filter(({ id }) => id === baselineId || id === remedy)
  const recalls = pointsOf(effects, series, ({ recall }) => recall)
  const changes = pointsOf(
    effects,
    series,
    ({ contrast }) => contrast && { mean: contrast.difference, low: contrast.low, high: contrast.high },
  )
  const rows = effects.map((effect) => ({
    id: String(effect.label),
    title: effect.name,
    empty: effect.sayable ? undefined : `${tested(effect)}: too few`,
  }))
  const unnamed = rows.map((row) => ({ ...row, title: '' }))
  const names = rowMargin(rows) - rowMargin(unnamed)
  const alone = { width, rows }
  const [first, second] =
    arrangement === 'apart'
      ? [alone, alone]
      : [
          { width: (width + names) / 2, rows },
          { width: (width - names) / 2, rows: unnamed },
        ]
  const { document } = context
  return {
    series,
    figures: [
      {
        caption: 'Recall',
        title: 'Recall by class',
        description: 'Most frequent class at the top, means with 95 % intervals',
        svg: intervalDots(recalls, { document, ...first, series, xLabel: 'recall, %', reference: undefined }),
      },
      {
        caption: 'Change against the baseline',
        title: 'Change of recall by class',
        description: 'Most frequent class at the top, differences with 95 % intervals; the dashed line is no change',
        svg: intervalDots(changes, {
          document,
          ...second,
          series: series.filter(({ id }) => id === remedy),
          xLabel: 'change of recall, points',
          reference: 0,
        }),
      },
    ],
  }
}

/** What is few where a class has too few tests. */
function tested({ testImages, testUnits }: ClassEffect): string {
  const images = plural(testImages, 'test image')
  return testUnits === undefined ? images : `${images} of ${plural(testUnits, 'thing')}`
}

interface Limits {
  readonly mean: number
  readonly low: number | undefined
  readonly high: number | undefined
}

/** In per cent, a row a class. */
function pointsOf(
  effects: readonly ClassEffect[],
  series: readonly Series[],
  read: (result: ClassResult) => Limits | undefined,
): IntervalPoint[] {
  return effects.flatMap((effect) =>
    series.flatMap(({ id, title }) => {
      const result = classResult(effect, id)
      const limits = result && read(result)
      if (!limits) return []
      const [mean, low, high] = [limits.mean, limits.low, limits.high].map((value) => value && 100 * value)
      const around = interval({ low, high }, 0)
      const note = `${effect.name}, ${title}\n${fixed(mean, 0)}${around ? ` (${around})` : ''}`
      return [{ series: id, row: String(effect.label), mean: mean!, low, high, note }]
    }),
  )
}

function Table({ context, cell, effects, remedy }: ClassesProps) {
  const titleOf = (id: string) => context.series.find((series) => series.id === id)!.title
  return (
    <Scroller label={`Classes, ${cell.profile.label}`}>
      <table class="classes">
        <caption>Recall in % and its change in points, 95 % intervals below; images in all, and in a split</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              {titleOf(baselineId)}
            </th>
            <th scope="col" class="number">
              {titleOf(remedy)}
            </th>
            <th scope="col" class="number">
              Change
            </th>
            <th scope="col" class="number">
              Images
            </th>
            <th scope="col" class="number">
              trained on
            </th>
            <th scope="col" class="number">
              tested
            </th>
          </tr>
        </thead>
        <tbody>
          {effects.map((effect) => {
            const [before, after] = [baselineId, remedy].map((id) => classResult(effect, id))
            return (
              <tr key={effect.label}>
                <th scope="row">{effect.name}</th>
                <td class="number">{before ? <Recall result={before} /> : '–'}</td>
                <td class="number">{after ? <Recall result={after} /> : '–'}</td>
                <td class="number">
                  {after?.contrast ? (
                    <Change contrast={after.contrast} />
                  ) : (
                    <span class="missing">nothing can be said</span>
                  )}
                </td>
                <td class="number">{count(effect.images)}</td>
                <td class="number">{count(effect.trainingImages)}</td>
                <td class="number">{count(effect.testImages)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroller>
  )
}

function EveryMethod({ context, cell, effects }: ClassesProps) {
  return (
    <details>
      <summary>Every method, class by class</summary>
      <Scroller label={`Recall by class and method, ${cell.profile.label}`}>
        <table class="classes">
          <caption>Recall in %, and its change against the baseline in points</caption>
          <thead>
            <tr>
              <th scope="col">Method</th>
              {effects.map(({ label, name }) => (
                <th key={label} scope="col" class="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {context.series.map(({ id, title, style }) => (
              <tr key={id}>
                <th scope="row">
                  <MethodName style={style} title={title} />
                </th>
                {effects.map((effect) => {
                  const result = classResult(effect, id)
                  return (
                    <td key={effect.label} class="number">
                      {result?.recall ? fixed(100 * result.recall.mean, 0) : result ? <Tests result={result} /> : '–'}
                      {result?.contrast ? <ShortChange contrast={result.contrast} /> : null}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </details>
  )
}

function Recall({ result }: { readonly result: ClassResult }) {
  const { recall } = result
  if (!recall) return <Tests result={result} />
  return (
    <>
      {fixed(100 * recall.mean, 0)}
      <small>{interval({ low: 100 * recall.low, high: 100 * recall.high }, 0)}</small>
    </>
  )
}

/** What stands for a recall of which nothing can be said. */
function Tests({ result: { recognised, tested } }: { readonly result: ClassResult }) {
  return <span class="missing">{`${recognised} of ${plural(tested, 'test')}`}</span>
}

const marks = { better: '▲', worse: '▼', undecided: undefined } as const

function Change({ contrast }: { readonly contrast: Contrast }) {
  const { low, high } = contrast
  return (
    <>
      <ShortChange contrast={contrast} />
      {low === undefined || high === undefined ? null : (
        <small>{`${signed(100 * low, 0)} to ${signed(100 * high, 0)}`}</small>
      )}
    </>
  )
}

function ShortChange({ contrast: { difference, verdict } }: { readonly contrast: Contrast }) {
  const mark = marks[verdict]
  return (
    <span class={`change ${verdict}`}>
      {signed(100 * difference, 0)}
      {mark === undefined ? null : <span class="mark">{mark}</span>}
    </span>
  )
}
