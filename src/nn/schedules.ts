/** The learning rate as a function of the iteration, as data: it is part of a study's config and of a phase's key. */
export type Schedule = {
  /** Rate before any decay. */
  readonly base: number
  /** Iterations over which the rate rises linearly from base / warmUp to base (Goyal et al. 2017). @defaultValue 0 */
  readonly warmUp?: number
} & (
  | { readonly kind: 'constant' }
  /** base * factor^floor(t / every): Caffe's `step`. */
  | { readonly kind: 'step'; readonly every: number; readonly factor: number }
  /** base * factor^(milestones passed): Caffe's `multistep`. */
  | { readonly kind: 'multi-step'; readonly milestones: readonly number[]; readonly factor: number }
  /** base * (1 + gamma * t)^-power: Caffe's `inv`; the paper's for MNIST has gamma 1e-4, power 0.75. */
  | { readonly kind: 'inv'; readonly gamma: number; readonly power: number }
  /** base * (1 - t / iterations)^power: Caffe's `poly`; the paper's for ImageNet has power 1. */
  | { readonly kind: 'polynomial'; readonly power: number }
  /** base * (1 + cos(pi * t / iterations)) / 2 (Loshchilov and Hutter 2017, without restarts). */
  | { readonly kind: 'cosine' }
)

/** The rate at `iteration`, counted from 0, of a phase of `iterations`. */
export function learningRateAt(schedule: Schedule, iteration: number, iterations: number): number {
  const warmUp = schedule.warmUp ?? 0
  const rise = iteration < warmUp ? (iteration + 1) / warmUp : 1
  return schedule.base * rise * decay(schedule, iteration, iterations)
}

function decay(schedule: Schedule, t: number, iterations: number): number {
  switch (schedule.kind) {
    case 'constant':
      return 1
    case 'step':
      return schedule.factor ** Math.floor(t / schedule.every)
    case 'multi-step':
      return schedule.factor ** schedule.milestones.filter((milestone) => t >= milestone).length
    case 'inv':
      return (1 + schedule.gamma * t) ** -schedule.power
    case 'polynomial':
      return (1 - t / iterations) ** schedule.power
    case 'cosine':
      return (1 + Math.cos((Math.PI * t) / iterations)) / 2
  }
}
