import { EvenkeelError } from '../base/errors.ts'
import type { Labels, Scores } from '../metrics/index.ts'
import { logShift } from './priors.ts'

/**
 * Temperature scaling: one number T > 0 by which all logits are divided, so that probabilities are as high as decisions are often right.
 *
 *   T = argmin mean_n -log softmax(z_n / T + a)_{y_n}
 *
 * over images that trained nothing. Here a_c = log(n_c / s_c) moves the network from the shares s of the stream that it was trained on
 * to the natural shares n, which the images for calibration have (`logShift`); what a model supposes in use is applied afterwards. In
 * 1 / T the mean is convex, so its slope has one root, which bisection finds.
 *
 * Source: Guo, Pleiss, Sun and Weinberger, ICML 2017, section 4.2; there a = 0.
 */

/** Where T is sought. */
const RANGE = [0.05, 20] as const
/** Halvings of the range of log T: its width ends below 1e-11. */
const STEPS = 40
/** Images below which T would follow chance. */
const LEAST_IMAGES = 50
/** Wrong decisions below which nothing says how sure a wrong decision is; without any, T would fall without end. */
const LEAST_MISTAKES = 5

export interface Temperature {
  readonly temperature: number
  /** Mean log loss of the images in nats, at the shares that they have, with T = 1 and with the fitted one; undefined without images. */
  readonly logLoss: { readonly before: number; readonly after: number } | undefined
  /** Why T stayed 1, where it was not fitted. */
  readonly reason: string | undefined
}

/** Shares [C] that three things suppose: the network's own logits, the images for calibration, and the model in use. */
export interface SupposedPriors {
  readonly network: readonly number[]
  readonly natural: readonly number[]
  readonly deployment: readonly number[]
}

export interface Calibration extends Temperature {
  /** [C] added to logits / temperature. */
  readonly logShift: readonly number[]
}

/**
 * What makes a network's logits [N, C] the probabilities softmax(logits / temperature + logShift) that a model gives in use. The
 * temperature is fitted at the natural shares; log(d / s) = log(n / s) + log(d / n), so one shift goes all the way.
 */
export function calibrate(
  logits: Scores,
  labels: Labels,
  { network, natural, deployment }: SupposedPriors,
): Calibration {
  return {
    ...fitTemperature(logits, labels, logShift(network, natural)),
    logShift: logShift(network, deployment),
  }
}

/**
 * The temperature of logits [N, C] with labels [N], in [0.05, 20]: never a worse log loss on them than with T = 1, which it stays
 * where there are fewer than 50 images or fewer than 5 of them are decided wrongly.
 *
 * @param shift [C], added to logits / T
 */
export function fitTemperature(logits: Scores, labels: Labels, shift: readonly number[]): Temperature {
  const { values, classes } = logits
  if (values.length !== labels.length * classes || shift.length !== classes) {
    const sizes = `${values.length} logits, ${labels.length} labels and ${shift.length} shifts`
    throw new EvenkeelError('model.calibration', `logits [N, C], labels [N] and shifts [C] do not fit: ${sizes}`)
  }
  if (labels.length === 0) return { temperature: 1, logLoss: undefined, reason: 'there were no images for it' }
  const unscaled = lossAt(1, logits, labels, shift)
  const reason = whyNot(labels.length, unscaled.mistakes)
  const fitted = reason === undefined ? bisect((t) => lossAt(t, logits, labels, shift).slope) : 1
  const after = lossAt(fitted, logits, labels, shift).loss
  const isBetter = after < unscaled.loss
  return {
    temperature: isBetter ? fitted : 1,
    logLoss: { before: unscaled.loss, after: isBetter ? after : unscaled.loss },
    reason,
  }
}

function whyNot(images: number, mistakes: number): string | undefined {
  if (images < LEAST_IMAGES) return `${images} images are too few for it, ${LEAST_IMAGES} are needed`
  if (mistakes >= LEAST_MISTAKES) return undefined
  return `${mistakes} of ${images} images are decided wrongly, and ${LEAST_MISTAKES} are needed`
}

/** The T at which the slope, which rises with 1 / T, is 0; an end of the range where it is 0 nowhere inside. */
function bisect(slopeAt: (temperature: number) => number): number {
  let [low, high] = RANGE.map(Math.log) as [number, number]
  if (slopeAt(RANGE[0]) <= 0) return RANGE[0]
  if (slopeAt(RANGE[1]) >= 0) return RANGE[1]
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2
    if (slopeAt(Math.exp(middle)) > 0) low = middle
    else high = middle
  }
  return Math.exp((low + high) / 2)
}

/** Mean log loss at T, its derivative by 1 / T, and how many rows have their maximum elsewhere than at the label. */
function lossAt(temperature: number, { values, classes }: Scores, labels: Labels, shift: readonly number[]) {
  let [loss, slope, mistakes] = [0, 0, 0]
  for (let n = 0; n < labels.length; n++) {
    const logit = (c: number) => values[n * classes + c]!
    const scaled = (c: number) => logit(c) / temperature + shift[c]!
    let largest = Number.NEGATIVE_INFINITY
    for (let c = 0; c < classes; c++) largest = Math.max(largest, scaled(c))
    let [total, weighted] = [0, 0]
    for (let c = 0; c < classes; c++) {
      const weight = Math.exp(scaled(c) - largest)
      total += weight
      weighted += weight * logit(c)
    }
    const label = labels[n]!
    loss += Math.log(total) + largest - scaled(label)
    slope += weighted / total - logit(label)
    if (scaled(label) < largest) mistakes++
  }
  return { loss: loss / labels.length, slope: slope / labels.length, mistakes }
}
