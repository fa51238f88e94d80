import type { StudySummary } from '../study/reproduction/open-evidence.ts'
import type { Reproduction } from '../study/reproduction/page.ts'
import { renderDocument } from './components/document.tsx'
import { Scroller, Section } from './components/layout.tsx'
import { newDocument } from './context.ts'
import { count } from './format.ts'
import { remarksOnStudies } from './remarks.ts'
import { Paper, paperContents } from './sections/reproduction/paper.tsx'

export interface ReproductionInput {
  readonly studies: readonly StudySummary[]
  readonly reproduction: Reproduction
}

const title = 'Buda, Maki and Mazurowski 2018, run again'

/** What several studies together say of the paper, as one HTML file. The same input gives the same bytes. */
export function renderReproduction({ studies, reproduction }: ReproductionInput): string {
  return renderDocument({
    title,
    contents: [['studies', 'Studies'], ...paperContents],
    children: (
      <>
        <Studies studies={studies} />
        <Paper reproduction={reproduction} remarks={remarksOnStudies(studies)} document={newDocument()} />
      </>
    ),
  })
}

/** What was run, how much of the paper that is, and how the runs that count were picked. */
function Studies({ studies }: { readonly studies: readonly StudySummary[] }) {
  return (
    <Section
      id="studies"
      title={title}
      lead="A systematic study of the class imbalance problem in convolutional neural networks (Neural Networks 106, 2018), held against the studies below."
    >
      <Scroller label="Studies">
        <table class="plain">
          <caption>Studies; every number below comes from these</caption>
          <thead>
            <tr>
              <th scope="col">Study</th>
              <th scope="col">Part of the paper’s experiment</th>
              <th scope="col" class="number">
                Trials done
              </th>
              <th scope="col">Test images served to</th>
            </tr>
          </thead>
          <tbody>
            {studies.map(({ name, folder, scale, testSelected, trials }) => (
              <tr key={folder}>
                <th scope="row">
                  {name}
                  {folder === name ? null : <small>{folder}</small>}
                </th>
                <td class="prose">{scale ?? 'none of its experiments'}</td>
                <td class="number">
                  {count(trials.done)}
                  {trials.done < trials.planned ? <small class="failed">of {count(trials.planned)}</small> : null}
                </td>
                <td>
                  {testSelected
                    ? '▲ pick the runs that count, as in the paper: the figures flatter'
                    : 'report on alone'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </Section>
  )
}
