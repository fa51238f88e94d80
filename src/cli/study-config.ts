import { readFile } from 'node:fs/promises'
import { EvenkeelError } from '../base/errors.ts'
import type { Profile } from '../data/index.ts'
import type { StudyConfig, StudyInput } from '../study/config.ts'
import type { StudyFlags } from './study-options.ts'

/** The study that flags and a config file ask for: a flag wins over the file, the file over the defaults. */
export async function readStudyConfig(flags: StudyFlags): Promise<StudyConfig> {
  const { paperMethods, resolveConfig } = await import('../study/config.ts')
  const standard = resolveConfig({})
  const file = flags.config === undefined ? {} : await readConfigFile(flags.config)
  const base = resolveConfig(file, flags.config)
  // A name that was made from the file's data does not fit other data, nor a model's own initialiser another model.
  const { name, initialiser } = file as StudyInput
  const changed = changes(base, standard, flags, paperMethods)
  return resolveConfig({ ...base, ...changed, name: flags.name ?? name, initialiser }, 'options')
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

/** What the flags change of a config; `paper` are the methods that this word stands for. */
function changes(
  base: StudyConfig,
  standard: StudyConfig,
  flags: StudyFlags,
  paper: readonly string[],
): Partial<Omit<StudyConfig, 'training'>> & { readonly training: object } {
  const { data, methods, minority, model, replicates, device, seed } = flags
  return {
    ...given({
      datasets: data,
      split: splitOf(base, flags),
      profiles: profilesOf(base, standard, flags),
      methods: methods?.flatMap((method) => (method === 'paper' ? paper : [method])),
      minority,
      model,
      replicates,
      device,
      seed,
    }),
    training: trainingOf(base, flags),
  }
}

function trainingOf({ training }: StudyConfig, flags: StudyFlags): object {
  const { iterations, batch, accumulate, clipNorm, augment, learningRate, optimiser, weightDecay } = flags
  // What one optimiser is told means nothing to another, its learning rate neither.
  const isOther = optimiser !== undefined && optimiser !== training.optimiser.kind
  const known = isOther ? { kind: optimiser } : training.optimiser
  const rate = isOther ? undefined : training.schedule.base
  return {
    ...training,
    ...given({ iterations, batch, accumulate, augmentation: augment }),
    clipNorm: clipNorm === 'none' ? undefined : (clipNorm ?? training.clipNorm),
    schedule: { ...training.schedule, base: learningRate ?? rate },
    optimiser: { ...known, ...given({ weightDecay }) },
  }
}

/** The values that are there. */
function given<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> }
}

/** Every profile that the flags name, if they name any. */
function profilesOf(base: StudyConfig, standard: StudyConfig, flags: StudyFlags): Profile[] | undefined {
  const { rho, mu, linear = [], counts, balanced, natural } = flags
  const profiles: Profile[] = []
  if (rho || mu) profiles.push(...stepGrid(stepsOf(base) ?? stepsOf(standard)!, rho, mu))
  for (const ratio of linear) profiles.push({ kind: 'linear', rho: ratio })
  if (counts) profiles.push({ kind: 'counts', counts })
  if (balanced) profiles.push({ kind: 'balanced' })
  if (natural) profiles.push({ kind: 'natural' })
  return profiles.length > 0 ? profiles : undefined
}

type Step = Extract<Profile, { kind: 'step' }>

function stepsOf({ profiles }: StudyConfig): Step[] | undefined {
  const steps = profiles.filter((profile) => profile.kind === 'step')
  return steps.length > 0 ? steps : undefined
}

/** Every ratio with every fraction; what one flag leaves open is as in the known profiles. */
function stepGrid(
  known: readonly Step[],
  rho: readonly number[] | undefined,
  mu: readonly number[] | undefined,
): Step[] {
  const ratios = rho ?? [...new Set(known.map((step) => step.rho))]
  const fractions = mu ?? [...new Set(known.map((step) => step.mu))]
  return ratios.flatMap((ratio) => fractions.map((fraction) => ({ kind: 'step', rho: ratio, mu: fraction }) as const))
}

function splitOf({ split }: StudyConfig, { test, selection, pool }: StudyFlags): StudyConfig['split'] {
  return { ...split, ...given({ test, selection, poolPerClass: pool }) }
}
