import { parseHTML } from 'linkedom'
import type { CellSummary, Comparison, MethodInCell } from '../study/comparison.ts'
import type { ChartOptions, Series } from './charts/chart.ts'
import { allMeasures, chiefMeasures, type Measure } from './measures.ts'
import { type Remark, remarksOn } from './remarks.ts'
import { type LineStyle, lineStyles } from './theme.ts'

/** What only the caller knows: the comparison holds no clock and no machine. */
export interface ReportExtras {
  /** Duration of the run, seconds. */
  readonly wallSeconds?: number | undefined
  /** Processes that trained side by side. */
  readonly workers?: number | undefined
}

/** What every section reads. */
export interface ReportContext {
  readonly comparison: Comparison
  readonly extras: ReportExtras
  readonly document: ChartOptions['document']
  /** Methods in the study's order, with their looks. */
  readonly series: readonly Series[]
  readonly styles: ReadonlyMap<string, LineStyle>
  readonly measures: readonly Measure[]
  readonly primary: Measure
  /** The recommended method's id, drawn heavier. */
  readonly emphasis: string | undefined
  /** What stands wherever results are shown. */
  readonly remarks: readonly Remark[]
}

export function reportContext(comparison: Comparison, extras: ReportExtras): ReportContext {
  const styles = lineStyles(comparison.methods.map(({ id }) => id))
  const measures = chiefMeasures(comparison)
  return {
    comparison,
    extras,
    document: newDocument(),
    series: comparison.methods.map(({ id, title }) => ({ id, title, style: styles.get(id)! })),
    styles,
    measures,
    primary: measures[0] ?? allMeasures(comparison)[0]!,
    emphasis: comparison.advice.method,
    remarks: remarksOn(comparison),
  }
}

/** An empty document for figures to be drawn in. */
export function newDocument(): ChartOptions['document'] {
  return parseHTML('<!doctype html><html></html>').document
}

/** Whether any replicate of any method finished in the cell. */
export function hasResults(cell: CellSummary): boolean {
  return cell.results.some(({ n }) => n > 0)
}

export function resultOf(cell: CellSummary, method: string): MethodInCell | undefined {
  return cell.results.find((result) => result.method === method)
}

/** The cells in which methods differ most from the baseline, at most `limit`, in the study's order. */
export function mostTelling(cells: readonly CellSummary[], measure: Measure, limit: number): CellSummary[] {
  const ranked = cells.filter(hasResults).map((cell) => ({ cell, contrast: largestContrast(cell, measure) }))
  const kept = new Set(
    ranked
      .sort((a, b) => b.contrast - a.contrast)
      .slice(0, limit)
      .map(({ cell }) => cell),
  )
  return cells.filter((cell) => kept.has(cell))
}

function largestContrast(cell: CellSummary, measure: Measure): number {
  return Math.max(0, ...cell.results.map((result) => Math.abs(measure.contrast(result)?.difference ?? 0)))
}
