import { join } from 'node:path'
import type { Dataset, OpenOptions } from '../data/index.ts'
import type { StudyConfig } from '../study/config.ts'
import type { Candidate } from '../study/own-images/candidates.ts'
import type { Timed, Work } from '../study/own-images/cost.ts'
import type { ImageFacts } from '../study/own-images/facts.ts'
import type { BackboneTimes } from '../study/own-images/on-backbone.ts'
import type { Backbone } from '../train/index.ts'
import { withFlags } from './study-config.ts'
import { type StudyFlags, studyOptions } from './study-options.ts'

/** What a study of one's own images may take where nobody says how much of it there is to be. */
const USUAL_MINUTES = 20

/** How long each size is measured, in seconds. */
const PATIENCE = 0.5

export interface OwnOptions extends OpenOptions {
  /** How many images have each role. @defaultValue those of the study's split */
  readonly imagesIn?: ((config: StudyConfig, dataset: Dataset) => Promise<Work['images']>) | undefined
  /** The study's folder. @defaultValue the one of the images' name among the studies */
  readonly directory?: string | undefined
  readonly workers?: number | undefined
}

export interface OwnStudy {
  readonly config: StudyConfig
  readonly directory: string
  /** Whether it was chosen just now. */
  readonly isNew: boolean
}

/**
 * The study of a person's own images: as an earlier run of the same request chose it, or chosen now, which looks at the images and
 * measures steps. Flags win over every choice.
 *
 * @param reference of the images, as `resolveReference` gives it
 * @throws EvenkeelError `study.conflict`, `study.minutes`, and those of opening and splitting the images
 */
export async function ownStudy(reference: string, flags: StudyFlags, options: OwnOptions = {}): Promise<OwnStudy> {
  const { nameOf } = await import('../study/own-images/reference.ts')
  const { storedChoice } = await import('../study/own-images/request.ts')
  const { STUDIES } = await import('./study-folder.ts')
  const directory = options.directory ?? join(STUDIES, flags.name ?? nameOf(reference))
  const { request } = await requestIn(reference, flags)
  const stored = await storedChoice(directory, request)
  if (stored) return { config: stored, directory, isNew: false }
  return { config: await chosenStudy(reference, flags, options), directory, isNew: true }
}

/** What a command line asks for, and the minutes that it gives. */
async function requestIn(
  reference: string,
  flags: StudyFlags,
): Promise<{ request: string; minutes: number | undefined }> {
  const { requestOf } = await import('../study/own-images/request.ts')
  const { iterations, replicates, backbone } = flags
  // Linear probes on a backbone take no time that had to be limited.
  const isOpen = iterations === undefined && replicates === undefined && backbone === undefined
  const { minutes = isOpen ? USUAL_MINUTES : undefined } = flags
  const said = Object.keys(studyOptions).map((name) => [name, flags[name as keyof StudyFlags]] as const)
  return { request: requestOf({ ...Object.fromEntries(said), images: reference, minutes }), minutes }
}

