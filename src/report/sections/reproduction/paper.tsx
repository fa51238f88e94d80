import type { Reproduction } from '../../../study/reproduction/page.ts'
import type { ChartOptions } from '../../charts/chart.ts'
import { Section } from '../../components/layout.tsx'
import type { Remark } from '../../remarks.ts'
import { AnalysisPage } from './analysis-page.tsx'
import { Claims } from './claims.tsx'
import { Rules } from './rules.tsx'

export interface PaperProps {
  readonly reproduction: Reproduction
  readonly remarks: readonly Remark[]
  readonly document: ChartOptions['document']
}

/** Anchors of these sections, for the bar at the top. */
export const paperContents = [
  ['claims', 'Claims'],
  ['paper', 'The paper'],
  ['rules', 'Advice'],
] as const

export function holdsAnything({ pages, claims, rules }: Reproduction): boolean {
  return pages.length + claims.length + rules.length > 0
}

/** The paper's claims, analyses and advice, each beside what these runs say. */
export function Paper({ reproduction, remarks, document }: PaperProps) {
  const { pages, claims, rules } = reproduction
  if (!holdsAnything(reproduction)) return null
  return (
    <>
      <Claims claims={claims} remarks={remarks} />
      <Section
        id="paper"
        title="The paper, page by page"
        lead={
          'Each analysis of Buda, Maki and Mazurowski (2018), with what they found beside what these runs say. Points and lines are means over replicates, whiskers and bands their 95\u00a0% intervals; each panel has its own vertical scale.'
        }
      >
        <nav class="pages" aria-label="The paper, page by page">
          <ol>
            {pages.map(({ id, title, source }) => (
              <li key={id}>
                <a href={`#${id}`}>{title}</a>
                <small>{source}</small>
              </li>
            ))}
          </ol>
        </nav>
      </Section>
      {pages.map((page) => (
        <AnalysisPage key={page.id} page={page} remarks={remarks} document={document} />
      ))}
      <Rules rules={rules} remarks={remarks} />
    </>
  )
}
