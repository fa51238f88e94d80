import { readFile } from 'node:fs/promises'
import { EvenkeelError } from '../base/errors.ts'
import type { StudyConfig, StudyInput } from '../study/config.ts'
import type { StudyFlags } from './study-options.ts'

type ProfileInput = NonNullable<StudyInput['profiles']>[number]

/** The baseline and the seven methods of Buda, Maki and Mazurowski 2018, by one word: 'paper'. */
export const paperMethods = [
  'baseline',
  'oversampling',
  'undersampling',
  'two-phase-oversampling',
  'two-phase-undersampling',
  'thresholding',
  'oversampling-thresholding',
  'undersampling-thresholding',
] as const

/** The study that flags and a config file ask for: a flag wins over the file, the file over the defaults. */
export async function readStudyConfig(flags: StudyFlags): Promise<StudyConfig> {
  const { resolveConfig, studySchema } = await import('../study/config.ts')
  const file = flags.config === undefined ? {} : await readConfigFile(flags.config)
  // By itself first, so that an error names the file.
  resolveConfig(file, flags.config)
  const fileInput = file as StudyInput
  const standard = studySchema.parse({}).profiles
  return resolveConfig(merge(fileInput, flags, [...(fileInput.profiles ?? []), ...standard]), 'options')
}

async function readConfigFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'there is no such file' : cause.message
    throw new EvenkeelError('cli.config', `cannot read the config ${path}: ${why}`, 'check the path', { cause })
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new EvenkeelError('cli.config', `${path} is not JSON: ${(cause as Error).message}`, undefined, { cause })
  }
}

function merge(file: StudyInput, flags: StudyFlags, knownProfiles: readonly ProfileInput[]): StudyInput {
  const { name, data, minority, methods, model, replicates, iterations, batch, learningRate, seed } = flags
  const split = splitOf(file, flags)
  const profiles = profilesOf(flags, knownProfiles)
  return {
    ...file,
    ...(name !== undefined && { name }),
    ...(data && { datasets: [...data] }),
    ...(split && { split }),
    ...(profiles.length > 0 && { profiles }),
    ...(minority && { minority: typeof minority === 'string' ? minority : [...minority] }),
    ...(methods && { methods: methods.flatMap((method) => (method === 'paper' ? paperMethods : [method])) }),
    ...(model !== undefined && { model }),
    ...(replicates !== undefined && { replicates }),
    ...(seed !== undefined && { seed }),
    training: {
      ...file.training,
      ...(iterations !== undefined && { iterations }),
      ...(batch !== undefined && { batch }),
      ...(learningRate !== undefined && { learningRate }),
    },
  }
}

/** Every profile that the flags name. What one of --rho and --mu leaves open is as in the first step profile known. */
function profilesOf(flags: StudyFlags, known: readonly ProfileInput[]): ProfileInput[] {
  const { rho, mu, linear, counts, balanced, natural } = flags
  const step = known.find((profile) => profile.kind === 'step')!
  const profiles: ProfileInput[] = []
  if (rho || mu) profiles.push({ kind: 'step', rho: rho ? [...rho] : step.rho, mu: mu ? [...mu] : step.mu })
  if (linear) profiles.push({ kind: 'linear', rho: [...linear] })
  if (counts) profiles.push({ kind: 'counts', counts: [...counts] })
  if (balanced) profiles.push({ kind: 'balanced' })
  if (natural) profiles.push({ kind: 'natural' })
  return profiles
}

function splitOf(file: StudyInput, { test, selection, pool }: StudyFlags): StudyInput['split'] {
  if (test === undefined && selection === undefined && pool === undefined) return undefined
  const tested = test ?? file.split?.test
  if (tested === undefined) {
    throw new EvenkeelError(
      'cli.usage',
      `--${selection === undefined ? 'pool' : 'selection'} needs --test, because what is left depends on it`,
      'add --test official, or a fraction such as --test 0.3',
    )
  }
  return {
    ...file.split,
    test: tested,
    ...(selection && { selection }),
    ...(pool !== undefined && { poolPerClass: pool }),
  }
}
