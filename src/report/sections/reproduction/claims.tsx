import type { Claim, ClaimTest, Verdict } from '../../../study/reproduction/page.ts'
import { Scroller, Section } from '../../components/layout.tsx'
import { count, decimalsFor, fixed, interval, isKnown, plural, pValue, signed } from '../../format.ts'
import type { Remark } from '../../remarks.ts'
import { VerdictMark } from './verdict.tsx'

const verdicts: readonly Verdict[] = ['borne out', 'contradicted', 'undecided at this scale']

/** So many tests of a claim are listed. */
const mostTests = 120

interface ClaimsProps {
  readonly claims: readonly Claim[]
  readonly remarks: readonly Remark[]
}

/** The paper's claims with our verdicts; each opens to the tests that it stands on. */
export function Claims({ claims, remarks }: ClaimsProps) {
  const tally = verdicts.map((verdict) => ({ verdict, n: claims.filter((claim) => claim.verdict === verdict).length }))
  return (
    <Section
      id="claims"
      title="The paper’s claims"
      remarks={remarks}
      lead="The paper printed no test of significance. Here every claim is tested: paired over replicates (tasks, which share none, against each other by Welch’s test), Holm-adjusted over its family, and for equivalence where the claim is that there is no difference. Undecided means that these runs are too few to say."
    >
      <dl class="key-numbers tally">
        {tally.map(({ verdict, n }) => (
          <div key={verdict}>
            <dt>
              <VerdictMark verdict={verdict} />
            </dt>
            <dd class="value">{n}</dd>
          </div>
        ))}
      </dl>
      <div class="framed">
        <table class="claims">
          <thead>
            <tr>
              <th scope="col" class="number">
                <span class="aloud">Number</span>
              </th>
              <th scope="col">Claim</th>
              <th scope="col">Verdict</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          {claims.map((claim) => (
            <ClaimRows key={claim.number} claim={claim} />
          ))}
        </table>
      </div>
    </Section>
  )
}

function ClaimRows({ claim }: { readonly claim: Claim }) {
  const { number, title, paper, source, verdict, reason } = claim
  return (
    <tbody id={`claim-${number}`}>
      <tr>
        <th scope="row" class="number">
          {number}
        </th>
        <td>
          <b>{title}</b>
          <small>
            {paper} <i>{source}</i>
          </small>
        </td>
        <td>
          <VerdictMark verdict={verdict} />
        </td>
        <td class="why">{reason}</td>
      </tr>
      <tr class="tests">
        <td />
        <td colspan={3}>
          <Tests claim={claim} />
        </td>
      </tr>
    </tbody>
  )
}

const columns = ['Tested', 'Where', 'n', 'Effect', 'p', 'Holm p', 'Outcome']
const counted = new Set(['n', 'Effect', 'p', 'Holm p'])

function Tests({ claim: { number, tests, parts } }: { readonly claim: Claim }) {
  return (
    <details>
      <summary>
        {plural(parts.length, 'part')}, {plural(tests.length, 'test')}
      </summary>
      <ul>
        {parts.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
      <Scroller label={`Tests of claim ${number}`}>
        <table class="data">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" class={counted.has(column) ? 'number' : undefined}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tests.slice(0, mostTests).map((test, index) => (
              <TestRow key={index} test={test} />
            ))}
          </tbody>
        </table>
      </Scroller>
      {tests.length > mostTests ? <p class="hint">The first {mostTests} are listed.</p> : null}
    </details>
  )
}

function TestRow({
  test: { statement, place, metric, test, replicates, effect, isFactor, p, pHolm, outcome, ...limits },
}: {
  readonly test: ClaimTest
}) {
  const decimals = decimalsFor([effect, limits.low, limits.high].filter(isKnown))
  return (
    <tr>
      <th scope="row">
        {statement}
        <small>
          {metric}, {test}
        </small>
      </th>
      <td>{place}</td>
      <td class="number">{count(replicates)}</td>
      <td class="number">
        {isFactor ? `× ${fixed(effect, decimals)}` : signed(effect, decimals)}
        <small>{interval(limits, decimals)}</small>
      </td>
      <td class="number">{pValue(p)}</td>
      <td class="number">{pValue(pHolm)}</td>
      <td>
        <VerdictMark verdict={outcome} />
      </td>
    </tr>
  )
}
