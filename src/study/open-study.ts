import { EvenkeelError } from '../base/errors.ts'
import { openStore } from '../store/index.ts'
import { compare } from './compare.ts'
import type { Comparison } from './comparison.ts'
import type { StoredStudy } from './opened.ts'
import { studyFiles } from './study-files.ts'

/** A study's comparison as its folder holds it now; a run may be going on. */
export async function compareStudy(directory: string): Promise<Comparison> {
  return compare(await readStored(directory))
}

/** What a study's folder holds now. */
export async function readStored(directory: string): Promise<StoredStudy> {
  const store = openStore(studyFiles.results(directory), 'read')
  try {
    const study = await store.study()
    if (!study)
      throw new EvenkeelError('study.empty', `the study in ${directory} was stopped before it began`, 'run it again')
    return {
      study,
      trials: await store.trials(),
      phases: await store.phases(),
      failures: await store.failures(),
    }
  } finally {
    store.close()
  }
}

/** Wall time of all completed runs of a study, in seconds. */
export async function studyTimes(directory: string): Promise<{ wallSeconds: number; trainingSeconds: number }> {
  const store = openStore(studyFiles.results(directory), 'read')
  try {
    const timings = await store.timings()
    const total = (kind: string) => timings.filter((t) => t.kind === kind).reduce((sum, t) => sum + t.seconds, 0)
    return { wallSeconds: total('run'), trainingSeconds: total('phase') }
  } finally {
    store.close()
  }
}