/** The same chosen now, whatever an earlier run chose. */
export async function chosenStudy(
  reference: string,
  flags: StudyFlags,
  options: Omit<OwnOptions, 'directory'> = {},
): Promise<StudyConfig> {
  const { openDataset } = await import('../data/index.ts')
  const { candidatesFor, FIRST_SIZE } = await import('../study/own-images/candidates.ts')
  const { chooseStudy, ownSplit } = await import('../study/own-images/choose.ts')
  const { trainingsIn } = await import('../study/own-images/cost.ts')
  const { factsOf } = await import('../study/own-images/facts.ts')
  const { chooseOnBackbone, firstSizeOn, probeOn } = await import('../study/own-images/on-backbone.ts')
  const { leavesSizeOpen, withSize } = await import('../study/own-images/reference.ts')
  const { isContender } = await import('../study/own-images/scope.ts')
  const { profilesOf, runsOf } = await import('../study/plan.ts')
  const { checkDevice } = await import('../study/setup.ts')
  const { usualWorkers } = await import('../study/totals.ts')
  const { checkBackboneImages } = await import('../train/index.ts')
  const { request, minutes } = await requestIn(reference, flags)
  // Mistakes in flags are said before any image is decoded.
  const { backbone } = await withFlags({}, flags)
  const since = performance.now()
  const sizeIsOpen = leavesSizeOpen(reference)
  const firstSize = backbone ? firstSizeOn(backbone) : FIRST_SIZE
  const dataset = await openDataset(sizeIsOpen ? withSize(reference, firstSize) : reference, options)
  const opening = (performance.now() - since) / 1000
  if (backbone) checkBackboneImages(backbone, dataset)
  const facts = await factsOf(reference, dataset)
  // What the flags say of roles, methods and device.
  const { backbone: _, ...others } = flags
  const asked = await withFlags({ split: ownSplit(facts), profiles: [{ kind: 'natural' }], backbone }, others)
  await checkDevice(asked.device)
  const { imagesIn = imagesByRole } = options
  const images = await imagesIn(asked, dataset)
  const { trainings, heads } = trainingsIn(asked.methods)
  // Flags may ask for several imbalances, and for several runs of each.
  const sets = profilesOf(asked).length * runsOf(asked).length
  const work: Work = {
    trainings: sets * trainings,
    heads: sets * heads,
    images,
    workers: options.workers ?? usualWorkers(asked.device),
    // Twice, where images of another size are decoded anew.
    before: sizeIsOpen && !backbone?.sides ? 2 * opening : opening,
  }
  const { replicates, iterations, model, batch } = flags
  const wishes = { methods: asked.methods, minutes, replicates, iterations }
  const chosen = async () => {
    if (backbone) {
      const measured = await measureProbe(probeOn(backbone, facts, images.train, { batch }), backbone, asked, facts)
      return chooseOnBackbone(backbone, facts, measured, work, wishes)
    }
    const candidates = candidatesFor(facts, images.train, { model, batch })
    const timed = await measure(candidates, facts, asked, (one) => isContender(one, work, wishes))
    return chooseStudy(facts, timed, work, wishes)
  }
  const { input, choices } = await chosen()
  const sentences = choices
    .filter((choice) => choice.flags.every((name) => flags[name as keyof StudyFlags] === undefined))
    .map(({ sentence }) => sentence)
  return withFlags(
    { ...input, own: { ...(minutes !== undefined && { minutes }), request, choices: sentences } },
    others,
    reference,
  )
}

async function imagesByRole(config: StudyConfig, dataset: Dataset): Promise<Work['images']> {
  const { split } = await import('../data/index.ts')
  const { splitFor } = await import('../study/split-for.ts')
  const roles = split(dataset, splitFor(config, dataset), [config.seed, 'split', dataset.name, 0])
  const { train, selection, test } = roles
  return { train: train.indices.length, selection: selection.indices.length, test: test.indices.length }
}

/** Measures sizes from the smallest on, until a larger one could not be chosen. */
async function measure(
  candidates: readonly Candidate[],
  { classNames }: ImageFacts,
  { training, initialiser, preprocessing, device }: StudyConfig,
  isContender: (timed: Timed) => boolean,
): Promise<Timed[]> {
  const { modelById } = await import('../nn/index.ts')
  const { extrapolated } = await import('../study/own-images/cost.ts')
  const { measureOnNoise } = await import('./step-time.ts')
  const timed: Timed[] = []
  for (const candidate of candidates) {
    const { model, shape: input, batch } = candidate
    const last = timed.at(-1)
    if (last && !isContender(extrapolated(candidate, last))) break
    const network = modelById(model).build({ input, classes: classNames.length, maxPixel: 255, preprocessing })
    const step = { network, training: { ...training, batch }, initialiser, device }
    timed.push({ candidate, stepSeconds: await measureOnNoise(step, PATIENCE) })
  }
  return timed
}

/** Measures what a linear probe takes, and the looks through its backbone. */
async function measureProbe(
  candidate: Candidate,
  backbone: Backbone,
  { training, initialiser, device }: StudyConfig,
  { classNames }: ImageFacts,
): Promise<{ candidate: Candidate; times: BackboneTimes }> {
  const { linearProbe } = await import('../nn/index.ts')
  const { measureLook, measureOnNoise } = await import('./step-time.ts')
  const network = linearProbe({ featureCount: backbone.featureCount, classes: classNames.length })
  const step = { network, training: { ...training, batch: candidate.batch }, initialiser, device }
  const look = await measureLook(backbone, candidate.shape)
  return { candidate, times: { look, step: await measureOnNoise(step, PATIENCE) } }
}
