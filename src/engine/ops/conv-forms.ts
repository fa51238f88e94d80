import type { Emitter } from '../graph/emitter.ts'
import type { Shape } from '../graph/shape.ts'
import type { Form } from '../graph/target.ts'
import * as batchLast from './batch-last.ts'
import * as blocked from './blocked.ts'
import type { Windows } from './windows.ts'

/**
 * Which form each part of a convolution takes, by its shapes alone, so that equal seeds give equal bits: a measurement at run
 * time would not. The rule is what bench/README.md's tables say of one thread: channels in blocks win wherever they fit,
 * by a quarter or more; other narrow layers (LeNet-5's 20 and 50 channels) are fastest with the batch innermost; and the rest is
 * left to the runtime's own operators, as everything is on a device that is not the CPU.
 */

/** x [N, C, H, W] -> [N, O, H', W']. */
export function forwardForm(emit: Emitter, x: Shape, filters: number): Form {
  return choose(emit, blocked.fitsConvolution(emit, x[1]!, filters), true, isNarrow(x, filters))
}

/** dy [N, O, H', W'] -> dx [N, C, H, W]. */
export function inputGradientForm(emit: Emitter, x: Shape, filters: number, windows: Windows): Form {
  const turns = batchLast.turnsFilters(windows)
  return choose(emit, blocked.fitsInputGradient(emit, x[1]!, filters, windows), turns, isNarrow(x, filters))
}

/** x [N, C, H, W], dy [N, O, H', W'] -> the weights' gradient. */
export function weightGradientForm(emit: Emitter, x: Shape, filters: number): Form {
  return choose(emit, blocked.fitsWeightGradient(emit, x[0]!, filters), true, isNarrow(x, filters))
}

function isNarrow([batch, channels]: Shape, filters: number): boolean {
  return batch! >= 16 && Math.min(channels!, filters) < 64
}

function choose(emit: Emitter, fitsBlocks: boolean, fitsBatchLast: boolean, isNarrow: boolean): Form {
  const { device, form } = emit.target
  let best: Form = 'plain'
  if (device === 'cpu' && form !== 'plain') {
    if (fitsBlocks && form !== 'batch-last') best = 'blocked'
    else if (fitsBatchLast && (isNarrow || form === 'batch-last')) best = 'batch-last'
  }
  emit.takes(best)
  return best
}
