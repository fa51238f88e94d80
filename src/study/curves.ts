import { mean } from '../stats/index.ts'
import type { PhaseRecord } from '../store/index.ts'
import type { Comparison } from './comparison.ts'
import type { Ledger } from './ledger.ts'
import type { Plan } from './plan.ts'

type Points = Comparison['curves'][number]['points']

/** Loss curves of first phases, averaged over replicates; a phase that methods share goes by the first of them. */
export function meanCurves({ cells }: Plan, ledger: Ledger): Comparison['curves'] {
  return cells.flatMap((cell) => {
    const seen = new Set<string>()
    return cell.methods.flatMap((method) => {
      const phases = firstPhases(ledger, cell.key, method)
      const points = meanCurve(
        ledger,
        phases.filter((phase) => !seen.has(phase)),
      )
      for (const phase of phases) seen.add(phase)
      return points.length === 0 ? [] : [{ cell: cell.key, method, points }]
    })
  })
}

/** The loss curve of a method's first phase, averaged over replicates; empty where none is stored. */
export function curveOf(ledger: Ledger, cell: string, method: string): Points {
  return meanCurve(ledger, firstPhases(ledger, cell, method))
}

function firstPhases(ledger: Ledger, cell: string, method: string): string[] {
  return [...ledger.entries(cell, method).values()].map(({ firstPhase }) => firstPhase)
}

function meanCurve(ledger: Ledger, phases: readonly string[]): Points {
  const curves = phases.flatMap((phase): PhaseRecord['curve'][] => {
    const curve = ledger.curve(phase)
    return curve ? [curve] : []
  })
  const [first = []] = curves
  return first.map(({ iteration }, i) => ({ iteration, loss: mean(curves.map((curve) => curve[i]!.loss)) }))
}
