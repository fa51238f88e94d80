import type { RuleReading } from '../../../study/reproduction/page.ts'
import { Section } from '../../components/layout.tsx'
import type { Remark } from '../../remarks.ts'
import { VerdictMark } from './verdict.tsx'

interface RulesProps {
  readonly rules: readonly RuleReading[]
  readonly remarks: readonly Remark[]
  /** Whose runs they are held against. */
  readonly runs?: string
  readonly lead?: string
}

const usualLead =
  'What the paper recommends, as rules over the imbalance, the task and the time there is; beside each what these runs say where they have settings in its range.'

/** The paper's recommendations as rules, and what runs say of each. */
export function Rules({ rules, remarks, runs = 'These runs', lead = usualLead }: RulesProps) {
  return (
    <Section id="rules" title="The paper’s advice" remarks={remarks} lead={lead}>
      <div class="framed">
        <table class="rules">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Advice</th>
              <th scope="col">{runs}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map(({ id, when, advice, source, ours }) => (
              <tr key={id}>
                <th scope="row">{when}</th>
                <td>
                  {advice}
                  <small>
                    <i>{source}</i>
                  </small>
                </td>
                <td>
                  {ours ? (
                    <>
                      <VerdictMark verdict={ours.verdict} />
                      <span class="why">{ours.sentence}</span>
                    </>
                  ) : (
                    <span class="missing">no setting in this range</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
