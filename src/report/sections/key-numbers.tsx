import { type KeyNumber, KeyNumbers } from '../components/key-numbers.tsx'
import type { ReportContext } from '../context.ts'
import { count, duration, plural } from '../format.ts'

function keyNumbers({ comparison, extras }: ReportContext): KeyNumber[] {
  const { datasets, cells, methods, trials, replicates, saving } = comparison
  const { fullPhases, fullPhasesWithoutSharing, phases, phasesWithoutSharing } = saving
  // On a backbone, which stays as it is, each phase trains a head.
  const [trained, number, alone] =
    fullPhases > 0
      ? ['Networks trained', fullPhases, fullPhasesWithoutSharing]
      : ['Heads trained', phases, phasesWithoutSharing]
  const saved = 1 - saving.iterations / saving.iterationsWithoutSharing
  const failed = trials.failed > 0 ? `${count(trials.failed)} failed` : 'none failed'
  return [
    { name: 'Datasets', value: count(datasets.length) },
    { name: 'Cells', value: count(cells.length), note: 'dataset × imbalance profile' },
    { name: 'Methods', value: count(methods.length) },
    { name: 'Replicates', value: count(replicates), note: 'per cell and method' },
    { name: 'Trials done', value: count(trials.done), note: `of ${count(trials.planned)} planned, ${failed}` },
    {
      name: trained,
      value: count(number),
      note: saved > 0 ? sharingNote(alone, saved) : undefined,
    },
    ...(extras.wallSeconds === undefined
      ? []
      : [
          {
            name: 'Time',
            value: duration(extras.wallSeconds),
            note: extras.workers === undefined ? undefined : `with ${plural(extras.workers, 'worker')}`,
          },
        ]),
  ]
}

function sharingNote(alone: number, saved: number): string {
  return `instead of ${count(alone)}: shared phases save ${Math.round(saved * 100)} % of iterations`
}

/** How large the study is, and what it took. */
export function StudyNumbers({ context }: { readonly context: ReportContext }) {
  return <KeyNumbers numbers={keyNumbers(context)} />
}
