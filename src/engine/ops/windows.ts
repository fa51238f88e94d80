import { EvenkeelError } from '../../base/errors.ts'
import type { Emitter } from '../graph/emitter.ts'

/** The geometry of a convolution or pooling as its lowering forms need it. */
export interface Windows {
  readonly kernel: Pair
  readonly stride: Pair
  /** Zeros on each side. */
  readonly pad: Pair
  /** [H, W] */
  readonly input: Pair
  /** [H', W'] */
  readonly output: Pair
}

export type Pair = readonly [vertical: number, horizontal: number]

/** Size of a convolution's result along one axis. */
export function resultLength(length: number, kernel: number, stride: number, pad: number): number {
  return Math.floor((length + 2 * pad - kernel) / stride) + 1
}

/** Refuses windows that no array has: kernel and stride are whole numbers from 1, pad from 0. */
export function checkWindows(op: string, { stride, pad, kernel = [1, 1] }: { stride: Pair; pad: Pair; kernel?: Pair }) {
  const least = { kernel: 1, stride: 1, pad: 0 } as const
  for (const [name, pair] of Object.entries({ kernel, stride, pad }) as [keyof typeof least, Pair][]) {
    const wrong = pair.find((n) => !Number.isInteger(n) || n < least[name])
    if (wrong === undefined) continue
    throw new EvenkeelError('engine.shape', `${op}'s ${name} must be whole numbers >= ${least[name]}, got ${wrong}`)
  }
}

/**
 * Deals dy out to the places of windows: one after another takes what is left where it holds the maximum and leaves the rest to those after
 * it, so that the first maximum gets it all. The last needs no comparison.
 */
export function dealToFirstMaximum(
  emit: Emitter,
  places: readonly string[],
  largest: string,
  dy: string,
): readonly string[] {
  let rest = dy
  return places.map((place, i) => {
    if (i === places.length - 1) return rest
    const isMaximum = emit.node('Cast', [emit.node('GreaterOrEqual', [place, largest])], { to: 1 /* FLOAT */ })
    const part = emit.node('Mul', [rest, isMaximum])
    rest = emit.node('Sub', [rest, part])
    return part
  })
}
