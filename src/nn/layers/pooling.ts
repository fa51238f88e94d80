import { globalAveragePool as averageOfAll, averagePool2d, maxPool2d, pad, slice } from '../../engine/index.ts'
import { type LayerFactory, pure } from './layer.ts'

/** Layers that make images smaller, channel by channel. */

export interface PoolOptions {
  /** @defaultValue the window's side, so that windows do not overlap */
  readonly stride?: number
  /** Rim on each side that no window's result depends on. @defaultValue 0 */
  readonly pad?: number
  /** Whether a window may reach over the far edge, as in Caffe, else a rest there is left out. @defaultValue false */
  readonly ceil?: boolean
}

const geometry = (side: number, { stride = side, pad = 0, ceil = false }: PoolOptions) => ({
  kernel: [side, side] as const,
  stride: [stride, stride] as const,
  pad: [pad, pad] as const,
  ceil,
})

/** The largest number of each square of side `side`: [C, H, W] -> [C, H', W']. */
export function maxPool(side: number, options: PoolOptions = {}): LayerFactory {
  return pure((x) => maxPool2d(x, geometry(side, options)))
}

/** The mean of each square of side `side`: [C, H, W] -> [C, H', W']. */
export function averagePool(side: number, options: PoolOptions = {}): LayerFactory {
  return pure((x) => averagePool2d(x, geometry(side, options)))
}

/** The mean of each channel: [C, H, W] -> [C]. */
export const globalAveragePool: LayerFactory = pure(averageOfAll)

/**
 * Every `stride`-th row and column, and channels of zeros behind the input's up to `channels`: [C, H, W] -> [channels, H', W']. The
 * shortcut without parameters (option A) of He et al. 2016, section 3.3.
 */
export function shrink(channels: number, stride: number): LayerFactory {
  return pure((x) => {
    const strided = slice(x, [0, 0, 0, 0], x.shape, [1, 1, stride, stride])
    return pad(strided, [0, 0, 0, 0], [0, channels - x.shape[1]!, 0, 0])
  })
}
