import { z } from 'zod'
import { EvenkeelError } from '../base/errors.ts'
import type { ModelManifest } from './manifest.ts'

const text = z.string().max(10_000)
const count = z.int().min(0)
const positive = z.int().min(1)
const perClass = <Item extends z.ZodType>(item: Item) => z.array(item).min(2).max(65_536)
const shares = perClass(z.number().gt(0).lte(1))
const estimate = z.strictObject({ mean: z.number(), low: z.number().optional(), high: z.number().optional() })

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  name: text,
  labels: perClass(text),
  input: z.strictObject({
    height: positive.max(4096),
    width: positive.max(4096),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  decoding: z.strictObject({ shorterSide: positive.max(4096) }),
  method: z.strictObject({ key: text, title: text }),
  model: text,
  priors: z.strictObject({
    training: shares,
    deployment: shares,
    chosen: z.enum(['method', 'train', 'balanced', 'given']),
  }),
  calibration: z.strictObject({
    temperature: z.number().gt(0),
    logLoss: z.strictObject({ before: z.number().min(0), after: z.number().min(0) }).optional(),
    reason: text.optional(),
  }),
  cost: perClass(perClass(z.number())).optional(),
  thresholds: perClass(z.number().min(0).max(1).nullable()),
  trained: z.strictObject({
    key: text,
    counts: perClass(count),
    trainedOn: perClass(count),
    calibratedOn: perClass(count),
    data: z.strictObject({
      name: text,
      description: text,
      contentHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
      groups: positive.optional(),
      leftOut: count,
      officialTest: count.optional(),
    }),
    config: z.unknown(),
    versions: z.record(text, text),
  }),
  study: z
    .strictObject({
      name: text,
      configHash: text,
      advice: z.strictObject({
        method: text.optional(),
        headline: text,
        certainty: text,
        followed: z.boolean(),
      }),
      flatters: z.boolean(),
      notes: z.array(text),
      replicates: count,
      classes: z.array(
        z.strictObject({
          label: text,
          testImages: count,
          tested: count,
          recognised: count,
          recall: estimate.optional(),
        }),
      ),
      metrics: z.record(text, estimate),
    })
    .optional(),
}) satisfies z.ZodType<ModelManifest>

/**
 * A manifest from the text of its file, checked as strictly as a config: it comes from elsewhere, and numbers in it decide.
 *
 * @throws EvenkeelError `model.manifest` with the first thing that is wrong; `place` says of which file
 */
export function parseManifest(json: string, place: string): ModelManifest {
  const refuse = (what: string, cause?: unknown): never => {
    const hint = 'fit the model again with evenkeel fit'
    throw new EvenkeelError('model.manifest', `${place} describes no model: ${what}`, hint, { cause })
  }
  let given: unknown
  try {
    given = JSON.parse(json)
  } catch (cause) {
    return refuse('it is not JSON', cause)
  }
  const parsed = schema.safeParse(given)
  if (parsed.success) {
    const fault = inconsistency(parsed.data)
    return fault === undefined ? parsed.data : refuse(fault)
  }
  const { path, message } = parsed.error.issues[0]!
  return refuse(`${path.map(String).join('.') || 'its top level'}: ${message.replace(/^Invalid input: /, '')}`)
}

/** What cannot be of one model, though each part by itself could be. */
function inconsistency({
  labels,
  input,
  decoding,
  priors,
  cost,
  thresholds,
  trained,
}: ModelManifest): string | undefined {
  const classes = labels.length
  const lists = {
    'priors.training': priors.training,
    'priors.deployment': priors.deployment,
    thresholds,
    'trained.counts': trained.counts,
    'trained.trainedOn': trained.trainedOn,
    'trained.calibratedOn': trained.calibratedOn,
    ...(cost && { cost }),
    ...Object.fromEntries((cost ?? []).map((row, i) => [`cost.${i}`, row])),
  }
  const wrong = Object.entries(lists).find(([, list]) => list.length !== classes)
  if (wrong) return `${wrong[0]} has ${wrong[1].length} entries for ${classes} labels`
  const known = new Set<string>()
  for (const label of labels) {
    if (known.has(label)) return `labels has ${JSON.stringify(label)} twice`
    known.add(label)
  }
  for (const name of ['training', 'deployment'] as const) {
    const sum = priors[name].reduce((total, share) => total + share, 0)
    if (Math.abs(sum - 1) > 1e-6) return `priors.${name} sums to ${sum} instead of 1`
  }
  const least = Math.min(input.height, input.width)
  return decoding.shorterSide < least ? `decoding.shorterSide is below the input's side of ${least}` : undefined
}
