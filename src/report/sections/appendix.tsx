import { Scroller, Section } from '../components/layout.tsx'
import type { ReportContext } from '../context.ts'
import { plural } from '../format.ts'

/** So many failures are listed; the store holds all. */
const mostFailures = 50

/** The trials that failed for good, and why. */
export function Failures({ context }: { readonly context: ReportContext }) {
  const { failures } = context.comparison
  if (failures.length === 0) return null
  return (
    <Section id="failures" title="Failures" lead={`${plural(failures.length, 'trial')} failed and entered no mean.`}>
      <Scroller label="Failed trials">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">Trial</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {failures.slice(0, mostFailures).map(({ trial, reason }) => (
              <tr key={trial}>
                <th scope="row">{trial}</th>
                <td class="prose">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
      {failures.length > mostFailures ? <p class="hint">The first {mostFailures} are listed.</p> : null}
    </Section>
  )
}

/** The few terms that a reader has to know. */
export function Reading() {
  return (
    <Section id="reading" title="How to read this">
      <dl class="glossary">
        <div>
          <dt>ρ and µ</dt>
          <dd>
            ρ is the size of the largest class over that of the smallest. µ is the fraction of classes that are rare. A
            step profile has two sizes of class; in a linear one the sizes fall evenly.
          </dd>
        </div>
        <div>
          <dt>ROC AUC</dt>
          <dd>
            The probability that an image of a class scores higher for it than an image of another class, averaged over
            classes with equal weight. It looks at the order of scores only, so thresholding cannot change it.
          </dd>
        </div>
        <div>
          <dt>Intervals</dt>
          <dd>
            95 % t intervals of the mean over replicates. Each replicate draws new examples and initial weights, the
            same for all methods; a difference is therefore taken within replicates, and can be certain although the
            intervals of the two means overlap. Replicates that split the same images anew share many of them, and their
            intervals are widened for that (Nadeau and Bengio 2003); others count as independent, as in the paper, and
            their intervals speak of the pool that they draw from.
          </dd>
        </div>
        <div>
          <dt>Holm p</dt>
          <dd>
            The p of a paired t test against the baseline, raised for the number of such tests of the metric in this
            study. Below 0.05 it is marked ▲ or ▼. Not significant is not the same as equal.
          </dd>
        </div>
        <div>
          <dt>Mean ranks</dt>
          <dd>
            Rank 1 is the best method of a cell. Two mean ranks closer than the critical difference (Nemenyi, 5 %) can
            be chance. Every cell counts the same, however small the differences in it.
          </dd>
        </div>
      </dl>
    </Section>
  )
}

/** Everything that is needed to get the same numbers again. */
export function Reproduce({ context }: { readonly context: ReportContext }) {
  const { command, seed, versions, configHash, config } = context.comparison
  return (
    <Section
      id="reproduce"
      title="Reproduce"
      lead="Save the configuration below as config.json; it holds every setting. The same configuration and versions give the same numbers, whatever the number of workers."
    >
      <pre class="command">
        <code>{command}</code>
      </pre>
      <dl class="settings">
        <div>
          <dt>seed</dt>
          <dd>{String(seed)}</dd>
        </div>
        {Object.entries(versions).map(([name, version]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{version}</dd>
          </div>
        ))}
        <div>
          <dt>config hash</dt>
          <dd>
            <code>{configHash}</code>
          </dd>
        </div>
      </dl>
      <details>
        <summary>Configuration as JSON</summary>
        <pre>
          <code>{JSON.stringify(config, null, 2)}</code>
        </pre>
      </details>
    </Section>
  )
}
