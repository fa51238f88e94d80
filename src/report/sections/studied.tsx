import { Scroller, Section } from '../components/layout.tsx'
import { MethodName } from '../components/legend.tsx'
import type { ReportContext } from '../context.ts'
import { count, plural } from '../format.ts'

/** The datasets, the methods and the training settings. */
export function Studied({ context }: { readonly context: ReportContext }) {
  return (
    <Section id="studied" title="What was studied">
      <Datasets context={context} />
      <Methods context={context} />
      <Choices context={context} />
      <Settings context={context} />
    </Section>
  )
}

const columns = ['Dataset', 'Image', 'Classes', 'Training pool', 'Selection', 'Test', 'Content hash']
const counted = new Set(['Classes', 'Training pool', 'Selection', 'Test'])

function Datasets({ context }: { readonly context: ReportContext }) {
  const total = (counts: readonly number[]) => count(counts.reduce((sum, examples) => sum + examples, 0))
  return (
    <Scroller label="Datasets">
      <table class="plain">
        <caption>Datasets; examples before imbalance</caption>
        <thead>
          <tr>
            {columns.map((heading) => (
              <th key={heading} scope="col" class={counted.has(heading) ? 'number' : undefined}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {context.comparison.datasets.map((dataset) => (
            <tr key={dataset.name}>
              <th scope="row">
                {dataset.name}
                <small>{dataset.description}</small>
                <small>
                  <code>{dataset.reference}</code>
                </small>
              </th>
              <td>{`${dataset.shape[1]} × ${dataset.shape[2]}, ${plural(dataset.shape[0], 'channel')}`}</td>
              <td class="number">{count(dataset.classNames.length)}</td>
              <td class="number">{total(dataset.pool)}</td>
              <td class="number">{total(dataset.selection)}</td>
              <td class="number">{total(dataset.test)}</td>
              <td>
                <code title={dataset.contentHash}>{dataset.contentHash.slice(0, 12)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

function Methods({ context }: { readonly context: ReportContext }) {
  return (
    <Scroller label="Methods">
      <table class="plain">
        <caption>Methods, and how the figures draw them</caption>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {context.series.map(({ id, title, style }, index) => (
            <tr key={id}>
              <th scope="row">
                <MethodName style={style} title={title} />
              </th>
              <td class="prose">{context.comparison.methods[index]!.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  )
}

/** What was chosen for a set of one's own, and what chooses otherwise. */
function Choices({ context }: { readonly context: ReportContext }) {
  const { own } = context.comparison.config as { readonly own?: { readonly choices?: readonly string[] } }
  if (!own?.choices?.length) return null
  return (
    <>
      <h3>What evenkeel chose for these images</h3>
      <ul class="reasons">
        {own.choices.map((choice) => (
          <li key={choice}>{withFlags(choice)}</li>
        ))}
      </ul>
    </>
  )
}

/** The sentence with its flags set as code. */
function withFlags(sentence: string) {
  return sentence
    .split(/(--[a-z][a-z-]*)/)
    .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))
}

function Settings({ context }: { readonly context: ReportContext }) {
  const { model, iterations, seed, replicates, config } = context.comparison
  const named = [
    ['model', model],
    ['iterations', count(iterations)],
    ['seed', String(seed)],
    ['replicates', count(replicates)],
  ] as const
  const known = new Set<string>(named.map(([name]) => name))
  const others = leaves(config).filter(([path]) => !known.has(path.replace(/^training\./, '')))
  return (
    <dl class="settings">
      {[...named, ...others.slice(0, 40)].map(([name, value]) => (
        <div key={name}>
          <dt>{name.replace(/^training\./, '')}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Parts of a config that other places of the report say. */
const saidElsewhere = new Set(['name', 'preset', 'own', 'backbone'])

/** The settings of a config by path, at most two levels deep; lists are left to the JSON. */
function leaves(config: unknown, path: readonly string[] = []): (readonly [string, string])[] {
  const isSetting = ['number', 'boolean', 'string'].includes(typeof config) && !saidElsewhere.has(path[0]!)
  if (isSetting) return [[path.join('.'), String(config)]]
  if (typeof config !== 'object' || config === null || Array.isArray(config) || path.length > 2) return []
  return Object.entries(config).flatMap(([key, value]) => leaves(value, [...path, key]))
}
