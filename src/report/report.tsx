import type { Comparison } from '../study/comparison.ts'
import { renderDocument } from './components/document.tsx'
import { type ReportExtras, reportContext } from './context.ts'
import { Failures, Reading, Reproduce } from './sections/appendix.tsx'
import { ConfusionMatrices } from './sections/confusion.tsx'
import { Distributions } from './sections/distributions.tsx'
import { FullTable } from './sections/full-table.tsx'
import { Headline } from './sections/headline.tsx'
import { KeyNumbers } from './sections/key-numbers.tsx'
import { Losses } from './sections/losses.tsx'
import { PerClass } from './sections/per-class.tsx'
import { Ranks } from './sections/ranks.tsx'
import { holdsAnything, Paper, paperContents } from './sections/reproduction/paper.tsx'
import { Results } from './sections/results.tsx'
import { Studied } from './sections/studied.tsx'

/** The whole report of a study as one HTML file. The same comparison gives the same bytes. */
export function renderReport(comparison: Comparison, extras: ReportExtras = {}): string {
  const context = reportContext(comparison, extras)
  const { reproduction } = comparison
  const contents = [
    ['results', 'Results'],
    ['classes', 'Classes'],
    ['ranks', 'Ranks'],
    ...(holdsAnything(reproduction) ? paperContents : []),
    ['table', 'All numbers'],
    ['reading', 'How to read'],
    ['reproduce', 'Reproduce'],
  ] as const
  return renderDocument({
    title: comparison.name,
    contents,
    children: (
      <>
        <Headline context={context} />
        <KeyNumbers context={context} />
        <Studied context={context} />
        <Distributions context={context} />
        <Results context={context} />
        <PerClass context={context} />
        <ConfusionMatrices context={context} />
        <Ranks context={context} />
        <Losses context={context} />
        <Paper reproduction={reproduction} remarks={context.remarks} document={context.document} />
        <FullTable context={context} />
        <Failures context={context} />
        <Reading />
        <Reproduce context={context} />
      </>
    ),
  })
}
