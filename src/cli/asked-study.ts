import { join } from 'node:path'
import { didYouMean, EvenkeelError } from '../base/errors.ts'
import type { StudyConfig } from '../study/config.ts'
import { type OwnOptions, ownStudy } from './own-images.ts'
import { readStudyConfig } from './study-config.ts'
import type { StudyFlags } from './study-options.ts'

export interface AskedStudy {
  readonly config: StudyConfig
  readonly directory: string
  /** What was chosen just now, a sentence each; none where nothing was, or by an earlier run. */
  readonly choices: readonly string[]
}

/**
 * The study that a command line asks for: of an experiment by name, of a person's own images, or of what the flags say.
 *
 * @param what an experiment's name, a path or a reference
 * @throws EvenkeelError `cli.config` where `what` is neither, or something else names images or a study, too; those of
 *   `readStudyConfig` and `ownStudy`
 */
export async function askedStudy(
  what: string | undefined,
  flags: StudyFlags,
  options: OwnOptions = {},
): Promise<AskedStudy> {
  const { presets } = await import('../study/presets/registry.ts')
  const { STUDIES } = await import('./study-folder.ts')
  if (what === undefined || presets.some(({ id }) => id === what)) {
    const config = await readStudyConfig(flags, what)
    return { config, directory: options.directory ?? join(STUDIES, config.name), choices: [] }
  }
  const reference = await imagesNamed(
    what,
    presets.map(({ id }) => id),
  )
  checkAlone(what, flags)
  const { config, directory, isNew } = await ownStudy(reference, flags, options)
  return { config, directory, choices: isNew ? config.own!.choices : [] }
}

async function imagesNamed(what: string, experiments: readonly string[]): Promise<string> {
  const { resolveReference } = await import('../data/index.ts')
  try {
    return await resolveReference(what)
  } catch (cause) {
    if (!(cause instanceof EvenkeelError)) throw cause
    const hint = `${cause.hint ?? 'name a folder of images'}; of the experiments: ${didYouMean(what, experiments)}`
    throw new EvenkeelError('cli.config', `there is no experiment '${what}', nor images: ${cause.message}`, hint, {
      cause,
    })
  }
}

/** Images that are named beside the command leave no room for others, nor for a whole study. */
function checkAlone(what: string, { config, data, scale }: StudyFlags): void {
  const [other] = [
    ...(data ? [`--data ${data.join(' ')}`] : []),
    ...(config === undefined ? [] : [`--config ${config}`]),
    ...(scale === undefined ? [] : [`--scale ${scale}`]),
  ]
  if (other === undefined) return
  throw new EvenkeelError(
    'cli.config',
    `${what} names images to choose a study for, which ${other} does not go with`,
    'leave one out',
  )
}
